import {type Failure, usageFailure} from '../../domain/failure.ts'
import {profilesFor} from '../../domain/logins/login-row.ts'
import type {Profile, RenewalFailure} from '../../domain/logins/profile.ts'
import {buildProfileReport, type ProfileReport, profileExitCode} from '../../domain/logins/profile-report.ts'
import type {GatewayContext} from '../../runtime/context.ts'
import {currentTime} from '../../runtime/options.ts'
import {profileLocation} from '../../runtime/profiles.ts'
import {readRenewalFailures} from '../../runtime/renewal-failures.ts'
import {readProfiles} from '../../sources/logins/reader.ts'
import {type Command, type ExitCode, exit, type Locate} from '../command.ts'
import {iso, isoOrNull} from '../moment-flags.ts'
import {type Args, type Flags, readingFlags} from '../options.ts'
import {printFailure} from '../print/failure-output.ts'
import {toJson} from '../print/json.ts'
import {profilesText} from '../print/profiles-text.ts'

const flags = {
  agent: {value: 'ID', about: 'what this agent works with, inherited or its own'},
  json: {about: 'one JSON document'},
} satisfies Flags

const renewalJson = (failure: RenewalFailure | undefined) =>
  failure === undefined ? null : {reason: failure.reason, at: iso(failure.at), from: failure.from}

const profileJson = (given: Profile, failure: RenewalFailure | undefined) => {
  const {expiresAt, blocked, ...profile} = given
  return {
    ...profile,
    expiresAt: isoOrNull(expiresAt),
    blocked: blocked && {...blocked, until: iso(blocked.until)},
    renewalFailure: renewalJson(failure),
  }
}

type Renewals = ReadonlyMap<Profile, RenewalFailure>

const problemJson = ({title, because, tryThis, from}: Failure) => ({
  title,
  because: because ?? null,
  tryThis: tryThis ?? null,
  from,
})

const profilesJson = ({now, warnAfterMs, release, profiles, agents, problems}: ProfileReport, renewals: Renewals) => ({
  now: iso(now),
  warnAfterMs,
  release,
  profiles: profiles.map(profile => profileJson(profile, renewals.get(profile))),
  agents: agents.map(({agent, isRead, exit, because, openclaw}) => ({agent, isRead, exit, because, openclaw})),
  problems: problems.map(problemJson),
})

const ofAgent = (board: ProfileReport, agent: string | null): ProfileReport =>
  agent === null
    ? board
    : {
        ...board,
        profiles: profilesFor(board.profiles, agent),
        agents: board.agents.filter(agentReport => agentReport.agent === agent),
      }

const noSuchAgent = (agent: string, {agents}: ProfileReport): Failure =>
  usageFailure(`No such agent: ${agent}`, {because: `there are ${agents.map(agentReport => agentReport.agent).join(', ')}`})

/** Whose logins these are, where that may be mistaken. */
const whose = ({remote}: GatewayContext): string =>
  remote
    ? `The logins of this machine, which is a client (gateway.mode is remote).\nThe gateway on ${remote.host}:${remote.port} works with those of its own machine.\n\n`
    : ''

const print = (board: ProfileReport, renewals: Renewals, args: Args, context: GatewayContext): void => {
  process.stdout.write(
    args.flag('json') ? `${toJson(profilesJson(board, renewals))}\n` : `${whose(context)}${profilesText(board, renewals)}`,
  )
}

const run = async (args: Args, locate: Locate): Promise<ExitCode> => {
  const context = await locate()
  const now = currentTime(context.options)
  const board = buildProfileReport(await readProfiles(profileLocation(context), now), now, context.options.warnAfterMs)
  const agent = args.value('agent')?.toLowerCase() ?? null
  const isProven =
    agent === null ||
    board.agents.some(agentReport => agentReport.agent === agent) ||
    profilesFor(board.profiles, agent).length > 0
  if (!isProven) return printFailure(noSuchAgent(agent, board))
  const shown = ofAgent(board, agent)
  print(shown, await readRenewalFailures(context, shown.profiles), args, context)
  const code = profileExitCode(board, agent)
  if (code === exit.unknown) for (const problem of board.problems) printFailure(problem)
  return code
}

export const profiles: Command = {
  words: 'profiles [--agent ID]',
  about: 'when each login at a model provider ends, and how it stands',
  flags,
  common: readingFlags,
  run,
}
