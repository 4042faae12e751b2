import fs from 'node:fs'
import path from 'node:path'
import type {FleetMember} from '../domain/fleet.ts'
import {boundEnv, cleanEnv, splitCommand} from '../gateway/cli.ts'
import {isProfileName, profileMember, readCells} from '../gateway/fleet.ts'
import {configFileOf, type HostEnv, stateDirOf} from '../gateway/paths.ts'
import {runProcess} from './run-process.ts'
import {readHostEnv} from './service/host-env.ts'
import {openclawOf} from './service/supervisor-command.ts'

const defaults = {stateDir: null, configFile: null, profile: null}
const prefix = '.openclaw-'
const listMs = 20_000

const namesIn = (folder: string): string[] => {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}

/** The profiles of this account that have a config. */
const profilesHere = (hostEnv: HostEnv): string[] => {
  const others = namesIn(hostEnv.home)
    .filter(name => name.startsWith(prefix) && fs.existsSync(path.join(hostEnv.home, name, 'openclaw.json')))
    .map(name => name.slice(prefix.length))
    .filter(isProfileName)
    .toSorted()
  return fs.existsSync(configFileOf(defaults, hostEnv)) ? ['default', ...others] : others
}

/** Reading creates nothing. A release that has no `fleet`, and a host without OpenClaw, list no cell. */
const cellsHere = async (openclaw: string | null, hostEnv: HostEnv): Promise<FleetMember[]> => {
  const command = openclaw === null ? openclawOf(defaults, hostEnv) : splitCommand(openclaw)
  if (command === null) return []
  const env = cleanEnv(hostEnv.env, boundEnv(defaults, hostEnv, null))
  const {stdout} = await runProcess([...command, 'fleet', 'list', '--json'], {env, timeoutMs: listMs})
  return readCells(stdout, stateDirOf(defaults, hostEnv)) ?? []
}

/** Every gateway of this machine that this account knows of. */
export const localMembers = async (openclaw: string | null): Promise<FleetMember[]> => {
  const hostEnv = readHostEnv()
  return [...profilesHere(hostEnv).map(profileMember), ...(await cellsHere(openclaw, hostEnv))]
}
