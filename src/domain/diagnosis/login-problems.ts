import {isBroken, isDisabled, renewalAdvice, renewalFailureOf} from '../logins/profile.ts'
import type {AgentReport} from '../logins/profile-report.ts'
import type {World} from '../world/world.ts'
import type {LogInputs, Problem} from './problem.ts'
import {baseFacts} from './token-and-login-problems.ts'

const maxAgents = 3

const loginTitle = (isGone: boolean, count: number): string => {
  if (isGone) return count > 1 ? `${count} provider logins need you` : 'a provider login needs you'
  return count > 1 ? `${count} provider logins end soon` : 'a provider login ends soon'
}

/** Where a provider has no login at all, none can be renewed. */
const lackOf = ({exit, reasons = [], withoutLogin = []}: AgentReport): string | null =>
  exit === 1 && withoutLogin.length > 0 && withoutLogin.length === reasons.length ? withoutLogin.join(', ') : null

const lackTitle = (who: string, lack: string): string => `${who}: no login for ${lack}`

/** What no login row shows. */
export const withoutLoginText = (report: AgentReport): string | null => {
  const lack = lackOf(report)
  return lack === null ? null : lackTitle(report.agent, lack)
}

const lacking = (who: string, lack: string): Pick<Problem, 'title' | 'because' | 'tryThis'> => ({
  title: lackTitle(who, lack),
  because: `a model that is used there is of ${lack}`,
  tryThis:
    '`openclaw models auth add` stores one; `openclaw models set PROVIDER/MODEL` names a model of a provider that has one.',
})

type LoginFacts = NonNullable<LogInputs['logins']>

/** Why the renewals of these logins failed, where a log that was read tells: each cause once, with what helps against it. */
const renewalsOf = (world: World, agents: readonly string[], logins: LoginFacts): {because: string; tryThis: string}[] =>
  logins.profiles
    .filter(({inUseBy, usedBy}) => [...inUseBy, ...usedBy].some(agent => agents.includes(agent)))
    .flatMap(profile => {
      const failure = isBroken(profile.state) ? renewalFailureOf(world, profile, logins) : null
      if (failure === null) return []
      const at = new Date(failure.at).toISOString().replace(/\.\d+Z$/, 'Z')
      return [
        {
          because: `the renewal of ${profile.profileId} failed at ${at}: ${failure.reason}`,
          tryThis: renewalAdvice(failure, profile),
        },
      ]
    })

/** Nothing better is left for an agent than a login that OpenClaw will not use, such as one that is out of credit. */
export const disabledLogins = (logins: LogInputs['logins'], now: number): Problem[] =>
  (logins?.profiles ?? [])
    .filter(profile => profile.inUseBy.length > 0 && isDisabled(profile, now) && !isBroken(profile.state))
    .map(({profileId, inUseBy, blocked, why, todo}) => ({
      ...baseFacts(now),
      id: 'login-disabled',
      about: profileId,
      layer: 'provider',
      harm: 'broken',
      title: `OpenClaw has disabled the login ${profileId}: ${blocked?.reason ?? 'no reason given'}`,
      because: `${why} ${inUseBy.join(', ')} has no other login there.`,
      tryThis: todo ?? 'See the account at the provider.',
    }))

/** Agents that work with the same logins share one problem. */
export const loginProblems = (
  agents: readonly AgentReport[],
  now: number,
  world: World | null = null,
  logins: LogInputs['logins'] = null,
): Problem[] => {
  const ill = agents.filter(({exit}) => exit !== 0)
  const groups = Map.groupBy(ill, ({agent, exit, because}) => (because === null ? agent : `${exit} ${because}`))
  return Array.from(groups.values(), (group): Problem => {
    const {exit, because = null, reasons = []} = group[0] ?? {exit: 1}
    const lack = group[0] ? lackOf(group[0]) : null
    const isGone = exit === 1
    const names = group.map(({agent}) => agent)
    const renewals = world && logins ? renewalsOf(world, names, logins).slice(0, maxAgents) : []
    const more = names.length - maxAgents
    const who = `${names.slice(0, maxAgents).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
    const troubled = {
      title: `${who}: ${loginTitle(isGone, reasons.length)}`,
      because: [because ?? '', ...renewals.map(renewal => renewal.because)].filter(Boolean).join('; '),
      tryThis:
        renewals[0]?.tryThis ??
        'See panel 4 (or `gatecrab profiles`) for which one and how to renew it; `openclaw models auth add` stores a first one.',
    }
    return {
      ...baseFacts(now),
      id: isGone ? 'login-gone' : 'login-ends',
      about: who,
      layer: 'provider',
      harm: isGone ? 'broken' : 'soon',
      ...(lack === null ? troubled : lacking(who, lack)),
    }
  })
}
