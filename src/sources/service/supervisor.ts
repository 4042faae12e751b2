import fs from 'node:fs'
import type {GatewayContainer} from '../../domain/container.ts'
import type {PlanSupervisor} from '../../domain/plans/facts.ts'
import {isElsewhere, launchdUid} from '../../gateway/cli.ts'
import {type HostEnv, type LocationOverrides, launchdLabel, systemdUnit} from '../../gateway/paths.ts'
import {labelOf} from '../../gateway/service/launchd.ts'
import type {GatewayAddress} from '../live/gateway-proof.ts'
import {stdoutOf} from '../run-process.ts'
import {launchdFound} from './launchd.ts'
import {type Plist, plistsOf} from './launchd-places.ts'
import {type Holder, portHolder} from './port-holder.ts'

export type SupervisorQuery = {
  overrides: LocationOverrides
  hostEnv: HostEnv
  port: number
  openclaw: readonly string[]
  address?: GatewayAddress
  container?: GatewayContainer | null
}

const number = (text: string | undefined): number | null => (Number(text) > 0 ? Number(text) : null)

const noSupervisor = {kind: 'none', name: null, loaded: null, pid: null, second: null, overSsh: false} as const

type Found = Omit<PlanSupervisor, 'holder'>

const inWords = ({domain, file}: Plist): string =>
  `a ${domain === 'system' ? 'LaunchDaemon' : 'LaunchAgent'} of the same name (${file})`

const isOverSsh = ({env}: HostEnv): boolean => (env['SSH_CONNECTION'] ?? '') !== ''

/** Somebody's own agent, under a label that OpenClaw does not know. */
const byAnyLabel = async (holder: Holder | null, hostEnv: HostEnv): Promise<Found | null> => {
  const name = holder && labelOf((await stdoutOf(['launchctl', 'list'], hostEnv)) ?? '', holder.pid)
  if (holder === null || name === null || name.startsWith('application.')) return null
  return {
    ...{kind: 'launchd', name, domain: `gui/${launchdUid(hostEnv)}`, file: null},
    ...{loaded: true, pid: holder.pid, second: null, overSsh: isOverSsh(hostEnv)},
  }
}

/** The job that has the port, else the one that runs, is loaded, or is only written down. */
const underLaunchd = async ({overrides, hostEnv}: SupervisorQuery, holder: Holder | null): Promise<Found | null> => {
  const name = launchdLabel(overrides, hostEnv)
  const plists = plistsOf(overrides, hostEnv)
  const {managed} = await launchdFound(overrides, hostEnv)
  const jobs = managed.flatMap(({supervisor}) => (supervisor.name === name ? [supervisor] : []))
  const main =
    jobs.find(({pid}) => holder !== null && pid === holder.pid) ??
    jobs.find(({isRunning}) => isRunning) ??
    jobs.find(({isLoaded}) => isLoaded) ??
    jobs[0]
  const [written] = plists
  if (main === undefined && written === undefined) return byAnyLabel(holder, hostEnv)
  const file = main?.file ?? written?.file ?? null
  const other = plists.find(one => one.file !== file)
  return {
    ...{kind: 'launchd', name, file},
    domain: main?.domain ?? written?.domain ?? null,
    loaded: main?.isLoaded ?? null,
    pid: main?.pid ?? null,
    second: other ? inWords(other) : null,
    overSsh: isOverSsh(hostEnv),
  }
}

const underSystemd = async ({overrides, hostEnv}: SupervisorQuery): Promise<Found | null> => {
  const {name, file} = systemdUnit(overrides, hostEnv)
  const isThere = fs.existsSync(file)
  const output = await stdoutOf(['systemctl', '--user', 'show', name, '--property', 'LoadState,ActiveState,MainPID'], hostEnv)
  const state = (key: string): string | undefined => new RegExp(`^${key}=(.*)$`, 'm').exec(output ?? '')?.[1]
  if (!isThere && state('LoadState') !== 'loaded') return null
  const machine = fs.existsSync(`/etc/systemd/system/${name}`)
  return {
    kind: 'systemd',
    name,
    loaded: output === null ? null : state('LoadState') === 'loaded',
    pid: number(state('MainPID')),
    second: machine ? `a unit of the machine (/etc/systemd/system/${name})` : null,
    overSsh: false,
  }
}

/** systemd keeps each of its services in a control group that carries the name. */
const groupOf = ({pid}: Holder): string | null => {
  try {
    return /([^/\n]+\.service)\s*$/m.exec(fs.readFileSync(`/proc/${pid}/cgroup`, 'utf8'))?.[1] ?? null
  } catch {
    return null
  }
}

const isLogin = (unit: string): boolean => /^(?:user@|session-|ssh|systemd-)/.test(unit)

const otherUnit = (holder: Holder | null, own: string | null): string | null => {
  const unit = holder === null ? null : groupOf(holder)
  return unit === null || unit === own || isLogin(unit) ? null : `the unit ${unit}`
}

/** Who starts this gateway, and who holds its port now. */
export const supervisorOf = async (place: SupervisorQuery): Promise<PlanSupervisor> => {
  const {hostEnv, port, openclaw} = place
  const holder = await portHolder(place.address ?? {host: '127.0.0.1', port})
  if (place.container) return {...noSupervisor, kind: 'container', name: place.container.name, holder}
  if (isElsewhere(openclaw)) return {...noSupervisor, kind: 'container', name: openclaw.join(' '), holder}
  const found = hostEnv.platform === 'darwin' ? await underLaunchd(place, holder) : await underSystemd(place)
  const supervisor = found ?? noSupervisor
  const other = hostEnv.platform === 'linux' ? otherUnit(holder, supervisor.name) : null
  return {...supervisor, second: supervisor.second ?? other, holder}
}
