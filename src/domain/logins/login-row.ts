import type {Failure} from '../failure.ts'
import {shellWord} from '../shell.ts'
import {adviceFor} from './advice.ts'
import {loginStatusIn} from './agent-status.ts'
import {type AgentView, agentViewOf, type StoredCredential} from './agent-view.ts'
import {blockedAdvice, blockedWhy, isRejected} from './blocked.ts'
import type {BlockWindow, Credential, StoreRows} from './credential.ts'
import type {LoginStatus} from './login-state.ts'
import {openclawStatusOf} from './openclaw-status.ts'
import {blockOf} from './order.ts'
import {isBroken, isUsable, type Profile} from './profile.ts'
import type {ProfileReading} from './reading.ts'
import type {LoginRules} from './release-rules.ts'

/** One row of one store, once, with those who work with it. */
export type LoginRow = {stored: StoredCredential; agent: string; views: readonly AgentView[]}

export type RowContext = {
  reading: ProfileReading
  rules: LoginRules
  now: number
  inUse: ReadonlyMap<string, readonly StoredCredential[]>
}

const isSame = (a: StoredCredential, b: StoredCredential | undefined): boolean => a.credential === b?.credential

const rowsIn = (rows: StoreRows, agent: string, isShared: boolean, views: readonly AgentView[]): LoginRow[] =>
  rows.credentials.map(credential => {
    const stored = {credential, rows, isShared}
    return {stored, agent, views: views.filter(view => isSame(stored, view.stored.get(credential.profileId)))}
  })

export const rowsOf = ({shared}: ProfileReading, views: readonly AgentView[]): LoginRow[] => [
  ...(shared ? rowsIn(shared.rows, shared.owner, true, views) : []),
  ...views.flatMap(({agent}) => (agent.own ? rowsIn(agent.own, agent.id, false, views) : [])),
]

/** Agents may keep a count of their own for a shared login: the block that holds longest is shown. */
const blockedIn = ({stored, views}: LoginRow, now: number): BlockWindow | null =>
  views
    .map(view => blockOf(view, stored, now))
    .reduce<BlockWindow | null>((last, block) => (block !== null && block.until > (last?.until ?? 0) ? block : last), null)

/** What is there for an agent that keeps nothing of its own. */
const sharedView = ({reading, rules}: RowContext): AgentView =>
  agentViewOf(reading, {id: '', isConfigured: false, isRead: true, models: [], own: null}, rules)

const hidesGoodShared = ({stored}: LoginRow, status: LoginStatus, context: RowContext): boolean => {
  if (stored.isShared || !isBroken(status.state)) return false
  const view = sharedView(context)
  const shared = view.stored.get(stored.credential.profileId)
  return shared !== undefined && isUsable(loginStatusIn(view, shared, context.rules, context.now).state)
}

const hiddenSharedFailure = ({stored, agent}: LoginRow): Failure => ({
  title: `Agent ${agent} does not see the good shared ${stored.credential.profileId}`,
  because: 'it keeps a row of that name which no longer serves, and its own rows come first',
  tryThis: `renew it for that agent, or remove its copy: \`openclaw models auth logout ${shellWord(stored.credential.profileId)} --agent ${shellWord(agent)}\``,
  from: 'gateway',
})

const endOf = ({type, fence, expires}: Credential): number | null =>
  type === null || type === 'api_key' || fence !== null || expires.kind !== 'at' ? null : expires.at

const usersOf = ({stored, views}: LoginRow, {inUse}: RowContext): Pick<Profile, 'usedBy' | 'inUseBy'> => {
  const inUseBy = views.filter(({agent}) => inUse.get(agent.id)?.some(other => isSame(stored, other)))
  return {usedBy: views.map(({agent}) => agent.id), inUseBy: inUseBy.map(({agent}) => agent.id)}
}

/** One sentence: how it stands, whom it hides, how long it is blocked. */
const whyOf = (row: LoginRow, {why}: LoginStatus, isHiding: boolean, now: number): string => {
  const block = blockedIn(row, now)
  const more = [isHiding ? 'it hides the shared one of that name, which is good' : null, block && blockedWhy(block, now)]
  return `${[why.replace(/\.$/, ''), ...more.filter(part => part !== null)].join('; ')}.`
}

type LoginRank = Pick<Profile, 'state' | 'why' | 'todo' | 'renewsItself'>

const rankOf = (row: LoginRow, status: LoginStatus, isHiding: boolean, {reading, now}: RowContext): LoginRank => {
  const several = reading.agents.filter(({isConfigured}) => isConfigured).length > 1
  const {state, renewsItself} = status
  const {credential} = row.stored
  const agent = several ? row.agent : null
  const block = blockedIn(row, now)
  const advice = adviceFor({credential, state, isRejected: isRejected(block), agent, release: reading.release})
  return {
    state,
    why: whyOf(row, status, isHiding, now),
    todo: advice ?? (block && blockedAdvice(block)),
    renewsItself,
  }
}

export const toProfile = (row: LoginRow, context: RowContext): {profile: Profile; problem: Failure | null} => {
  const {rules, now} = context
  const {credential, rows} = row.stored
  const status = loginStatusIn(row.views[0] ?? sharedView(context), row.stored, rules, now)
  const isHiding = hidesGoodShared(row, status, context)
  const expiresAt = endOf(credential)
  const profile: Profile = {
    agent: row.agent,
    ...usersOf(row, context),
    profileId: credential.profileId,
    provider: credential.provider,
    type: credential.type,
    ...rankOf(row, status, isHiding, context),
    expiresAt,
    remainingMs: expiresAt === null ? null : expiresAt - now,
    blocked: blockedIn(row, now),
    from: credential.isExternal ? 'external' : 'saved',
    store: rows.place,
    openclawSays: openclawStatusOf(credential, rules, now),
    hidesShared: isHiding,
  }
  return {profile, problem: isHiding ? hiddenSharedFailure(row) : null}
}

/** The rows that one agent uses, and those it stores but cannot use. */
export const profilesFor = (profiles: readonly Profile[], agent: string): Profile[] =>
  profiles
    .filter(({usedBy, agent: keeper}) => usedBy.includes(agent) || (usedBy.length === 0 && keeper === agent))
    .map(profile =>
      profile.agent === agent || profile.from !== 'saved' ? {...profile, agent} : {...profile, agent, from: 'inherited'},
    )
