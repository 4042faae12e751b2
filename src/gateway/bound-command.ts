import path from 'node:path'
import {configFileOf, type HostEnv, type LocationOverrides, profileOf, stateDirOf} from './paths.ts'

/** A profile is named on the command line: the name of its service hangs on it, and OpenClaw reads it nowhere else. */
export const boundCommand = (openclaw: readonly string[], requested: LocationOverrides): readonly string[] => {
  const profile = profileOf(requested)
  return profile === null ? openclaw : [...openclaw, '--profile', profile]
}

/** A shell may move these for the gateway that it speaks of itself; a gateway that was asked for by name is another. */
const ofShellOnly = ['OPENCLAW_LAUNCHD_LABEL', 'OPENCLAW_SYSTEMD_UNIT', 'OPENCLAW_AGENT_DIR', 'PI_CODING_AGENT_DIR']

const isNamed = (requested: LocationOverrides): boolean => requested.stateDir !== null || profileOf(requested) !== null

/** What binds a command of OpenClaw to one gateway, whatever the shell says: its state folder, its config, its port. */
export const boundEnv = (requested: LocationOverrides, hostEnv: HostEnv, port: number | null): Record<string, string> => ({
  OPENCLAW_STATE_DIR: path.resolve(stateDirOf(requested, hostEnv)),
  OPENCLAW_CONFIG_PATH: path.resolve(configFileOf(requested, hostEnv)),
  ...(port === null ? {} : {OPENCLAW_GATEWAY_PORT: String(port)}),
  ...Object.fromEntries(
    isNamed(requested)
      ? []
      : ofShellOnly.flatMap(name => {
          const value = hostEnv.env[name]?.trim()
          return value ? [[name, value]] : []
        }),
  ),
})
