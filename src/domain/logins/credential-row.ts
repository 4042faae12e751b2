import type {Problem} from '../problem.ts'
import {shellWord} from '../shell.ts'
import type {BlockWindow, Credential, StoreRows} from './credential.ts'
import {blockedTodo, blockedWhy, isTurnedAway} from './credential-blocked.ts'
import {judgedIn} from './credential-choice.ts'
import {blockOf} from './credential-order.ts'
import {isBroken, isUsable, type Profile} from './credential-profile.ts'
import type {ProfileReading} from './credential-reading.ts'
import type {Rules} from './credential-rules.ts'
import {saysOf} from './credential-says.ts'
import type {Judged} from './credential-state.ts'
import {todoOf} from './credential-todo.ts'
import {type Held, type View, viewOf} from './credential-view.ts'

/** One row of one store, once, with those who work with it. */
export type Row = {held: Held; agent: string; views: readonly View[]}

export type Around = {
  reading: ProfileReading
  rules: Rules
  now: number
  inUse: ReadonlyMap<string, readonly Held[]>
}

const isSame = (a: Held, b: Held | undefined): boolean => a.credential === b?.credential

const rowsIn = (rows: StoreRows, agent: string, isShared: boolean, views: readonly View[]): Row[] =>
  rows.credentials.map(credential => {
    const held = {credential, rows, isShared}
    return {held, agent, views: views.filter(view => isSame(held, view.held.get(credential.profileId)))}
  })

export const rowsOf = ({shared}: ProfileReading, views: readonly View[]): Row[] => [
  ...(shared ? rowsIn(shared.rows, shared.owner, true, views) : []),
  ...views.flatMap(({agent}) => (agent.own ? rowsIn(agent.own, agent.id, false, views) : [])),
]

/** Agents may keep a count of their own for a shared login: the block that holds longest is shown. */
const blockedIn = ({held, views}: Row, now: number): BlockWindow | null =>
  views
    .map(view => blockOf(view, held, now))
    .reduce<BlockWindow | null>((last, block) => (block !== null && block.until > (last?.until ?? 0) ? block : last), null)

/** What is there for an agent that keeps nothing of its own. */
const sharedView = ({reading, rules}: Around): View =>
  viewOf(reading, {id: '', isConfigured: false, isRead: true, models: [], own: null}, rules)

const hidesGood = ({held}: Row, judged: Judged, around: Around): boolean => {
  if (held.isShared || !isBroken(judged.state)) return false
  const view = sharedView(around)
  const shared = view.held.get(held.credential.profileId)
  return shared !== undefined && isUsable(judgedIn(view, shared, around.rules, around.now).state)
}

const hiding = ({held, agent}: Row): Problem => ({
  title: `Agent ${agent} does not see the good shared ${held.credential.profileId}`,
  because: 'it keeps a row of that name which no longer serves, and its own rows come first',
  tryThis: `renew it for that agent, or remove its copy: \`openclaw models auth logout ${shellWord(held.credential.profileId)} --agent ${shellWord(agent)}\``,
  from: 'gateway',
})

const endOf = ({type, fence, expires}: Credential): number | null =>
  type === null || type === 'api_key' || fence !== null || expires.kind !== 'at' ? null : expires.at

const usersOf = ({held, views}: Row, {inUse}: Around): Pick<Profile, 'usedBy' | 'inUseBy'> => {
  const inUseBy = views.filter(({agent}) => inUse.get(agent.id)?.some(other => isSame(held, other)))
  return {usedBy: views.map(({agent}) => agent.id), inUseBy: inUseBy.map(({agent}) => agent.id)}
}

/** One sentence: how it stands, whom it hides, how long it is blocked. */
const whyOf = (row: Row, {why}: Judged, isHiding: boolean, now: number): string => {
  const block = blockedIn(row, now)
  const more = [isHiding ? 'it hides the shared one of that name, which is good' : null, block && blockedWhy(block, now)]
  return `${[why.replace(/\.$/, ''), ...more.filter(part => part !== null)].join('; ')}.`
}

type Standing = Pick<Profile, 'state' | 'why' | 'todo' | 'renewsItself'>

const standing = (row: Row, judged: Judged, isHiding: boolean, {reading, now}: Around): Standing => {
  const several = reading.agents.filter(({isConfigured}) => isConfigured).length > 1
  const {state, renewsItself} = judged
  const {credential} = row.held
  const agent = several ? row.agent : null
  const block = blockedIn(row, now)
  const todo = todoOf({credential, state, isTurnedAway: isTurnedAway(block), agent, release: reading.release})
  return {
    state,
    why: whyOf(row, judged, isHiding, now),
    todo: todo ?? (block && blockedTodo(block)),
    renewsItself,
  }
}

export const shownRow = (row: Row, around: Around): {profile: Profile; problem: Problem | null} => {
  const {rules, now} = around
  const {credential, rows} = row.held
  const judged = judgedIn(row.views[0] ?? sharedView(around), row.held, rules, now)
  const isHiding = hidesGood(row, judged, around)
  const expiresAt = endOf(credential)
  const profile: Profile = {
    agent: row.agent,
    ...usersOf(row, around),
    profileId: credential.profileId,
    provider: credential.provider,
    type: credential.type,
    ...standing(row, judged, isHiding, around),
    expiresAt,
    remainingMs: expiresAt === null ? null : expiresAt - now,
    blocked: blockedIn(row, now),
    from: credential.isExternal ? 'external' : 'saved',
    store: rows.place,
    openclawSays: saysOf(credential, rules, now),
    hidesShared: isHiding,
  }
  return {profile, problem: isHiding ? hiding(row) : null}
}

/** The rows that one agent works with, or keeps though nobody can use them. */
export const profilesFor = (profiles: readonly Profile[], agent: string): Profile[] =>
  profiles
    .filter(({usedBy, agent: keeper}) => usedBy.includes(agent) || (usedBy.length === 0 && keeper === agent))
    .map(profile =>
      profile.agent === agent || profile.from !== 'saved' ? {...profile, agent} : {...profile, agent, from: 'inherited'},
    )
