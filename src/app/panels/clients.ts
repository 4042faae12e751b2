import {addressOf} from '../../domain/attempts/attempt.ts'
import type {Client, Tally} from '../../domain/attempts/client.ts'
import {nameOf} from '../../domain/attempts/client-name.ts'
import type {LineRef} from '../../domain/attempts/event.ts'
import {lockoutOf} from '../../domain/attempts/lockout.ts'
import {lastMinutes} from '../../domain/attempts/minutes.ts'
import {stormOf} from '../../domain/attempts/storm.ts'
import type {ConnectedClient} from '../../domain/live/connected-client.ts'
import {reasonById} from '../../domain/reasons/reason.ts'
import {connectedFacts, describeSources, processSentence} from '../connected-words.ts'
import {type ClientEntry, clientEntries, rank} from '../rows/client-entries.ts'
import {type ClientItem, clientItems, countOf, networkOfEntry, sinceOf} from '../rows/client-order.ts'
import {type Named, passes, type Searchable} from '../rows/filter.ts'
import {type Cell, type Column, type Role, type Row, rowsOf} from '../rows/rows.ts'
import {ago, clock, clockOrDay, moment, period, plural, sparkline} from '../words.ts'
import {attemptFacts, lockoutSentence, rotationSentence, whyAttempt} from './attempts.ts'
import {viewBoard} from './board.ts'
import {groupFacts, groupRow, searchOfGroup, whyGroup} from './client-groups.ts'
import {roles, shortCount, signs} from './client-looks.ts'
import {type Explanation, iso, joined, type Panel, type PanelInput, panelOf, unlessNoLog} from './panel.ts'

const columns: readonly Column[] = [
  {title: '', width: 1},
  {title: 'CLIENT', width: 10, wide: 18, grow: true},
  {title: 'VERSION', width: 14, from: 124},
  {title: 'FROM', width: 15, wide: 24, from: 65},
  {title: 'CODE', width: 4, from: 90},
  {title: 'REASON', width: 20, wide: 28},
  {title: 'N', width: 4, wide: 6, right: true, from: 49},
  {title: 'SINCE', width: 5, wide: 8, from: 80},
  {title: 'LAST', width: 8, from: 74},
  {title: '12 MIN', width: 12, from: 108},
  {title: 'STATE', width: 10},
]

const versionOf = ({identity}: Client): string => [identity.version, identity.platform].filter(Boolean).join(' ')

