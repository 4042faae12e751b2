import {type GatewayAddress, listenerOf, proveGateway} from '../live/gateway-proof.ts'

/** The process that has the gateway's port. */
export type Holder = {pid: number; command: string}

/** Of a program that has not the form of a gateway nothing is concluded: neither its variables nor its start are the gateway's. */
export const portHolder = async (address: GatewayAddress): Promise<Holder | null> => {
  const listener = await listenerOf(address)
  if (listener?.pid == null) return null
  const {verdict} = await proveGateway(address)
  return verdict.is === 'gateway' || verdict.is === 'not-ready' ? {pid: listener.pid, command: listener.program ?? ''} : null
}
