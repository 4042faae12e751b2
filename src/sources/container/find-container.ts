import fs from 'node:fs'
import {type EngineRefusal, type GatewayContainer, hostPort, insideOf} from '../../domain/container.ts'
import {readInspected} from '../../gateway/container/inspected.ts'
import {isFields, jsonIn} from '../../gateway/json.ts'
import type {HostEnv} from '../../gateway/paths.ts'
import {readListeners} from '../live/listener-read.ts'
import {enginesOn, printedByEngine} from './engine.ts'

export type ContainerWish = {
  port: number
  configFile: string
  /** The operator, or the shell, says which gateway is meant: no other container than one with that config is it. */
  isNamed: boolean
}

export type ContainersFound = {
  container: GatewayContainer | null
  /** Other gateways in containers, where it is not plain which is meant. */
  others: readonly GatewayContainer[]
  refusal: EngineRefusal | null
}

const noContainer: ContainersFound = {container: null, others: [], refusal: null}

/** Engines put each container into a control group that carries its id, whatever its network is. */
const containerIdOf = (pid: number): string | null => {
  try {
    return /[/-]([0-9a-f]{64})(?:\.scope|\/|$)/m.exec(fs.readFileSync(`/proc/${pid}/cgroup`, 'utf8'))?.[1] ?? null
  } catch {
    return null
  }
}

/** What has a container's port on the host, where a process of the host has it at all. */
const isForwarder = (program: string): boolean =>
  /docker|rootless|slirp|pasta|gvproxy|vpnkit|podman|conmon|limactl|colima|orbstack/i.test(program)

const maxInspected = 24

const column = (row: Readonly<Record<string, unknown>>, name: string): string => {
  const value = row[name]
  return Array.isArray(value) ? value.join(' ') : String(value ?? '')
}

/** Docker prints an object a line, podman one list. */
const listed = (printed: string): Readonly<Record<string, unknown>>[] => {
  const whole = jsonIn(printed)
  const rows: unknown[] = Array.isArray(whole) ? whole : printed.split('\n').map(jsonIn)
  return rows.filter(isFields)
}

const mayBe = (row: Readonly<Record<string, unknown>>, port: number): boolean =>
  /openclaw|clawd/i.test(['Command', 'Image', 'Names', 'Mounts', 'Labels'].map(name => column(row, name)).join(' ')) ||
  column(row, 'Ports').includes(`:${port}->`)

const idOf = (row: Readonly<Record<string, unknown>>): string => column(row, 'ID') || column(row, 'Id')

const realFile = (file: string): string => {
  try {
    return fs.realpathSync(file)
  } catch {
    return file
  }
}

/** The config of the host is the very file that the gateway inside reads. */
const hasConfig = (container: GatewayContainer, configFile: string): boolean =>
  [configFile, realFile(configFile)].some(file => insideOf(container, file) === container.configFile)

const chosen = (gateways: readonly GatewayContainer[], holderId: string | null, wish: ContainerWish): ContainersFound => {
  const running = gateways.toSorted((a, b) => Number(b.isRunning) - Number(a.isRunning))
  const listening = running.find(({id}) => id === holderId)
  const withConfig = running.filter(one => hasConfig(one, wish.configFile))
  const atPort = running.filter(one => one.isRunning && one.published !== null && hostPort(one, wish.port) === wish.port)
  if (withConfig.length > 0) {
    const best = withConfig.find(one => one === listening || atPort.includes(one)) ?? withConfig[0]
    return {...noContainer, container: best ?? null}
  }
  if (wish.isNamed) return noContainer
  const [first = listening, second] = listening ? [listening] : atPort
  if (first && second === undefined) return {...noContainer, container: first}
  const hasOwnConfig = fs.existsSync(wish.configFile)
  if (hasOwnConfig) return noContainer
  const [only, ...others] = running.filter(({isRunning}) => isRunning || running.every(one => !one.isRunning))
  return others.length === 0 ? {...noContainer, container: only ?? null} : {...noContainer, others: running}
}

/** By the process that has the port: its container, or that it is a process of this host and no forwarder of an engine. */
const holderOf = async (port: number): Promise<{holderId: string | null; isHosts: boolean}> => {
  const seen = await readListeners(port)
  const listeners = 'listeners' in seen ? seen.listeners : []
  const ids = listeners.flatMap(({pid}) => (pid === null ? [] : (containerIdOf(pid) ?? [])))
  const isHosts =
    ids.length === 0 && listeners.some(({pid, program}) => pid !== null && program !== null && !isForwarder(program))
  return {holderId: ids[0] ?? null, isHosts}
}

/** The gateway's container, where it has one: by the process that listens, by the port that is published, by the config that is mounted. */
export const findContainer = async (wish: ContainerWish, hostEnv: HostEnv): Promise<ContainersFound> => {
  const engines = enginesOn(hostEnv)
  if (engines.length === 0) return noContainer
  const {holderId, isHosts} = await holderOf(wish.port)
  if (isHosts) return noContainer
  let refusal: EngineRefusal | null = null
  for (const engine of engines) {
    const printed = await printedByEngine(engine, ['ps', '--all', '--no-trunc', '--format', '{{json .}}'], hostEnv)
    if (typeof printed !== 'string') {
      refusal ??= printed.refusal
      continue
    }
    const ids = [
      ...new Set(
        listed(printed)
          .filter(row => mayBe(row, wish.port) || idOf(row) === holderId)
          .map(idOf),
      ),
    ]
    const inspectable = ids.filter(id => /^[0-9a-f]{12,64}$/.test(id)).slice(0, maxInspected)
    if (inspectable.length === 0) continue
    const inspected = await printedByEngine(engine, ['inspect', ...inspectable], hostEnv)
    const found = chosen(typeof inspected === 'string' ? readInspected(inspected, engine) : [], holderId, wish)
    if (found.container !== null || found.others.length > 0) return found
  }
  return {...noContainer, refusal}
}
