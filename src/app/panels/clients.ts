import {addressOf} from '../../domain/attempts/attempt.ts'
import type {Client, ClientState, Tally} from '../../domain/attempts/client.ts'
import {nameOf} from '../../domain/attempts/client-name.ts'
import {lastMinutes} from '../../domain/attempts/minutes.ts'
import {stormOf} from '../../domain/attempts/storm.ts'
import type {ConnectedClient} from '../../domain/live/connected-client.ts'
import {type ClientEntry, rank} from '../rows/client-entries.ts'
import {type Filter, passes} from '../rows/filter.ts'
import type {Cell, Column, Role, Row} from '../rows/rows.ts'
import {clockOrDay, moment, sparkline} from '../words.ts'

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

export const clientRows = (
  entries: readonly ClientEntry[],
  filter: Filter,
  now: number,
  isAscii: boolean,
): {rows: Row[]; entries: ClientEntry[]} => {
  const all = entries.map(entry => ({entry, row: rowOf(entry, now, isAscii)})).filter(({row}) => passes(filter, row.search))
  return {rows: all.map(({row}) => row), entries: all.map(({entry}) => entry)}
}
