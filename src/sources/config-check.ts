import {setTimeout as pause} from 'node:timers/promises'
import type {ConfigValidation} from '../domain/diagnosis/config-problems.ts'
import type {Failure} from '../domain/failure.ts'
import {boundCommand, boundEnv, cleanEnv} from '../gateway/cli.ts'
import type {HostEnv, LocationOverrides} from '../gateway/paths.ts'
import {readValidation} from '../gateway/validate-output.ts'
import {changedAt} from './files.ts'
import {runProcess} from './run-process.ts'
import {configAt} from './service/installed.ts'
import {openclawOf} from './service/supervisor-command.ts'

export type ConfigCheckOptions = {
  overrides: LocationOverrides
  hostEnv: HostEnv
  configFile: string
  /** Its command, where the operator named one. */
  openclaw: readonly string[] | null
}

const timeoutMs = 30_000

const failed = (because: string): Failure => ({
  title: 'OpenClaw could not be asked about its config',
  because,
  tryThis: 'run `openclaw config validate` and see what it says',
  from: 'gateway',
})

/**
 * The file as we read it ourselves, and what keeps us from it. A gateway that had refused it takes over what is written later, or says
 * once more that it refuses: so a file that parses and is younger than its refusal is mended.
 */
const readConfigFile = (file: string): ConfigValidation | null => {
  const {exists, problem} = configAt(file)
  return exists ? {file, changedAt: changedAt(file), isValid: problem === null, issues: [], fault: problem} : null
}

const restMs = 500
const maxLooks = 4

/** Whoever writes a file in place leaves half of it for a moment: what is wrong with it counts once nobody has written for a while. */
export const readRestedConfig = async (file: string): Promise<ConfigValidation | null> => {
  for (let look = 1; ; look += 1) {
    const read = readConfigFile(file)
    const isFresh = read !== null && Math.abs(Date.now() - read.changedAt) < restMs
    if (!read?.fault || !isFresh || look === maxLooks) return read
    await pause(restMs)
  }
}

/** Starts OpenClaw's command, which takes more than a second: never as a poll. */
export const checkConfig = async ({
  overrides,
  hostEnv,
  configFile,
  openclaw: named,
}: ConfigCheckOptions): Promise<ConfigValidation | Failure> => {
  const openclaw = named ?? openclawOf(overrides, hostEnv)
  if (openclaw === null) return failed('there is no command openclaw')
  const writtenAt = changedAt(configFile)
  const env = cleanEnv(hostEnv.env, boundEnv(overrides, hostEnv, null))
  const {stdout, code, problem} = await runProcess([...boundCommand(openclaw, overrides), 'config', 'validate', '--json'], {
    env,
    timeoutMs,
  })
  if (problem !== null) return failed(problem)
  const validation = readValidation(stdout)
  return validation
    ? {...validation, file: configFile, changedAt: writtenAt}
    : failed(`it ended with ${code ?? 'a signal'} and printed nothing that gatecrab can read`)
}
