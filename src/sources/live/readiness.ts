import type http from 'node:http'
import {jsonIn} from '../../gateway/json.ts'
import type {Tls} from '../../gateway/tls.ts'
import {callGateway} from './gateway-call.ts'

const timeoutMs = 2000
const maxBytes = 64 * 1024

/** Both paths are public: asking costs nothing and proves no token. Releases without them answer with a page. */
const getJson = (
  address: {host: string; port: number; tls: Tls | null},
  path: string,
): Promise<{[key: string]: unknown} | null> =>
  new Promise(resolve => {
    const {host, port, tls} = address
    const options: http.RequestOptions = {host, port, path, agent: false, timeout: timeoutMs, headers: {'User-Agent': 'gatecrab'}}
    const request = callGateway(tls, options, response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text = (text + chunk).slice(0, maxBytes)
      })
      response.on('error', () => resolve(null))
      response.on('close', () => resolve(jsonIn(text) as {[key: string]: unknown} | null))
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(null))
    request.end()
  })

const maxNames = 32

/** Names are plugin ids and words of OpenClaw's own: what looks otherwise is not shown. */
const namesIn = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [])
    .filter((name): name is string => typeof name === 'string' && /^[\w:.@-]{1,80}$/.test(name))
    .slice(0, maxNames)

/** `starting` and `draining` by the gateway's own word; `failing`: what keeps it from being ready. */
export type Readiness = {is: 'ready' | 'failing' | 'starting' | 'draining'; failing: readonly string[]; pending: string | null}

const startups = {'startup-sidecars': 'starting', 'gateway-draining': 'draining'} as const

/**
 * What `/readyz` says, asked once. Only where it says no, `/startupz` (2026.8.1 and later) tells one that starts from one whose channels
 * fail. Null where the release has no such answer, or keeps it from whoever asks from elsewhere.
 */
export const readReadiness = async (host: string, port: number, tls: Tls | null = null): Promise<Readiness | null> => {
  const address = {host, port, tls}
  const answer = await getJson(address, '/readyz')
  if (typeof answer?.['ready'] !== 'boolean') return null
  const failing = namesIn(answer['failing'])
  if (answer['ready']) return {is: 'ready', failing: [], pending: null}
  const startup = await getJson(address, '/startupz')
  const status = startup?.['status']
  if (status === 'starting' || status === 'draining')
    return {is: status, failing, pending: namesIn([startup?.['pendingReason']])[0] ?? null}
  const word = failing.find(name => Object.hasOwn(startups, name)) as keyof typeof startups | undefined
  if (word !== undefined && status !== 'started') return {is: startups[word], failing, pending: null}
  return failing.length === 0 ? null : {is: 'failing', failing, pending: null}
}
