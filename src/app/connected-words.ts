import type {Client, Tally} from '../domain/attempts/client.ts'
import type {ConnectedClient} from '../domain/live/connected-client.ts'
import type {Owner} from '../domain/live/socket.ts'
import type {PanelInput} from './panels/panel.ts'

const words: Record<ConnectedClient['by'], string> = {
  log: 'by its line in the log',
  presence: "by the gateway's own list",
  socket: 'by its connection alone: it is on no list and left no line',
}

/** How a client is known to be connected. */
export const describeSources = (connectedClients: readonly ConnectedClient[]): string =>
  connectedClients.length === 0 ? '' : `known ${[...new Set(connectedClients.map(({by}) => words[by]))].join(', and ')}`

const ownerText = ({process, pid, user}: Owner): string =>
  [process ?? 'unknown', pid === null ? null : `pid ${pid}`, user === null ? null : `user ${user}`].filter(Boolean).join(', ')

export const connectedFacts = (connectedClient: ConnectedClient): [string, string][] => {
  const {displayName, endpoint, process, pid} = connectedClient
  const facts: [string, string | null][] = [
    ['process', process === null && pid === null ? null : ownerText(connectedClient)],
    ['calls itself', displayName],
    ['socket', endpoint],
  ]
  return facts.flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, value]]))
}

/** A process that made no attempt for this long may be gone, so nothing is said of it in the present tense. */
const connectingMs = 30_000

/** Which process of this host it is that is refused; null where its last attempt is older than what is known of any. */
export const processSentence = ({live, now}: Pick<PanelInput, 'live' | 'now'>, {key}: Client, {lastAt}: Tally): string | null => {
  const found = live?.processes.get(key)
  if (!found || found.since > lastAt) return null
  const {process, pid, user} = found
  const about = [pid === null ? null : `pid ${pid}`, user].filter(part => part !== null)
  const when = now - lastAt < connectingMs ? 'now connecting from' : 'last connected from'
  return `${when}: ${process ?? 'a process'}${about.length > 0 ? ` (${about.join(', ')})` : ''}`
}
