import type {Problem} from '../domain/problem.ts'
import type {GatewayConfig} from '../gateway/config.ts'
import {configFileOf, type LogPlace, logPlaces, type Surroundings, stateDirOf, type Wanted} from '../gateway/paths.ts'
import {configAt, installedRelease} from '../sources/installed.ts'
import {surroundings} from '../sources/surroundings.ts'
import type {Given} from './flags.ts'

/** Which gateway is meant, and where its things are. */
export type Where = {
  wanted: Wanted
  around: Surroundings
  stateDir: string
  configFile: string
  config: GatewayConfig
  hasConfig: boolean
  release: string | null
  /** `--release`: the operator knows better. */
  releaseGiven: string | null
  places: LogPlace[]
  problem: Problem | null
}

export const whereOf = (given: Given): Where => {
  const around = surroundings()
  const wanted: Wanted = {stateDir: given.text('state-dir'), configFile: given.text('config'), profile: given.text('profile')}
  const configFile = configFileOf(wanted, around)
  const {config, exists, problem} = configAt(configFile)
  const release = given.text('release') ?? installedRelease(around.env['PATH'] ?? '') ?? config.release
  return {
    wanted,
    around,
    stateDir: stateDirOf(wanted, around),
    configFile,
    config,
    hasConfig: exists,
    release,
    releaseGiven: given.text('release'),
    places: logPlaces(config.logFile, release, wanted, around),
    problem,
  }
}
