import {hourMs, minuteMs} from '../../domain/durations.ts'
import {isRejected} from '../../domain/logins/order.ts'
import type {Profile} from '../../domain/logins/profile.ts'
import {storeProblemCell, stripOf} from '../logins/profile-strip.ts'
import type {ProfilesRead} from '../logins/profiles-read.ts'
import {renewalObstacle} from '../logins/store-problems.ts'
import type {Filter, Named} from '../rows/filter.ts'
import {type Column, type Found, filteredRows, type Role, type Row} from '../rows/rows.ts'
import {ago, length, moment} from '../words.ts'
import {type Explanation, joined, type Panel, type PanelInput, panelOf} from './panel.ts'

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

/** Its key where that can act, and what to type by hand. */
const loginAdvice = (profile: Profile, {now, kind}: PanelInput): string => {
  if (profile.todo === null) return 'Nothing to do.'
  return kind === 'replay' || renewalObstacle(profile, null, now) !== null
    ? profile.todo
    : `w renews it. By hand: ${profile.todo}`
}

const whyLogin = (state: PanelInput, profile: Profile): Explanation => ({
  why: profile.why,
  seen: joined([
    state.profiles ? `read ${ago(state.profiles.at, state.now)}` : null,
    profile.openclawSays && `OpenClaw's own status says ${profile.openclawSays}`,
    profile.blocked && profile.blocked.until > state.now
      ? `${profile.blocked.kind} until ${moment(profile.blocked.until, state.now)}: ${profile.blocked.reason ?? 'no reason given'}`
      : null,
  ]),
  tryThis: loginAdvice(profile, state),
  facts: [
    ['provider', profile.provider],
    ['used by', profile.usedBy.join(', ')],
    ['from', profile.from],
    ['ends', profile.expiresAt === null ? 'not known' : new Date(profile.expiresAt).toISOString()],
    ['renews', profile.renewsItself ? 'by itself' : 'only by a person'],
  ],
})

/** A log that is named may be of any gateway: then nothing of this host is read. */
const noLogin = ({profiles, copies, live}: PanelInput): string => {
  if (profiles) return 'No login at a model provider is stored here; `openclaw models auth add` stores one.'
  return live === null && copies === null
    ? 'Logins are not read with --log or in a replay: start gatecrab without it to see them.'
    : 'The profiles have not been read.'
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
    return [...(problem === null ? [] : [[problem]]), stripOf(profiles, now, isAscii)]
  },
})
