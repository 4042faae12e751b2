import {addressOf} from '../../domain/attempts/attempt.ts'
import type {Client, ClientState, Tally} from '../../domain/attempts/client.ts'
import {nameOf} from '../../domain/attempts/client-name.ts'
import type {LineRef} from '../../domain/attempts/event.ts'
import {lastMinutes} from '../../domain/attempts/minutes.ts'
import {stormOf} from '../../domain/attempts/storm.ts'
import type {ConnectedClient} from '../../domain/live/connected-client.ts'
import {reasonById} from '../../domain/reasons/reason.ts'
import {connectedFacts, describeSources, processSentence} from '../connected-words.ts'
import {type ClientEntry, clientEntries, rank} from '../rows/client-entries.ts'
import {type Cell, type Column, filteredRows, type Role, type Row} from '../rows/rows.ts'
import {ago, clockOrDay, moment, period, plural, sparkline} from '../words.ts'
import {attemptFacts, lockoutSentence, rotationSentence, whyAttempt} from './attempts.ts'
import {viewBoard} from './board.ts'
import {type Explanation, iso, joined, type Panel, type PanelInput, panelOf, unlessNoLog} from './panel.ts'

const columns: readonly Column[] = [
  {title: '', width: 1},
  {title: 'LAST', width: 8, from: 64},
  {title: 'CLIENT', width: 10, grow: true},
  {title: 'VERSION', width: 14, from: 110},
  {title: 'FROM', width: 15, wide: 24, from: 64},
  {title: 'CODE', width: 4},
  {title: 'REASON', width: 20, wide: 28},
  {title: 'COUNT', width: 5, right: true},
  {title: '', width: 12, from: 100},
  {title: 'STATE', width: 10, from: 52},
]

const versionOf = ({identity}: Client): string => [identity.version, identity.platform].filter(Boolean).join(' ')

const roles: Record<ClientState, Role> = {storm: 'bad', stuck: 'bad', unknown: 'warn', back: 'good', in: 'good', out: 'dim'}
const signs: Record<ClientState, readonly [string, string]> = {
  storm: ['▲', '!'],
  stuck: ['●', '*'],
  unknown: ['?', '?'],
  back: ['✓', '+'],
  in: ['✓', '+'],
  out: ['·', '-'],
}

const stateText = ({client, tally, state, since}: ClientEntry, now: number): string => {
  if (tally?.last.expected) return tally.last.expected
  if (state === 'storm') {
    const perSecond = stormOf(client, now)?.perSecond ?? 0
    return perSecond >= 0.95 ? `storm ${Math.round(perSecond)}/s` : `storm ${Math.round(perSecond * 60)}/m`
  }
  if (state !== 'back' && state !== 'in') return state
  return since === null ? state : `${state} ${moment(since, now).slice(0, 5)}`
}

/** The processes that hold the connections of a client of this host. */
const processText = (connectedClients: readonly ConnectedClient[]): string => {
  const names = Map.groupBy(
    connectedClients.filter(({process, pid}) => process !== null || pid !== null),
    ({process}) => process ?? 'pid',
  )
  return Array.from(names, ([name, found]) => {
    const pids = [...new Set(found.map(({pid}) => pid))]
    return pids.length > 1 ? `${name} ×${pids.length}` : [name, pids[0]].filter(Boolean).join(' ')
  }).join(', ')
}

const count = (tally: Tally): string => (tally.hidden > 0 ? String(tally.count + tally.hidden) : String(tally.count))

const cellsOf = (entry: ClientEntry, now: number, isAscii: boolean): Cell[] => {
  const {client, tally, state, connectedClients} = entry
  const isIdle = state === 'out' || tally?.last.expected
  const role: Role = isIdle ? 'dim' : 'plain'
  const isIn = state === 'in'
  const reason = tally ? (tally.detail ?? tally.reason) : isIn ? processText(connectedClients) : (client.lastReason ?? '')
  const stateRole = tally?.last.expected ? 'dim' : roles[state]
  return [
    {text: tally?.last.expected ? signs.out[isAscii ? 1 : 0] : signs[state][isAscii ? 1 : 0], role: stateRole},
    {text: clockOrDay(entry.lastAt, now), role: 'dim'},
    {text: nameOf(client), role: isIdle ? 'dim' : 'strong'},
    {text: versionOf(client), role: 'dim'},
    {text: addressOf(client) ?? '', role},
    {text: String(tally?.code ?? (isIn ? '' : (client.lastCode ?? ''))), role},
    {text: reason, role: tally && !isIdle ? 'warn' : isIn ? 'dim' : role},
    {text: tally ? count(tally) : String(client.connected), role},
    {text: sparkline(lastMinutes(client.minutes, now, 12), isAscii), role: roles[state]},
    {text: stateText(entry, now), role: stateRole},
  ]
}