const stateText = ({client, tally, state}: ClientEntry, now: number): string => {
  if (tally?.last.expected) return tally.last.expected
  if (state === 'storm') {
    const perSecond = stormOf(client, now)?.perSecond ?? 0
    return perSecond >= 0.95 ? `storm ${Math.round(perSecond)}/s` : `storm ${Math.round(perSecond * 60)}/m`
  }
  return state
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

const lockedUntil = ({world, now}: PanelInput, tally: Tally): number | null =>
  tally.reason === 'rate-limited' ? (lockoutOf(world.guesses, tally.last, now)?.lockedUntil ?? null) : null

const reasonText = (input: PanelInput, {client, tally, state, otherReasons, connectedClients}: ClientEntry): string => {
  if (!tally) return state === 'in' ? processText(connectedClients) : (client.lastReason ?? '')
  const until = lockedUntil(input, tally)
  const more = otherReasons > 0 ? ` +${otherReasons}` : ''
  return `${until === null ? (tally.detail ?? tally.reason) : `locked out to ~${clock(until).slice(0, 5)}`}${more}`
}

const cellsOf = (input: PanelInput, entry: ClientEntry, isAscii: boolean): Cell[] => {
  const {client, tally, state} = entry
  const {now} = input
  const since = sinceOf(entry)
  const isIdle = state === 'out' || tally?.last.expected
  const role: Role = isIdle ? 'dim' : 'plain'
  const isIn = state === 'in'
  const stateRole = tally?.last.expected ? 'dim' : roles[state]
  return [
    {text: tally?.last.expected ? signs.out[isAscii ? 1 : 0] : signs[state][isAscii ? 1 : 0], role: stateRole},
    {text: nameOf(client), role: isIdle ? 'dim' : 'strong'},
    {text: versionOf(client), role: 'dim'},
    {text: addressOf(client) ?? '', role},
    {text: String(tally?.code ?? (isIn ? '' : (client.lastCode ?? ''))), role},
    {text: reasonText(input, entry), role: tally && !isIdle ? 'strong' : isIn ? 'dim' : role},
    {text: shortCount(countOf(entry)), role},
    {text: since === null ? '' : clockOrDay(since, now), role, cut: 'silently'},
    {text: clockOrDay(entry.lastAt, now), role: 'dim'},
    {text: sparkline(lastMinutes(client.minutes, now, 12), isAscii), role: roles[state]},
    {text: stateText(entry, now), role: stateRole},
  ]
}

const fields = [
  ...(['client', 'mode', 'from', 'network', 'reason', 'code', 'count', 'state'] as const),
  ...(['origin', 'device', 'ua', 'layer', 'process'] as const),
] as const

const searchOf = ({client, tally, state, connectedClients}: ClientEntry, reason: string): Searchable => {
  const named: Named<typeof fields> = {
    client: `${nameOf(client)} ${versionOf(client)}`,
    mode: client.identity.mode ?? '',
    from: addressOf(client) ?? '',
    network: networkOfEntry({client}),
    reason,
    code: String(tally?.code ?? client.lastCode ?? ''),
    count: String(countOf({tally, client})),
    state,
    origin: client.origin ?? '',
    device: client.deviceId ?? '',
    ua: client.userAgent ?? '',
    layer: tally?.last.layer ?? '',
    process: processText(connectedClients),
  }
  // A number that is found in a count would be found by chance.
  const {count: _, ...words} = named
  return {all: Object.values(words).join(' '), named}
}

/** Whoever searches for a reason finds every client that was refused for it. */
const reasonsOf = ({tallies}: Client): string =>
  Array.from(tallies.values(), ({reason, detail}) => `${reason} ${detail ?? ''}`).join(' ')

const searchOfEntry = (entry: ClientEntry): Searchable =>
  searchOf(entry, entry.tally ? reasonsOf(entry.client) : (entry.client.lastReason ?? ''))

const rowOf = (input: PanelInput, entry: ClientEntry, isAscii: boolean): Row => ({
  key: entry.key,
  cells: cellsOf(input, entry, isAscii),
  search: searchOfEntry(entry),
  dim: rank(entry, input.now) > 3,
})

/** Of a client that was refused for several reasons, the one that the filter asks for is shown. */
const isWanted =
  ({hidesExpected, filter}: PanelInput) =>
  (entry: ClientEntry): boolean => {
    const {client, tally} = entry
    if (hidesExpected && tally?.last.expected) return false
    if (filter.terms.length === 0) return true
    return passes(filter, searchOf(entry, tally ? `${tally.reason} ${tally.detail ?? ''}` : (client.lastReason ?? '')))
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
    rotationSentence(state, tally.last, tally.run.since),
    lockoutSentence(state, tally.last),
  ])
  return {...explanation, seen, facts: [...(others === '' ? [] : [['also', others] as const]), ...explanation.facts]}
}

/** Of every reason that it was refused for: what it tried before is part of the story. */
const linesOf = ({tally, client}: ClientEntry): readonly LineRef[] =>
  tally ? Array.from(client.tallies.values()).flatMap(({evidence}) => evidence) : client.last.evidence

const entries = panelOf<ClientItem>({
  title: 'Clients',
  about: 'a row for each, with why it is refused',
  fields,
  rows: (input, isAscii) => {
    const {world, now, live} = input
    const found = clientEntries(world.clients.byKey.values(), now, live, isWanted(input))
    const items = clientItems(found, input.clientOrder)
    return {
      items,
      rows: rowsOf(columns, items, {
        keyOf: item => (item.is === 'group' ? item.group.key : item.entry.key),
        rowOf: item =>
          item.is === 'group' ? groupRow(input, item.group, item.isFolded, isAscii) : rowOf(input, item.entry, isAscii),
        searchOf: item => (item.is === 'group' ? searchOfGroup(item.group) : searchOfEntry(item.entry)),
      }),
    }
  },
  empty: unlessNoLog('No connection attempts in the logs read so far. Successful command-line clients leave no line in the log.'),
  why: (input, item) => (item.is === 'group' ? whyGroup(input, item.group) : whyClient(input, item.entry)),
  evidence: item =>
    item.is === 'group'
      ? {is: 'fold', key: item.group.key}
      : {is: 'lines', title: nameOf(item.entry.client), lines: linesOf(item.entry)},
  latestLines: item => (item.is === 'group' ? [] : linesOf(item.entry)),
  requestId: item => (item.is === 'group' ? null : (item.entry.tally?.last ?? item.entry.client.last).requestId),
  times: item => {
    const {since, lastAt} =
      item.is === 'group' ? groupFacts(item.group) : {since: item.entry.tally?.run.since ?? null, lastAt: item.entry.lastAt}
    return `${since === null ? '' : `since ${iso(since)}, `}last ${iso(lastAt)}`
  },
})

/** After a rotation the board stands in their place, until it is closed. */
export const clients: Panel = {
  ...entries,
  view: (input, isAscii) => (input.boardSince === null ? entries.view : viewBoard)(input, isAscii),
}
