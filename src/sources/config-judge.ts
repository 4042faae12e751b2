import type {ConfigJudged} from '../domain/config-judged.ts'
import type {Problem} from '../domain/problem.ts'
import {boundCommand, boundEnv} from '../gateway/bound-command.ts'
import {cleanEnv} from '../gateway/cli.ts'
import {readConfigSaid} from '../gateway/config-said.ts'
import type {Surroundings, Wanted} from '../gateway/paths.ts'
import {changedAt} from './file-stamp.ts'
import {runProcess} from './run-process.ts'
import {configAt} from './service/installed.ts'
import {openclawOf} from './service/supervisor-command.ts'

export type ConfigWish = {
  wanted: Wanted
  around: Surroundings
  configFile: string
  /** Its command, where the operator named one. */
  openclaw: readonly string[] | null
}

const timeoutMs = 30_000

const failed = (because: string): Problem => ({
  title: 'OpenClaw could not be asked about its config',
  because,
  tryThis: 'run `openclaw config validate` and see what it says',
  from: 'gateway',
})

/**
 * The file as we read it ourselves, and what keeps us from it. A gateway that had refused it takes over what is written later, or says
 * once more that it refuses: so a file that parses and is younger than its refusal is mended.
 */
export const readConfigFile = (file: string): ConfigJudged | null => {
  const {exists, problem} = configAt(file)
  return exists ? {file, changedAt: changedAt(file), isValid: problem === null, issues: [], fault: problem} : null
}

/** Starts OpenClaw's command, which takes more than a second: never as a poll. */
export const judgeConfig = async ({wanted, around, configFile, openclaw: named}: ConfigWish): Promise<ConfigJudged | Problem> => {
  const openclaw = named ?? openclawOf(wanted, around)
  if (openclaw === null) return failed('there is no command openclaw')
  const writtenAt = changedAt(configFile)
  const env = cleanEnv(around.env, boundEnv(wanted, around, null))
  const {stdout, code, problem} = await runProcess([...boundCommand(openclaw, wanted), 'config', 'validate', '--json'], {
    env,
    timeoutMs,
  })
  if (problem !== null) return failed(problem)
  const said = readConfigSaid(stdout)
  return said
    ? {...said, file: configFile, changedAt: writtenAt}
    : failed(`it ended with ${code ?? 'a signal'} and printed nothing that gatecrab can read`)
}
