import {agentViewOf} from '../../domain/logins/agent-view.ts'
import {owned} from '../../domain/logins/credential.ts'
import {queueOf} from '../../domain/logins/order.ts'
import type {Profile} from '../../domain/logins/profile.ts'
import {buildProfileReport, type ProfileReport} from '../../domain/logins/profile-report.ts'
import type {ProfileReading} from '../../domain/logins/reading.ts'
import {loginRulesOf} from '../../domain/logins/release-rules.ts'
import type {RenewalKind} from '../../domain/logins/renewal.ts'
import type {Refusal} from '../../domain/plans/preconditions.ts'
import type {RenewalFacts} from '../../domain/plans/renewal/facts.ts'
import {isSince} from '../../domain/release.ts'
import {commandOf} from '../../gateway/cli.ts'
import {loginCli, savesForMainOnly} from '../../gateway/logins/cli-login.ts'
import {readProfiles} from '../../sources/logins/reader.ts'
import {openHasher} from '../../sources/plans/digest.ts'
import {backupFolder, makePlaces, planId} from '../../sources/plans/journals-folder.ts'
import {loginRows, rowDigest} from '../../sources/plans/login-rows.ts'
import {profileLocation} from '../profiles.ts'
import type {PlanContext} from './context.ts'
import {busyWith, cutOffPlan} from './previous.ts'
import {targetWithoutToken} from './target.ts'

/** Which login, and what is to be done with it. */
export type RenewalOptions = {
  profileId: string
  agent: string | null
  kind: RenewalKind | null
  validFor: string | null
  deviceCode?: boolean
  /** Instead of putting it first: this order, or with none of them no order at all. */
  order?: readonly string[]
}

const defaultLife = '365d'

const refuse = (title: string, because: string, tryThis: string): Refusal => ({
  refused: {title, because, tryThis, from: 'you'},
  unknown: false,
})

const choose = ({profiles, agents}: ProfileReport, {profileId, agent}: RenewalOptions): Profile | Refusal => {
  const named = profiles.filter(profile => profile.profileId === profileId)
  const found = agent === null ? named : named.filter(one => one.agent === agent || one.usedBy.includes(agent))
  const own = agent === null ? found : found.filter(one => one.agent === agent)
  const [first, ...rest] = own.length > 0 ? own : found
  if (first === undefined)
    return refuse(
      `No such profile: ${profileId}${agent === null ? '' : ` of agent ${agent}`}`,
      named.length > 0
        ? `it belongs to ${named.map(one => one.agent).join(', ')}`
        : `there are ${profiles.map(one => one.profileId).join(', ') || 'none'}`,
      agent !== null && !agents.some(agentReport => agentReport.agent === agent)
        ? `there is no agent ${agent}`
        : '`gatecrab profiles` lists them',
    )
  if (rest.length > 0)
    return refuse(
      `${profileId} exists more than once`,
      `agents ${found.map(one => one.agent).join(', ')} each keep one`,
      'say whose with --agent',
    )
  return first
}

const marginMs = 300_000

/** Each command that saves a login makes the gateway renew those that are due. */
const atRiskIn = ({profiles, now}: ProfileReport, but: Profile, release: string | null): string[] =>
  release !== null && !isSince(release, '2026.9.5')
    ? []
    : [
        ...new Set(
          profiles
            .filter(
              ({state, expiresAt, from}) =>
                from === 'saved' && state === 'renews' && expiresAt !== null && expiresAt - now <= marginMs,
            )
            .filter(({profileId}) => profileId !== but.profileId)
            .map(({profileId}) => profileId),
        ),
      ]

const orderOf = (reading: ProfileReading, agent: string, provider: string, now: number): RenewalFacts['order'] => {
  const facts = reading.agents.find(({id}) => id === agent) ?? {
    id: agent,
    isConfigured: false,
    isRead: true,
    models: [],
    own: null,
  }
  const view = agentViewOf(reading, facts, loginRulesOf(reading.release))
  const {stored: holder} = queueOf(view, reading.auth, {provider, model: null}, now)
  const inLine = holder.map(({credential}) => credential.profileId)
  const others = Array.from(view.stored.values(), ({credential}) => credential).filter(one => one.provider === provider)
  return {now: [...new Set([...inLine, ...others.map(({profileId}) => profileId)])], stored: owned(view.order, provider) ?? null}
}

const sealed = async ({places}: PlanContext, {store, profileId}: Profile): Promise<string | null> => {
  const rows = await loginRows(store)
  makePlaces(places)
  return rows && rowDigest({hasher: openHasher(places.key)}, rows, profileId)
}

const rowsIn = ({shared, agents}: ProfileReading) => [...(shared ? [shared.rows] : []), ...agents.flatMap(({own}) => own ?? [])]

const ofMainOnly = (agent: string): Refusal => ({
  refused: {
    title: 'This release saves a login for its main agent only',
    because: `${agent} keeps its own`,
    tryThis: 'update OpenClaw, or run its command with OPENCLAW_AGENT_DIR set to the folder of that agent',
    from: 'gateway',
  },
  unknown: false,
})

/** Everything that the plan for one login is made from; reads, and starts nothing but `openclaw --version`. */
export const renewalFacts = async (
  planContext: PlanContext,
  options: RenewalOptions,
  now: number,
): Promise<RenewalFacts | Refusal> => {
  const {places, openclaw, release, context} = planContext
  const reading = await readProfiles({...profileLocation(context), release, openclaw: null}, now)
  const board = buildProfileReport(reading, now, context.options.warnAfterMs)
  const profile = choose(board, options)
  if ('refused' in profile) return profile
  const several = reading.agents.filter(({isConfigured}) => isConfigured).length > 1
  const agent = options.kind === 'order' ? (options.agent ?? profile.agent) : profile.agent
  if (several && agent !== 'main' && options.kind !== 'order' && savesForMainOnly(release)) return ofMainOnly(agent)
  const order = orderOf(reading, agent, profile.provider, now)
  const validFor = options.validFor ?? defaultLife
  const first = options.order ?? [profile.profileId, ...order.now.filter(id => id !== profile.profileId)]
  const asked = {
    release,
    provider: profile.provider,
    profileId: profile.profileId,
    agent: several ? agent : null,
    validFor,
    order: first,
    deviceCode: options.deviceCode === true,
  }
  const target = targetWithoutToken(planContext)
  const id = planId('renew', now)
  return {
    id,
    now,
    target,
    release,
    profile: {...profile, agent},
    credential:
      rowsIn(reading).flatMap(({credentials, place}) =>
        credentials.filter(one => one.profileId === profile.profileId && place.path === profile.store.path),
      )[0] ?? null,
    isLeftover: reading.leftovers.some(({rows}) => rows.place.path === profile.store.path),
    requestedKind: options.kind,
    several,
    order,
    atRisk: atRiskIn(board, profile, release),
    cli: openclaw === null ? null : loginCli(openclaw, asked),
    command: openclaw === null ? null : commandOf(openclaw, release),
    validFor,
    seal: await sealed(planContext, profile),
    busy: busyWith(places, target.key),
    cutOff: cutOffPlan(places, target.key)?.id ?? null,
    backups: backupFolder(places, id),
  }
}
