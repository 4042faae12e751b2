import type {Failure} from '../failure.ts'
import {isSince} from '../release.ts'
import {shellWord} from '../shell.ts'
import {loginStatusIn} from './agent-status.ts'
import {type AgentView, agentViewOf, type StoredCredential} from './agent-view.ts'
import type {BlockWindow, Credential, StoreRows} from './credential.ts'
import type {LoginState, LoginStatus} from './login-state.ts'
import {openclawStatusOf} from './openclaw-status.ts'
import {blockedAdvice, blockedWhy, blockOf, isRejected} from './order.ts'
import {isBroken, isUsable, type Profile} from './profile.ts'
import type {ProfileReading} from './reading.ts'
import type {LoginRules} from './release-rules.ts'

type AdviceInputs = {credential: Credential; state: LoginState; isRejected: boolean; agent: string | null; release: string | null}

/** Before 2026.8.1 the agent stands right behind `auth`, and nowhere else. */
const command = ({credential, agent, release}: AdviceInputs, verb: string, more = ''): string => {
  const named = agent === null ? '' : ` --agent ${shellWord(agent)}`
  const [before, after] = isSince(release, '2026.8.1') ? ['', named] : [named, '']
  return `\`openclaw models auth${before} ${verb} --provider ${shellWord(credential.provider)} --profile-id ${shellWord(credential.profileId)}${more}${after}\``
}

const newToken = (inputs: AdviceInputs): string => {
  const {provider} = inputs.credential
  if (provider === 'github-copilot') return 'Sign in again: `openclaw models auth login-github-copilot`.'
  const source = provider === 'anthropic' ? 'Make a token with `claude setup-token`' : `Get a new token from ${provider}`
  if (!isSince(inputs.release, '2026.5.28'))
    return `${source}, then save it in the prompt of ${command(inputs, 'paste-token', ' --expires-in 365d')}: piped, it would be shown and not saved.`
  return `${source}, then ${command(inputs, 'paste-token', ' --expires-in 365d')}.`
}

const newKey = (inputs: AdviceInputs): string =>
  isSince(inputs.release, '2026.5.28')
    ? `Save a key: ${command(inputs, 'paste-api-key')}.`
    : 'Save a key: `openclaw models auth add`.'

const signIn = (inputs: AdviceInputs): string => `Sign in again, with the network up: ${command(inputs, 'login')}.`

const byType = (inputs: AdviceInputs): string => {
  const {type} = inputs.credential
  if (type === 'oauth') return signIn(inputs)
  return type === 'token' ? newToken(inputs) : newKey(inputs)
}

/** What mends it; null where nothing is to be done. */
export const adviceFor = (inputs: AdviceInputs): string | null => {
  const {credential, state, release} = inputs
  if (state === 'missing' && credential.isInactive && isSince(release, '2026.9.5'))
    return `Switch it on: \`openclaw models auth activate ${shellWord(credential.profileId)}\`.`
  if (state === 'expired' || state === 'login-lost' || state === 'missing' || state === 'expiring') return byType(inputs)
  if (inputs.isRejected && state !== 'external') return byType(inputs)
  if (state === 'unverified') return 'Check that the gateway can reach the secret: `openclaw secrets audit`.'
  return null
}

/** One row of one store, once, with those who work with it. */
export type LoginRow = {stored: StoredCredential; agent: string; views: readonly AgentView[]}

type RowContext = {
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
