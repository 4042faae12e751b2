import {withoutLoginText} from '../../domain/diagnosis/login-problems.ts'
import {dayMs, hourMs, minuteMs} from '../../domain/durations.ts'
import {isRejected} from '../../domain/logins/order.ts'
import {type Profile, renewalAdvice, renewalFailureOf} from '../../domain/logins/profile.ts'
import {reasonById} from '../../domain/reasons/reason.ts'
import type {ProfilesRead} from '../logins/profiles-read.ts'
import {renewalObstacle} from '../logins/store-problems.ts'
import type {Filter, Named} from '../rows/filter.ts'
import {type Cell, type Column, type Found, filteredRows, type Role, type Row} from '../rows/rows.ts'
import {ago, length, moment} from '../words.ts'
import {type Explanation, joined, type Panel, type PanelInput, panelOf} from './panel.ts'

const days = 30

type DayKind = 'none' | 'renews' | 'ends'

const daySigns: Record<DayKind, readonly [string, string]> = {none: ['·', '.'], renews: ['○', 'o'], ends: ['●', '#']}

const dayKindOf = (ending: readonly Profile[]): DayKind => {
  if (ending.some(({renewsItself, from}) => !renewsItself && from !== 'external')) return 'ends'
  return ending.length > 0 ? 'renews' : 'none'
}

const endingOn = (profiles: readonly Profile[], now: number, day: number): Profile[] =>
  profiles.filter(({expiresAt}) => expiresAt !== null && expiresAt > now && Math.floor((expiresAt - now) / dayMs) === day)

/** Of a path, what tells its store from the others. */
const longPath = /(?<=\s)\/\S*\/([^/\s]+\/[^/\s]+)(?=\s|$)/

/** Stores that are unreadable or inconsistent, whatever the time; the profiles panel shows the details. */
export const storeProblemCell = (read: ProfilesRead | null): Cell | null => {
  const [first, ...more] = read?.problems ?? []
  if (first === undefined) return null
  const others = more.length > 0 ? `${more.length + 1} problems, gatecrab profiles tells all: ` : ''
  return {text: `! ${others}${first.title.replace(longPath, '…/$1')}`, role: 'warn'}
}

/** The days to come, one sign each: which of them bring an end that needs a person, and how old all this is. */
export const stripOf = (read: ProfilesRead | null, now: number, isAscii: boolean): Cell[] => {
  if (read === null) return []
  const kinds = Array.from({length: days}, (_, day) => dayKindOf(endingOn(read.profiles, now, day)))
  const count = kinds.filter(kind => kind === 'ends').length
  const row = kinds.map(kind => daySigns[kind][isAscii ? 1 : 0]).join('')
  const [ends, renews] = [daySigns.ends, daySigns.renews].map(sign => sign[isAscii ? 1 : 0])
  return [
    {text: `30 days |${row}|`, role: count > 0 ? 'warn' : 'dim'},
    {text: `${ends} ends ${renews} renews itself`, role: 'dim'},
    {text: `read ${ago(read.at, now)}${read.isWhole ? '' : ', not all of it'}`, role: read.isWhole ? 'dim' : 'warn'},
  ]
}

const columns: readonly Column[] = [
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

const fields = ['agent', 'profile', 'provider', 'type', 'state', 'from'] as const

const rowOf = (profile: Profile, now: number, isAscii: boolean): Row => {
  const {text: stateText, role, sign} = status(profile, now)
  const {agent, profileId, provider, type, state, from} = profile
  const named: Named<typeof fields> = {agent, profile: profileId, provider, type: type ?? '', state, from}
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
export const profileRows = (read: ProfilesRead | null, filter: Filter, now: number, isAscii: boolean): Found<Profile> =>
  filteredRows(columns, read?.profiles ?? [], profile => rowOf(profile, now, isAscii), filter)

const canRenew = (profile: Profile, {now, kind}: PanelInput): boolean =>
  kind !== 'replay' && renewalObstacle(profile, null, now) === null

/** Its key where that can act, and what to type by hand. */
const loginAdvice = (profile: Profile, input: PanelInput): string => {
  if (profile.todo === null) return 'Nothing to do.'
  return canRenew(profile, input) ? `w renews it. By hand: ${profile.todo}` : profile.todo
}

const whyLogin = (state: PanelInput, profile: Profile): Explanation => {
  const renewal = state.profiles && renewalFailureOf(state.world, profile, state.profiles)
  return {
    why: renewal === null ? profile.why : `${profile.why} ${reasonById(renewal.reason).means}`,
    seen: joined([
      renewal && `the renewal failed ${ago(renewal.at, state.now)}: ${renewal.reason}`,
      state.profiles ? `read ${ago(state.profiles.at, state.now)}` : null,
      profile.openclawSays && `OpenClaw's own status says ${profile.openclawSays}`,
      profile.blocked && profile.blocked.until > state.now
        ? `${profile.blocked.kind} until ${moment(profile.blocked.until, state.now)}: ${profile.blocked.reason ?? 'no reason given'}`
        : null,
    ]),
    tryThis:
      renewal === null
        ? loginAdvice(profile, state)
        : `${canRenew(profile, state) ? 'w renews it. ' : ''}${renewalAdvice(renewal, profile)}`,
    facts: [
      ['provider', profile.provider],
      ['used by', profile.usedBy.join(', ')],
      ['from', profile.from],
      ['ends', profile.expiresAt === null ? 'not known' : new Date(profile.expiresAt).toISOString()],
      ['renews', profile.renewsItself ? 'by itself' : 'only by a person'],
    ],
  }
}

/** A log that is named may be of any gateway: then nothing of this host is read. */
const noLogin = ({profiles, copies, live}: PanelInput): string => {
  if (profiles) return 'No login at a model provider is stored here; `openclaw models auth add` stores one.'
  return live === null && copies === null
    ? 'Logins are not read with --log or in a replay: start gatecrab without it to see them.'
    : 'The logins have not been read yet.'
}

export const profiles: Panel<Profile> = panelOf<Profile>({
  title: 'Profiles',
  about: "the model providers' logins, soonest end first",
  fields,
  rows: (input, isAscii) => profileRows(input.profiles, input.filter, input.now, isAscii),
  empty: noLogin,
  why: whyLogin,
  evidence: () => ({is: 'login'}),
  below: ({profiles, now}, isAscii) => {
    if (profiles === null) return []
    const problem = storeProblemCell(profiles)
    const lacks = profiles.agents.flatMap(agent => withoutLoginText(agent) ?? [])
    const sign = signs['missing']?.[isAscii ? 1 : 0] ?? ''
    return [
      ...(lacks.length === 0 ? [] : [[{text: `${sign} ${lacks.join('; ')}`, role: 'bad' as const}]]),
      ...(problem === null ? [] : [[problem]]),
      stripOf(profiles, now, isAscii),
    ]
  },
})
