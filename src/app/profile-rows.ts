import {type Filter, passes} from './filter.ts'
import type {Column, Role, Row} from './rows.ts'
import {length, moment} from './words.ts'

/** A provider's login as the panel shows it; times in milliseconds since 1970. */
export type ShownProfile = {
  agent: string
  usedBy: readonly string[]
  profileId: string
  provider: string
  type: string
  state: string
  why: string
  expiresAt: number | null
  renewsItself: boolean
  blocked: {kind: string; until: number; reason: string | null} | null
  from: string
  openclawSays: string | null
  /** The reason of the table that helps: what a person must do. */
  todo: string
}

export type ProfilesRead = {profiles: readonly ShownProfile[]; problems: readonly string[]; at: number}

export const profileColumns: readonly Column[] = [
  {title: '', width: 1},
  {title: 'ENDS', width: 11},
  {title: 'PROFILE', width: 22, grow: true},
  {title: 'AGENT', width: 10},
  {title: 'TYPE', width: 7},
  {title: 'STATE', width: 11},
  {title: 'BLOCKED', width: 12},
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

const endsText = ({expiresAt, state}: ShownProfile, now: number): string => {
  if (expiresAt === null) return state === 'static' ? 'never' : 'unknown'
  return expiresAt > now
    ? `in ${length(expiresAt - now > 3_600_000 ? Math.floor((expiresAt - now) / 60_000) * 60_000 : expiresAt - now)}`
    : `${length(now - expiresAt)} ago`
}

const rowOf = (profile: ShownProfile, now: number, isAscii: boolean): Row => {
  const role = roles[profile.state] ?? 'note'
  const {agent, profileId, provider, type, state, from} = profile
  const named = {agent, profile: profileId, provider, type, state, from}
  const blocked =
    profile.blocked && profile.blocked.until > now ? `${profile.blocked.kind} ${moment(profile.blocked.until, now)}` : ''
  return {
    key: `${agent} ${profileId} ${from}`,
    dim: state === 'external',
    search: {all: `${Object.values(named).join(' ')} ${profile.why}`, named},
    cells: [
      {text: (signs[state] ?? ['?', '?'])[isAscii ? 1 : 0] ?? '?', role},
      {text: endsText(profile, now), role},
      {text: profileId, role: state === 'external' ? 'dim' : 'strong'},
      {text: profile.usedBy.length > 1 ? `${agent} +${profile.usedBy.length - 1}` : agent},
      {text: type, role: 'dim'},
      {text: state, role},
      {text: blocked, role: 'warn'},
    ],
  }
}

const order = ['expired', 'login-lost', 'missing', 'expiring', 'unverified', 'unknown', 'ok', 'renews', 'static', 'external']

/** What needs a person first, then the soonest end. */
export const profileRows = (
  read: ProfilesRead | null,
  filter: Filter,
  now: number,
  isAscii: boolean,
): {rows: Row[]; profiles: ShownProfile[]} => {
  const sorted = [...(read?.profiles ?? [])].sort(
    (a, b) =>
      order.indexOf(a.state) - order.indexOf(b.state) ||
      (a.expiresAt ?? Infinity) - (b.expiresAt ?? Infinity) ||
      (a.profileId < b.profileId ? -1 : 1),
  )
  const all = sorted.map(profile => ({profile, row: rowOf(profile, now, isAscii)})).filter(({row}) => passes(filter, row.search))
  return {rows: all.map(({row}) => row), profiles: all.map(({profile}) => profile)}
}
