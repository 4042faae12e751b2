import type {DeviceAction} from '../../devices/change.ts'
import type {DeviceReport} from '../../devices/report.ts'
import type {Failure} from '../../failure.ts'
import type {Cli, Facts} from '../facts.ts'
import type {Target} from '../plan.ts'

/** Which device or request, and what is to be done with it, as a person named it. */
export type DeviceRequest = {action: DeviceAction; id: string; role: string | null}

/** All that the plan for a device is made from. */
export type DeviceFacts = {
  id: string
  request: DeviceRequest
  target: Target
  release: string | null
  /** Null where the devices could not be read, and why. */
  report: DeviceReport | null
  problem: Failure | null
  cli: DeviceCli | null
  /** The command itself, asked before it changes anything which gateway it means. */
  command: Pick<Cli, 'elsewhere' | 'configFile'> | null
  /** This release's command would first pair itself with the gateway, for more than this account has. */
  wouldPairItself: boolean
  busy: Facts['busy']
  cutOff: string | null
  backups: string
}

/** Argument lists of OpenClaw's command for devices; null where the release has no such command. */
export type DeviceCli = {
  list: readonly string[]
  argv: (action: DeviceAction, id: string, role: string | null) => readonly string[] | null
  /** The first release that has it. */
  since: (action: DeviceAction) => string
}
