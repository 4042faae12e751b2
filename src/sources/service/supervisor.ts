import fs from 'node:fs'
import type {GatewayContainer} from '../../domain/container.ts'
import type {Supervisor} from '../../domain/plans/plan-facts.ts'
import {isElsewhere, launchdUid} from '../../gateway/cli.ts'
import {launchdLabel, type Surroundings, systemdUnit, type Wanted} from '../../gateway/paths.ts'
import {labelOf} from '../../gateway/service/service-launchd.ts'
import type {GatewayAddress} from '../live/gateway-proof.ts'
import {type Holder, holderOf} from '../token/token-holder.ts'
import {printedBy} from '../token/token-program.ts'
import {type Plist, plistsOf} from './launchd-places.ts'
import {launchdFound} from './service-launchd.ts'

export type Place = {
  wanted: Wanted
  around: Surroundings
  port: number
  openclaw: readonly string[]
  address?: GatewayAddress
  container?: GatewayContainer | null
}

const number = (text: string | undefined): number | null => (Number(text) > 0 ? Number(text) : null)

const nobody = {kind: 'none', name: null, loaded: null, pid: null, second: null, overSsh: false} as const

type Found = Omit<Supervisor, 'holder'>

const inWords = ({domain, file}: Plist): string =>
  `a ${domain === 'system' ? 'LaunchDaemon' : 'LaunchAgent'} of the same name (${file})`

const isOverSsh = ({env}: Surroundings): boolean => (env['SSH_CONNECTION'] ?? '') !== ''

/** Somebody's own agent, under a label that OpenClaw does not know. */
const byAnyLabel = async (holder: Holder | null, around: Surroundings): Promise<Found | null> => {
  const name = holder && labelOf((await printedBy('launchctl', ['list'], around)) ?? '', holder.pid)
  if (holder === null || name === null || name.startsWith('application.')) return null
  return {
    ...{kind: 'launchd', name, domain: `gui/${launchdUid(around)}`, file: null},
    ...{loaded: true, pid: holder.pid, second: null, overSsh: isOverSsh(around)},
  }
}

/** The job that has the port, else the one that runs, is loaded, or is only written down. */
const underLaunchd = async ({wanted, around}: Place, holder: Holder | null): Promise<Found | null> => {
  const name = launchdLabel(wanted, around)
  const plists = plistsOf(wanted, around)
  const {managed} = await launchdFound(wanted, around)
  const jobs = managed.flatMap(({supervisor}) => (supervisor.name === name ? [supervisor] : []))
  const main =
    jobs.find(({pid}) => holder !== null && pid === holder.pid) ??
    jobs.find(({isRunning}) => isRunning) ??
    jobs.find(({isLoaded}) => isLoaded) ??
    jobs[0]
  const [written] = plists
  if (main === undefined && written === undefined) return byAnyLabel(holder, around)
  const file = main?.file ?? written?.file ?? null
  const other = plists.find(one => one.file !== file)
  return {
    ...{kind: 'launchd', name, file},
    domain: main?.domain ?? written?.domain ?? null,
    loaded: main?.isLoaded ?? null,
    pid: main?.pid ?? null,
    second: other ? inWords(other) : null,
    overSsh: isOverSsh(around),
  }
}

const underSystemd = async ({wanted, around}: Place): Promise<Found | null> => {
  const {name, file} = systemdUnit(wanted, around)
  const isThere = fs.existsSync(file)
  const told = await printedBy('systemctl', ['--user', 'show', name, '--property', 'LoadState,ActiveState,MainPID'], around)
  const state = (key: string): string | undefined => new RegExp(`^${key}=(.*)$`, 'm').exec(told ?? '')?.[1]
  if (!isThere && state('LoadState') !== 'loaded') return null
  const machine = fs.existsSync(`/etc/systemd/system/${name}`)
  return {
    kind: 'systemd',
    name,
    loaded: told === null ? null : state('LoadState') === 'loaded',
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
export const supervisorOf = async (place: Place): Promise<Supervisor> => {
  const {around, port, openclaw} = place
  const holder = await holderOf(place.address ?? {host: '127.0.0.1', port})
  if (place.container) return {...nobody, kind: 'container', name: place.container.name, holder}
  if (isElsewhere(openclaw)) return {...nobody, kind: 'container', name: openclaw.join(' '), holder}
  const found = around.platform === 'darwin' ? await underLaunchd(place, holder) : await underSystemd(place)
  const supervisor = found ?? nobody
  const other = around.platform === 'linux' ? otherUnit(holder, supervisor.name) : null
  return {...supervisor, second: supervisor.second ?? other, holder}
}
