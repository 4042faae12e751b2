import path from 'node:path'
import type {HostEnv} from './paths.ts'

/** That a gateway speaks TLS, and the file with its certificate, where that lies on this machine; or the SHA-256 that it must have. */
export type Tls = {certFile: string | null; fingerprint?: string | null}

/** Written with colons or without, with or without the name of its kind. */
export const isFingerprint = (expected: string, found: string | undefined): boolean => {
  const digits = (text: string): string =>
    text
      .replace(/^sha-?256:/i, '')
      .replace(/[^0-9a-f]/gi, '')
      .toLowerCase()
  return digits(expected).length === 64 && digits(expected) === digits(found ?? '')
}

/** The certificate that `gateway.tls` names, or the one OpenClaw makes itself. */
export const certFileOf = (certPath: string | null, stateDir: string, {home}: Pick<HostEnv, 'home'>): string => {
  if (certPath === null) return path.join(stateDir, 'gateway', 'tls', 'gateway-cert.pem')
  return certPath.startsWith('~/') ? path.join(home, certPath.slice(2)) : path.resolve(certPath)
}
