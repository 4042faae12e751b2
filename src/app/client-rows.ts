import {addressOf} from '../domain/attempt.ts'
import {type Client, type ClientState, lastMinutes, stateOf, stormOf, type Tally} from '../domain/client.ts'
import {type Filter, passes} from './filter.ts'
import type {Cell, Column, Role, Row} from './rows.ts'
import {clockOrDay, moment, sparkline} from './words.ts'

/** A client and one reason for which it is turned away, or its being in. */
export type ClientEntry = {key: string; client: Client; tally: Tally | null; state: ClientState; lastAt: number}

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

export const clientColumns = columns

const ranks: Record<ClientState, number> = {storm: 0, stuck: 1, unknown: 2, back: 3, in: 3, out: 4}

const healed = ({client, tally}: {client: Client; tally: Tally | null}): boolean =>
  tally !== null && (client.admittedAt ?? 0) > tally.lastAt

const recently = 600_000

const isFresh = (at: number, now: number): boolean => now - at < recently

const stateFor = (client: Client, tally: Tally | null, now: number): ClientState => {
  if (tally === null) return client.open.size > 0 ? 'in' : 'out'
  if (healed({client, tally})) return client.open.size > 0 ? 'back' : 'out'
  if (tally.last.expected !== null) return 'out'
  const state = stateOf(client, now)
  if (state === 'storm') return client.last === tally.last ? 'storm' : isFresh(tally.lastAt, now) ? 'stuck' : 'unknown'
  return state === 'in' || state === 'back' ? 'stuck' : state
}

const entriesOf = (client: Client, now: number): ClientEntry[] => {
  const refusals = Array.from(client.tallies.entries(), ([key, tally]) => ({
    key: `${client.key}\u0000${key}`,
    client,
    tally,
    state: stateFor(client, tally, now),
    lastAt: tally.lastAt,
  }))
  if (client.connected === 0) return refusals
  const state = stateFor(client, null, now)
  return [
    ...refusals,
    {key: client.key, client, tally: null, state, lastAt: state === 'in' ? (client.admittedAt ?? client.lastAt) : client.lastAt},
  ]
}

const rank = ({state, tally, lastAt}: ClientEntry, now: number): number => {
  if (tally?.last.expected) return 5
  return state === 'stuck' && !isFresh(lastAt, now) ? ranks.unknown : ranks[state]
}

/** The fastest storm first, in steps: a rhythm that wavers must not make rows change places. */
const pace = ({client, state}: ClientEntry, now: number): number =>
  state === 'storm' ? Math.round(Math.log2(stormOf(client, now)?.periodMs ?? 1)) : 0

/** Half a minute is one moment: rows that took turns every second could not be read. */
const calmly =
  (now: number) =>
  (a: ClientEntry, b: ClientEntry): number =>
    rank(a, now) - rank(b, now) ||
    pace(a, now) - pace(b, now) ||
    Math.floor(b.lastAt / 30_000) - Math.floor(a.lastAt / 30_000) ||
    (a.key < b.key ? -1 : 1)

export const clientEntries = (clients: Iterable<Client>, now: number): ClientEntry[] =>
  Array.from(clients)
    .flatMap(client => entriesOf(client, now))
    .sort(calmly(now))

/** What a client calls itself, shortened to what tells it apart. */
export const nameOf = (client: Client): string => {
  const {id, mode} = client.identity
  if (id === null) return client.deviceId === null ? 'unnamed' : `device ${client.deviceId.slice(0, 8)}`
  const name = id.replace(/^openclaw-/, '')
  return mode === null || name.includes(mode) || mode === 'webchat' ? name : `${name} ${mode}`
}

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

const stateText = ({client, tally, state}: ClientEntry, now: number): string => {
  if (tally?.last.expected) return tally.last.expected
  if (state === 'storm') {
    const perSecond = stormOf(client, now)?.perSecond ?? 0
    return perSecond >= 0.95 ? `storm ${Math.round(perSecond)}/s` : `storm ${Math.round(perSecond * 60)}/m`
  }
  if (state === 'back') return `back ${moment(client.admittedAt ?? 0, now).slice(0, 5)}`
  if (state === 'in') return `in ${moment(client.admittedAt ?? 0, now).slice(0, 5)}`
  return state
}

const count = (tally: Tally): string => (tally.hidden > 0 ? String(tally.count + tally.hidden) : String(tally.count))

const cellsOf = (entry: ClientEntry, now: number, isAscii: boolean): Cell[] => {
  const {client, tally, state} = entry
  const isQuiet = state === 'out' || tally?.last.expected
  const role: Role = isQuiet ? 'dim' : 'plain'
  const reason = tally ? (tally.detail ?? tally.reason) : client.open.size > 0 ? '' : (client.lastReason ?? '')
  const stateRole = tally?.last.expected ? 'dim' : roles[state]
  return [
    {text: tally?.last.expected ? signs.out[isAscii ? 1 : 0] : signs[state][isAscii ? 1 : 0], role: stateRole},
    {text: clockOrDay(entry.lastAt, now), role: 'dim'},
    {text: nameOf(client), role: isQuiet ? 'dim' : 'strong'},
    {text: versionOf(client), role: 'dim'},
    {text: addressOf(client) ?? '', role},
    {text: String(tally?.code ?? (client.open.size > 0 ? '' : (client.lastCode ?? ''))), role},
    {text: reason, role: tally && !isQuiet ? 'warn' : role},
    {text: tally ? count(tally) : String(client.connected), role},
    {text: sparkline(lastMinutes(client, now, 12), isAscii), role: roles[state]},
    {text: stateText(entry, now), role: stateRole},
  ]
}

const rowOf = (entry: ClientEntry, now: number, isAscii: boolean): Row => {
  const {client, tally, state} = entry
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
  }
  return {
    key: entry.key,
    cells: cellsOf(entry, now, isAscii),
    search: {all: Object.values(named).join(' '), named},
    dim: rank(entry, now) > 3,
  }
}

export const clientRows = (
  entries: readonly ClientEntry[],
  filter: Filter,
  now: number,
  isAscii: boolean,
): {rows: Row[]; entries: ClientEntry[]} => {
  const all = entries.map(entry => ({entry, row: rowOf(entry, now, isAscii)})).filter(({row}) => passes(filter, row.search))
  return {rows: all.map(({row}) => row), entries: all.map(({entry}) => entry)}
}
