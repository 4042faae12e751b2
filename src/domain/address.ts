/** Whether an address is of this host itself. Names that only begin like one are of anybody: `127.0.0.1.example.net`. */
export const isLoopback = (address: string | null): boolean =>
  address !== null && /^(?:localhost|::1|(?:::ffff:)?127\.\d+\.\d+\.\d+)$/.test(address)

/** A host as it stands in an address: without the brackets of IPv6. */
export const bareHost = (host: string): string => host.replace(/^\[|\]$/g, '')

const ipv4 = /^\d{1,3}(?:\.\d{1,3}){3}$/

const groupsOfIpv4 = (text: string): number[] | null => {
  const bytes = text.split('.').map(Number)
  const [a = 0, b = 0, c = 0, d = 0] = bytes
  return ipv4.test(text) && bytes.every(byte => byte < 256) ? [a * 256 + b, c * 256 + d] : null
}

const groupsIn = (text: string): number[] | null => {
  if (text === '') return []
  const groups: number[] = []
  for (const part of text.split(':')) {
    const found = part.includes('.') ? groupsOfIpv4(part) : /^[0-9a-f]{1,4}$/i.test(part) ? [Number.parseInt(part, 16)] : null
    if (found === null) return null
    groups.push(...found)
  }
  return groups
}

const max = 45
const mapped = [0, 0, 0, 0, 0, 0xffff] as const

/** The eight groups of an address, an IPv4 one as IPv6 writes it; null where the text is no address. */
export const parseAddress = (text: string): readonly number[] | null => {
  if (text.length > max) return null
  if (!text.includes(':')) {
    const found = groupsOfIpv4(text)
    return found && [...mapped, ...found]
  }
  const [head = '', tail, ...more] = text.replace(/%.*$/, '').split('::')
  const [before, behind] = [groupsIn(head), tail === undefined ? [] : groupsIn(tail)]
  if (before === null || behind === null || more.length > 0) return null
  const missing = 8 - before.length - behind.length
  if (tail === undefined ? missing !== 0 : missing < 1) return null
  return [...before, ...Array.from({length: missing}, () => 0), ...behind]
}

const isIpv4 = (groups: readonly number[]): boolean => mapped.every((group, i) => groups[i] === group)

/** What one sender has to itself: an IPv4 address, or the /64 of an IPv6 one, in which it can choose any other. */
export const networkOf = (address: string | null): string => {
  const groups = address?.includes(':') ? parseAddress(address) : null
  return groups === null || isIpv4(groups) ? (address ?? '') : groups.slice(0, 4).join(':')
}

const bytesOf = (group: number): [number, number] => [group >> 8, group & 255]

/** The neighbours of an address: the /24 of an IPv4 one, the /64 of an IPv6 one. */
export const subnetOf = (address: string | null): string => {
  if (isLoopback(address)) return 'this host'
  const groups = address === null ? null : parseAddress(address)
  if (groups === null) return address ?? 'unknown'
  if (!isIpv4(groups))
    return `${groups
      .slice(0, 4)
      .map(group => group.toString(16))
      .join(':')}::/64`
  const [a, b] = bytesOf(groups[6] ?? 0)
  const [c] = bytesOf(groups[7] ?? 0)
  return `${a}.${b}.${c}.0/24`
}

const agreeUpTo = (a: readonly number[], b: readonly number[], bits: number): boolean =>
  a.every((group, i) => {
    const shift = 16 - Math.max(0, Math.min(16, bits - i * 16))
    return group >> shift === (b[i] ?? 0) >> shift
  })

/** Whether an address is this one, or in this range (CIDR). */
export const isInRange = (address: string, range: string): boolean => {
  const [base = '', length, ...more] = range.trim().split('/')
  const [a, b] = [parseAddress(address), parseAddress(base)]
  if (a === null || b === null || more.length > 0) return false
  if (length === undefined) return agreeUpTo(a, b, 128)
  const max = isIpv4(b) ? 32 : 128
  return /^\d{1,3}$/.test(length) && Number(length) <= max && agreeUpTo(a, b, 128 - max + Number(length))
}
