import {addressOf} from '../domain/attempts/attempt.ts'
import {nameOf} from '../domain/attempts/client-name.ts'
import {everyClient} from '../domain/attempts/clients.ts'
import type {ConnectedClient} from '../domain/live/connected-client.ts'
import {evidenceSources} from '../domain/live/live-state.ts'
import type {State} from './state.ts'

const named = (name: string | null, from: string | null): string => [name, from].filter(Boolean).join(' from ')

const connectedName = ({name, displayName, process, from}: ConnectedClient): string =>
  named(displayName ?? name ?? process, from === 'local' ? 'this host' : from)

/** The same name once, with how often it is there. */
const folded = (names: readonly string[]): string[] =>
  Array.from(
    Map.groupBy(names, name => name),
    ([name, same]) => (same.length > 1 ? `${name} ×${same.length}` : name),
  )

/** Who is connected now, by name: as the gateway and the system know them, else as the log does. */
export const connectedNow = ({live, world}: Pick<State, 'live' | 'world'>): string[] =>
  folded(
    live !== null && evidenceSources(live).length > 0
      ? live.connectedClients.map(connectedName)
      : everyClient(world.clients)
          .filter(client => client.open.size > 0)
          .map(client => named(nameOf(client), addressOf(client))),
  )
