import type {Failure} from '../failure.ts'
import {agentStatusOf} from './agent-status.ts'
import {type AgentView, agentViewOf, type StoredCredential} from './agent-view.ts'
import {type Credential, warnAfterMs as defaultWarnAfterMs, type Expiry, type StoreRows} from './credential.ts'
import {type LoginRow, rowsOf, toProfile} from './login-row.ts'
import {expiryWords, looksLikeSeconds} from './login-state.ts'
import {type Check, openclawCheck} from './openclaw-check.ts'
import {otherProfiles} from './other-profiles.ts'
import {isBroken, type Profile} from './profile.ts'
import type {ProfileReading} from './reading.ts'
import {type LoginRules, loginRulesOf} from './release-rules.ts'

const dateOf = (at: number): string => new Date(at).toISOString()

const meaning = (expires: Expiry): string => {
  if (expires.kind === 'at') return `; as seconds it would be ${dateOf(expires.at * 1000)}`
  return expires.kind === 'invalid' && expires.meant !== null ? `; it seems to mean ${dateOf(expires.meant)}` : ''
}

const saveAgain = (type: Credential['type']): string =>
  type === 'oauth' ? 'sign in again, which stores it again' : 'save it again with --expires-in'

const expiryWarning = ({profileId, type, expires, fence, hasStrayExpiry}: Credential): Failure | null => {
  if (type !== 'token' && type !== 'oauth') return null
  if (fence !== null) return null
  if (looksLikeSeconds(expires))
    return {
      title: `The expiry of ${profileId} seems to be stored in seconds`,
      because: `OpenClaw reads milliseconds, so it lies in 1970${meaning(expires)}`,
      tryThis: saveAgain(type),
      from: 'gateway',
    }
  if (expires.kind === 'invalid')
    return {
      title: `The expiry of ${profileId} is ${expiryWords(expires)}`,
      because: `OpenClaw reads only milliseconds since 1970${meaning(expires)}`,
      tryThis: saveAgain(type),
      from: 'gateway',
    }
  if (!hasStrayExpiry || expires.kind !== 'none') return null
  return {
    title: `The expiry of ${profileId} is not read`,
    because: 'it stands under expiresAt, and OpenClaw reads expires',
    tryThis: saveAgain(type),
    from: 'gateway',
  }
}

const ignoredRowsWarning = (rows: StoreRows): Failure[] => {
  const ignored = rows.credentials.filter(credential => credential.ignored !== null)
  if (ignored.length === 0) return []
  const each = ignored.map(({profileId, ignored}) => `${profileId} (${ignored})`).join(', ')
  return [
    {title: `OpenClaw drops ${ignored.length} of the rows in ${rows.place.path ?? 'the store'}`, because: each, from: 'gateway'},
  ]
}

/** What is wrong in a store whatever the time is. */
const storeWarnings = (stores: readonly StoreRows[]): Failure[] =>
  stores.flatMap(rows => [
    ...ignoredRowsWarning(rows),
    ...rows.credentials.filter(({ignored}) => ignored === null).flatMap(credential => expiryWarning(credential) ?? []),
  ])

/** One agent's login status by our evaluation, and what OpenClaw's own check would report. */
export type AgentReport = {
  agent: string
  isRead: boolean
  exit: 0 | 1 | 2
  because: string | null
  /** Each login that is meant, or the lack of one; absent where OpenClaw judged. */
  reasons?: readonly string[]
  /** Providers of models that it uses, at which no login is stored. */
  withoutLogin?: readonly string[]
  openclaw: Check | null
}

const maxReasons = 6

