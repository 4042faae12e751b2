import {formatFailure} from '../../domain/failure.ts'
import {fromNow} from '../../domain/logins/login-state.ts'
import {isUsable, type Profile, type RenewalFailure, renewalAdvice} from '../../domain/logins/profile.ts'
import type {AgentReport, ProfileReport} from '../../domain/logins/profile-report.ts'
import {shellWord} from '../../domain/shell.ts'
import {wrapped} from './word-wrap.ts'

const widths = [12, 11, 31, 14] as const
const indent = ' '.repeat(13)

const fitted = (text: string, width: number): string => {
  const chars = Array.from(text)
  return (chars.length > width ? `${chars.slice(0, width - 1).join('')}~` : text).padEnd(width)
}

const lineOf = (cells: readonly string[]): string =>
  cells
    .map((cell, i) => (widths[i] === undefined ? cell : fitted(cell, widths[i])))
    .join(' ')
    .trimEnd()

const endOf = ({expiresAt, state}: Profile, now: number): string => {
  if (expiresAt !== null) return fromNow(expiresAt, now).replace('less than a minute', '< 1 min')
  return state === 'static' ? 'never' : 'unknown'
}

const isQuiet = ({state, blocked}: Profile): boolean =>
  blocked === null && (state === 'ok' || state === 'static' || state === 'renews' || state === 'external')

/** A good login that OpenClaw skips is of no use now: the screen says so in the same word. */
const stateText = ({state, blocked}: Profile, now: number): string =>
  blocked !== null && blocked.until > now && isUsable(state) ? blocked.kind : state

const renewalText = (failure: RenewalFailure, profile: Profile, now: number): string =>
  `Its renewal failed ${fromNow(failure.at, now)}: ${failure.reason}. ${renewalAdvice(failure, profile)}`

const rowOf = (profile: Profile, failure: RenewalFailure | undefined, now: number): string[] => {
  const {profileId, agent, usedBy, openclawSays, why, todo: advice} = profile
  const users = usedBy.length > 1 ? `${agent} +${usedBy.length - 1}` : agent
  const name = `${profile.inUseBy.length > 0 ? '* ' : '  '}${profileId}`
  const row = lineOf([endOf(profile, now), stateText(profile, now), name, users, openclawSays ?? '-'])
  return isQuiet(profile)
    ? [row]
    : [row, wrapped([why, failure ? renewalText(failure, profile, now) : advice].filter(Boolean).join(' '), indent)]
}

const differs = ({exit, openclaw}: AgentReport): boolean => openclaw !== null && openclaw.exit !== exit

const differenceOf = ({agent, exit, openclaw}: AgentReport): string =>
  wrapped(
    `\`openclaw models status --check --agent ${shellWord(agent)}\` would exit ${openclaw?.exit}${openclaw?.because ? `, for ${openclaw.because}` : ''}; by the state of what is in use it is ${exit} here.`,
    '  ',
  )

/** Why the command does not end with 0. */
const whyOf = ({agent, exit, because}: AgentReport): string => wrapped(`! ${agent}: ${because}, so this ends with ${exit}.`)

/** For a terminal of 80 columns, soonest end first. */
export const profilesText = (
  {now, profiles, problems, agents, release}: ProfileReport,
  renewals: ReadonlyMap<Profile, RenewalFailure> = new Map(),
): string =>
  [
    lineOf(['ENDS', 'STATE', '  PROFILE', 'AGENT', 'OPENCLAW']),
    ...profiles.flatMap(profile => rowOf(profile, renewals.get(profile), now)),
    ...(profiles.length === 0 ? ['No profiles were found.'] : []),
    ...problems.map(problem => wrapped(`! ${formatFailure(problem)}`)),
    ...agents.filter(({exit, because}) => exit !== 0 && because !== null).map(whyOf),
    ...agents.filter(differs).map(differenceOf),
    wrapped(
      `* in use now. \`gatecrab renew PROFILE\` does what helps, as a plan. OPENCLAW: what its own status says, by the rules of ${release ?? 'its newest release, since which one runs is not known'}.`,
    ),
    '',
  ].join('\n')
