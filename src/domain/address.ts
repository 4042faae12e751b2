/** Whether an address is of this host itself. Names that only begin like one are of anybody: `127.0.0.1.example.net`. */
export const isLoopback = (address: string | null): boolean =>
  address !== null && /^(?:localhost|::1|(?:::ffff:)?127\.\d+\.\d+\.\d+)$/.test(address)

/** A host as it stands in an address: without the brackets of IPv6. */
export const bareHost = (host: string): string => host.replace(/^\[|\]$/g, '')