const rowOf = (entry: ClientEntry, now: number, isAscii: boolean): Row => {
  const {client, tally, state, connectedClients} = entry
  const named = {
    client: `${nameOf(client)} ${versionOf(client)}`,
    mode: client.identity.mode ?? '',
    from: addressOf(client) ?? '',
    reason: tally ? `${tally.reason} ${tally.detail ?? ''}` : (client.lastReason ?? ''),
    code: String(tally?.code ?? client.lastCode ?? ''),
    state,
    origin: client.origin ?? '',
    device: client.deviceId ?? '',
    ua: client.userAgent ?? '',
    layer: tally?.last.layer ?? '',
    process: processText(connectedClients),
  }
  return {
    key: entry.key,
    cells: cellsOf(entry, now, isAscii),
    search: {all: Object.values(named).join(' '), named},
    dim: rank(entry, now) > 3,
  }
}

/** The interval covers all recent attempts of the client, so only the row that is the whole storm shows it. */
const rhythm = ({client, state}: ClientEntry, now: number): string | null => {
  const storm = state === 'storm' ? stormOf(client, now) : null
  return storm ? `again every ${period(storm.periodMs)}` : null
}

/** A count without its beginning answers half of "how bad is it, and since when". */
const timesSince = ({count, hidden, run, lastAt}: Tally, now: number): string => {
  const all = count + hidden
  if (all === 1) return `once, ${ago(lastAt, now)}`
  const before = all > run.count ? `, ${all} in all` : ''
  return `${run.count === 1 ? 'once' : `${run.count} times`} since ${moment(run.since, now)}${before}, last ${ago(lastAt, now)}`
}

const otherReasons = (client: Client, but: string): string =>
  Array.from(client.tallies.values())
    .filter(tally => (tally.detail ?? tally.reason) !== but)
    .map(tally => `${tally.detail ?? tally.reason} ×${tally.count + tally.hidden}`)
    .join(', ')

const whyConnected = (state: PanelInput, {client, state: clientState, since, connectedClients}: ClientEntry): Explanation => {
  const facts = [...connectedClients.flatMap(connectedFacts), ...attemptFacts(client.last)]
  if (clientState === 'in') {
    const open = plural(Math.max(connectedClients.length, client.open.size), 'open connection')
    return {
      why: `${nameOf(client)} is in: ${open}, the last ${since === null ? 'from before gatecrab looked' : `since ${moment(since, state.now)}`}.`,
      seen: describeSources(connectedClients),
      tryThis: 'Nothing to do.',
      facts,
    }
  }
  const row = client.lastReason === null ? null : reasonById(client.lastReason)
  const why = `${nameOf(client)} was in and has left. ${row?.means ?? 'No line says why: most clients leave none.'}`
  return {
    why,
    seen: `${plural(client.connected, 'visit')}, the last ended ${ago(client.lastAt, state.now)}`,
    tryThis: row?.tryThis ?? 'Nothing to do.',
    facts,
  }
}

const whyClient = (state: PanelInput, entry: ClientEntry): Explanation => {
  const {client, tally} = entry
  if (tally === null) return whyConnected(state, entry)
  const explanation = whyAttempt(state, tally.last)
  const others = otherReasons(client, tally.detail ?? tally.reason)
  const seen = joined([
    timesSince(tally, state.now),
    rhythm(entry, state.now),
    processSentence(state, client, tally),
    tally.hidden > 0 ? `${tally.hidden} of them only summarised by the gateway` : null,
    tally.last.expected && `expected: ${tally.last.expected}`,
    rotationSentence(state, tally.last),
    lockoutSentence(state, tally.last),
  ])
  return {...explanation, seen, facts: [...(others === '' ? [] : [['also', others] as const]), ...explanation.facts]}
}

const linesOf = ({tally, client}: ClientEntry): readonly LineRef[] => (tally ?? client.last).evidence

const entries = panelOf<ClientEntry>({
  title: 'Clients',
  about: 'grouped by identity and reason',
  rows: ({world, now, live, hidesExpected, filter}, isAscii) =>
    filteredRows(
      columns,
      clientEntries(world.clients.byKey.values(), now, live).filter(({tally}) => !hidesExpected || !tally?.last.expected),
      entry => rowOf(entry, now, isAscii),
      filter,
    ),
  empty: unlessNoLog('No connection attempts in the logs read so far. Successful command-line clients leave no line in the log.'),
  why: whyClient,
  evidence: entry => ({
    is: 'lines',
    title: `${nameOf(entry.client)} ${entry.tally?.detail ?? entry.tally?.reason ?? ''}`.trim(),
    lines: linesOf(entry),
  }),
  latestLines: linesOf,
  requestId: ({tally, client}) => (tally?.last ?? client.last).requestId,
  times: ({tally, lastAt}) => (tally ? `since ${iso(tally.run.since)}, last ${iso(lastAt)}` : `last ${iso(lastAt)}`),
})

/** After a rotation the board stands in their place, until it is closed. */
export const clients: Panel = {
  ...entries,
  view: (input, isAscii) => (input.boardSince === null ? entries.view : viewBoard)(input, isAscii),
}