const reasonsText = (reasons: readonly string[]): string | null => {
  const more = reasons.length - maxReasons
  return reasons.length === 0 ? null : `${reasons.slice(0, maxReasons).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

export type ProfileReport = {
  now: number
  warnAfterMs: number
  release: string | null
  profiles: readonly Profile[]
  agents: readonly AgentReport[]
  problems: readonly Failure[]
  /** Something that should have been read could not be. */
  isWhole: boolean
}

type AgentRow = {view: AgentView; report: AgentReport; inUse: readonly StoredCredential[]}

const agentRow = (view: AgentView, reading: ProfileReading, rules: LoginRules, now: number): AgentRow => {
  const {inUse, exit, reasons, withoutLogin} = agentStatusOf(view, reading, rules, now)
  const cliStatus = reading.cliStatuses.find(({agent}) => agent === view.agent.id)
  const openclaw = cliStatus ? {exit: cliStatus.exit, because: null} : openclawCheck({view, reading, rules, now})
  const own = cliStatus
    ? {exit: cliStatus.exit, because: cliStatus.exit === 0 ? null : 'openclaw models status --check says so'}
    : {exit, because: reasonsText(reasons), reasons, withoutLogin}
  return {view, inUse, report: {agent: view.agent.id, isRead: view.agent.isRead, ...own, openclaw}}
}

const unservedIn =
  (seen: readonly AgentRow[]) =>
  (provider: string): string[] =>
    seen
      .filter(({view}) => view.agent.models.some(use => use.provider === provider))
      .filter(({inUse}) => !inUse.some(({credential}) => credential.provider === provider))
      .map(({view}) => view.agent.id)

const restingOrder = ['ok', 'renews', 'expiring', 'unverified', 'static', 'unknown', 'external']

const endOf = ({expiresAt, state}: Profile): number => {
  if (expiresAt !== null && state !== 'external' && state !== 'unknown') return expiresAt
  return isBroken(state) ? -Infinity : Infinity
}

/** What is gone first, then the soonest end, then what has none. */
const bySoonestEnd = (a: Profile, b: Profile): number =>
  (endOf(a) === endOf(b) ? 0 : endOf(a) - endOf(b)) ||
  restingOrder.indexOf(a.state) - restingOrder.indexOf(b.state) ||
  (a.profileId < b.profileId ? -1 : Number(a.profileId > b.profileId))

const storesOf = (rows: readonly LoginRow[]) => [...new Set(rows.map(({stored}) => stored.rows))]

/** How every login stands at that moment. */
export const buildProfileReport = (reading: ProfileReading, now: number, warnAfterMs = defaultWarnAfterMs): ProfileReport => {
  const rules = {...loginRulesOf(reading.release), warnAfterMs}
  const seen = reading.agents.map(agent => agentRow(agentViewOf(reading, agent, rules), reading, rules, now))
  const views = seen.map(({view}) => view)
  const inUse = new Map(seen.map(one => [one.view.agent.id, one.inUse]))
  const rows = rowsOf(reading, views)
  const shown = rows.map(row => toProfile(row, {reading, rules, now, inUse}))
  const profiles = [...shown.map(({profile}) => profile), ...otherProfiles(reading, now, unservedIn(seen))]
  return {
    now,
    warnAfterMs,
    release: reading.release,
    profiles: profiles.toSorted(bySoonestEnd),
    agents: seen.filter(({view}) => view.agent.isConfigured).map(({report}) => report),
    problems: [...reading.problems, ...shown.flatMap(({problem}) => problem ?? []), ...storeWarnings(storesOf(rows))],
    isWhole: reading.isWhole,
  }
}

/** 1 something in use is broken, 2 it soon will be, 3 not everything could be read; for one agent or for all. */
export const profileExitCode = (
  {agents, isWhole}: Pick<ProfileReport, 'agents' | 'isWhole'>,
  agent: string | null = null,
): 0 | 1 | 2 | 3 => {
  const counted = agents.filter(report => agent === null || report.agent === agent)
  if (counted.some(({exit}) => exit === 1)) return 1
  if (counted.some(({exit}) => exit === 2)) return 2
  return isWhole || (agent !== null && counted.every(({isRead}) => isRead)) ? 0 : 3
}
