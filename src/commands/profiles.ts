import {type Board, boardOf, exitOf} from '../domain/logins/credential-board.ts'
import type {Profile} from '../domain/logins/credential-profile.ts'
import {profilesFor} from '../domain/logins/credential-row.ts'
import type {Problem} from '../domain/problem.ts'
import type {ProfileLook} from '../sources/logins/profile-gathered.ts'
import {readProfiles} from '../sources/logins/profile-reader.ts'
import {type Command, type ExitCode, exit} from './command.ts'
import type {Flags, Given} from './flags.ts'
import {type Where, whereOf} from './known/where.ts'
import {nowOf} from './span.ts'
import {iso, isoOrNull} from './time.ts'
import {toJson} from './told/json.ts'
import {complain} from './told/output.ts'
import {profilesText} from './told/profiles-text.ts'

const flags = {
  agent: {value: 'ID', about: 'what this agent works with, inherited or its own'},
  json: {about: 'one JSON document'},
} satisfies Flags

/** Without --openclaw the command is started only for the folder that it would look at anyway. */
const openclawIn = (given: Given): readonly string[] | null => {
  const named = given.text('openclaw')?.trim()
  if (named) return named.split(/\s+/)
  return given.text('state-dir') === null && given.text('config') === null ? ['openclaw'] : null
}

/** Where the profiles of the gateway that was meant are, for a command and for the screen. */
export const profileLook = (given: Given): ProfileLook => {
  const {stateDir, configFile, release, around} = whereOf(given)
  return {
    stateDir,
    isStateDirGiven: given.text('state-dir') !== null || given.text('profile') !== null,
    configFile,
    release,
    around,
    openclaw: openclawIn(given),
  }
}

const profileJson = ({expiresAt, blocked, ...profile}: Profile) => ({
  ...profile,
  expiresAt: isoOrNull(expiresAt),
  blocked: blocked && {...blocked, until: iso(blocked.until)},
})

const problemJson = ({title, because, tryThis, from}: Problem) => ({
  title,
  because: because ?? null,
  tryThis: tryThis ?? null,
  from,
})

const profilesJson = ({now, warnAfterMs, release, profiles, agents, problems}: Board) => ({
  now: iso(now),
  warnAfterMs,
  release,
  profiles: profiles.map(profileJson),
  agents: agents.map(({agent, isRead, exit, because, openclaw}) => ({agent, isRead, exit, because, openclaw})),
  problems: problems.map(problemJson),
})

const ofAgent = (board: Board, agent: string | null): Board =>
  agent === null
    ? board
    : {...board, profiles: profilesFor(board.profiles, agent), agents: board.agents.filter(fare => fare.agent === agent)}

const noSuchAgent = (agent: string, {agents}: Board): Problem => ({
  title: `No such agent: ${agent}`,
  because: `there are ${agents.map(fare => fare.agent).join(', ')}`,
  from: 'you',
})

/** Whose logins these are, where that may be mistaken. */
const whose = ({remote}: Where): string =>
  remote
    ? `The logins of this machine, which is a client (gateway.mode is remote).\nThe gateway on ${remote.host}:${remote.port} works with those of its own machine.\n\n`
    : ''

const print = (board: Board, given: Given): void => {
  process.stdout.write(given.has('json') ? `${toJson(profilesJson(board))}\n` : `${whose(whereOf(given))}${profilesText(board)}`)
}

const run = async (given: Given): Promise<ExitCode> => {
  const now = nowOf(given)
  const board = boardOf(await readProfiles(profileLook(given), now), now)
  const agent = given.text('agent')?.toLowerCase() ?? null
  const isKnown =
    agent === null || board.agents.some(fare => fare.agent === agent) || profilesFor(board.profiles, agent).length > 0
  if (!isKnown) return complain(noSuchAgent(agent, board))
  print(ofAgent(board, agent), given)
  const code = exitOf(board, agent)
  if (code === exit.unknown) for (const problem of board.problems) complain(problem)
  return code
}

export const profiles: Command = {
  words: 'profiles [--agent ID]',
  about: 'when each login at a model provider ends, and how it stands',
  flags,
  run,
}
