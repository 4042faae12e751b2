import type {Secret} from '../../domain/secret.ts'
import {connectFrame, reloadSecretsFrame} from '../../gateway/frames/hello.ts'
import {type GatewayAddress, proveGateway} from './gateway-proof.ts'
import {type CallEvent, openCall} from './observer-call.ts'

type Reloaded = {ok: true} | {ok: false; because: string}

const timeoutMs = 20_000

/** The gateway ends the connections of those who came with the secret that it takes no more: ours too, perhaps before it answers. */
const authChanged = 4001

const urlOf = ({host, port, tls}: GatewayAddress): string =>
  `${tls ? 'wss' : 'ws'}://${host.includes(':') ? `[${host}]` : host}:${port}`

const endWords = (event: CallEvent): string | null => {
  if (event.kind === 'turned-down') return `it turned the connection down (HTTP ${event.status})`
  if (event.kind === 'failed') return `it cannot be reached: ${event.code}`
  return event.kind === 'closed' ? `it ended the connection (${event.code} ${event.text})`.trim() : null
}

/**
 * Has the gateway look up its secrets again, over one connection with the secret that it takes now. OpenClaw's own command for this
 * sends the new one, which is refused until that has happened, and takes another on its command line only.
 */
export const reloadSecrets = async (secret: Secret, address: GatewayAddress, release: string | null): Promise<Reloaded> => {
  const {proven, verdict} = await proveGateway(address)
  if (proven === null) return {ok: false, because: verdict.because}
  return new Promise(resolve => {
    const finish = (result: Reloaded): void => {
      clearTimeout(timer)
      call.hangUp()
      resolve(result)
    }
    const timer = setTimeout(() => finish({ok: false, because: 'it did not answer in time'}), timeoutMs)
    const connect = connectFrame({token: secret, version: '1', platform: process.platform, release, scopes: ['operator.admin']})
    const call = openCall({url: urlOf(address), fingerprint: null}, address.agent ?? 'gatecrab', event => {
      const because = endWords(event)
      if (event.kind === 'closed' && event.code === authChanged) return finish({ok: true})
      if (because !== null) return finish({ok: false, because})
      if (event.kind !== 'frame') return
      const {frame} = event
      if (frame.kind === 'challenge') call.signIn(proven, connect)
      else if (frame.kind === 'hello') call.signIn(proven, reloadSecretsFrame())
      else if (frame.kind === 'refusal') finish({ok: false, because: frame.text})
      else if (frame.kind === 'answer') finish(frame.ok ? {ok: true} : {ok: false, because: frame.because ?? 'it gave no reason'})
    })
  })
}
