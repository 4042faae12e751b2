import path from 'node:path'
import type {Surroundings} from './paths.ts'

/** That a gateway speaks TLS, and the file with its certificate, where that lies on this machine. */
export type Tls = {certFile: string | null}

/** The certificate that `gateway.tls` names, or the one OpenClaw makes itself. */
export const certFileOf = (certPath: string | null, stateDir: string, {home}: Pick<Surroundings, 'home'>): string => {
  if (certPath === null) return path.join(stateDir, 'gateway', 'tls', 'gateway-cert.pem')
  return certPath.startsWith('~/') ? path.join(home, certPath.slice(2)) : path.resolve(certPath)
}
