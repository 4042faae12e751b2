import {hourMs, minuteMs} from '../../domain/durations.ts'
import type {Failure} from '../../domain/failure.ts'
import {isRejected} from '../../domain/logins/blocked.ts'
import type {Profile} from '../../domain/logins/profile.ts'
import type {AgentReport} from '../../domain/logins/profile-report.ts'
import type {LogNames} from '../../domain/logins/provider-login.ts'
import {type Filter, passes} from '../rows/filter.ts'
import type {Column, Role, Row} from '../rows/rows.ts'
import {length} from '../words.ts'

export type ProfilesRead = {
  profiles: readonly Profile[]
  agents: readonly AgentReport[]
  problems: readonly Failure[]
  isWhole: boolean
  /** When the stores were read; states are re-evaluated as time passes. */
  at: number
  logNames: LogNames
}

export const profileColumns: readonly Column[] = [
  {title: '', width: 1},
  {title: 'ENDS', width: 11},
  {title: 'PROFILE', width: 22, grow: true},
  {title: 'AGENT', width: 10, from: 56},
  {title: 'TYPE', width: 7, from: 66},
  {title: 'STATE', width: 11},
  {title: 'BLOCKED', width: 12, from: 76},
]

const roles: Record<string, Role> = {
  ok: 'good',
  static: 'good',
  renews: 'good',
  expiring: 'warn',
  expired: 'bad',
  'login-lost': 'bad',
  missing: 'bad',
  unverified: 'warn',
  external: 'dim',
  unknown: 'note',
}
const signs: Record<string, readonly [string, string]> = {
  ok: ['✓', '+'],
  static: ['✓', '+'],
  renews: ['✓', '+'],
  expiring: ['▲', '!'],
  expired: ['●', '*'],
  'login-lost': ['●', '*'],
  missing: ['●', '*'],
  external: ['·', '-'],
}

const endsText = ({expiresAt, state}: Profile, now: number): string => {
  if (expiresAt === null) return state === 'static' ? 'never' : state === 'missing' ? '' : 'unknown'
  return expiresAt > now
    ? `in ${length(expiresAt - now > hourMs ? Math.floor((expiresAt - now) / minuteMs) * minuteMs : expiresAt - now)}`
    : `${length(now - expiresAt)} ago`
}

const blockedIn = ({blocked}: Profile, now: number): Profile['blocked'] => (blocked && blocked.until > now ? blocked : null)

const isFine = ({state}: Profile): boolean => roles[state] === 'good'

/** A valid login that OpenClaw skips is shown as blocked. */
const status = (profile: Profile, now: number): {text: string; role: Role; sign: readonly [string, string]} => {
  const {state} = profile
  const blocked = blockedIn(profile, now)
  if (blocked === null || !isFine(profile)) return {text: state, role: roles[state] ?? 'note', sign: signs[state] ?? ['?', '?']}
  return isRejected(blocked)
    ? {text: blocked.kind, role: 'bad', sign: ['●', '*']}
    : {text: blocked.kind, role: 'warn', sign: ['▲', '!']}
}

const rowOf = (profile: Profile, now: number, isAscii: boolean): Row => {
  const {text: stateText, role, sign} = status(profile, now)
  const {agent, profileId, provider, type, state, from} = profile
  const named = {agent, profile: profileId, provider, type: type ?? '', state, from}
  const block = blockedIn(profile, now)
  const blocked = block ? `for ${length(block.until - now)}` : ''
  return {
    key: `${agent} ${profileId} ${from}`,
    dim: state === 'external',
    search: {all: `${Object.values(named).join(' ')} ${stateText} ${profile.why}`, named},
    cells: [
      {text: sign[isAscii ? 1 : 0], role},
      {text: endsText(profile, now), role},
      {text: profileId, role: state === 'external' ? 'dim' : 'strong'},
      {text: profile.usedBy.length > 1 ? `${agent} +${profile.usedBy.length - 1}` : agent},
      {text: type ?? '', role: 'dim'},
      {text: stateText, role},
      {text: blocked, role: 'warn'},
    ],
  }
}

/** They come in order: what is gone first, then the soonest end. */
export const profileRows = (
  read: ProfilesRead | null,
  filter: Filter,
  now: number,
  isAscii: boolean,
): {rows: Row[]; profiles: Profile[]} => {
  const all = (read?.profiles ?? [])
    .map(profile => ({profile, row: rowOf(profile, now, isAscii)}))
    .filter(({row}) => passes(filter, row.search))
  return {rows: all.map(({row}) => row), profiles: all.map(({profile}) => profile)}
}
