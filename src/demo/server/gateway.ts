import {existsSync, mkdirSync, readFileSync} from 'node:fs'
import {createServer} from 'node:net'
import path from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {createDevices, type Devices, type StoredDevice} from '../device.ts'
import {createBoot, type History, type Running, run, type Start} from '../running.ts'
import {createLimiter, createSuppressor} from './limits.ts'
import {type DemoLog, type MutableLog, openLog} from './log.ts'
import type {ServerState, Timing} from './server-state.ts'
import {type ConfigMore, firstConfig, readSettings, type Settings, writeConfig} from './settings.ts'

type LifecycleControls = {
  restart: (options: {downMs: number}) => Promise<void>
  /** Ends as a killed process does: nothing is said, nothing is logged. `restart` starts it again. */
  kill: () => Promise<void>
  stop: () => Promise<void>
}

type Lifecycle = {server: ServerState; log: MutableLog; start: Start; over: AbortController; running: Running | null}

const end = async (it: Lifecycle, how: 'stop' | 'restart'): Promise<void> => {
  const {running} = it
  it.running = null
  await running?.shut(how)
}

const kill = async (it: Lifecycle): Promise<void> => {
  const {running} = it
  it.running = null
  it.log.mute(true)
  await running?.drop()
}

const restart = async (it: Lifecycle, downMs: number): Promise<void> => {
  const {server, log, over, start} = it
  const warm = it.running !== null
  await end(it, 'restart')
  await wait(downMs, undefined, {signal: over.signal}).catch(() => {})
  if (over.signal.aborted) return
  log.mute(false)
  it.running = await run(server, {port: start.port, configFile: start.configFile, warm})
}

/** Turns a gateway on, and gives the switches that turn it off and on again, one at a time. */
const createLifecycle = async (server: ServerState, log: MutableLog, start: Start): Promise<LifecycleControls> => {
  const it: Lifecycle = {server, log, start, over: new AbortController(), running: await run(server, start)}
  let turn: Promise<void> = Promise.resolve()
  const inTurn = (step: () => Promise<void>): Promise<void> => {
    turn = turn.then(step, step)
    return turn
  }
  return {
    restart: ({downMs}) => inTurn(() => restart(it, downMs)),
    kill: () => inTurn(() => kill(it)),
    stop: () => {
      it.over.abort()
      return inTurn(() => end(it, 'stop'))
    },
  }
}

export type GatewayOptions = {
  folder: string
  port?: number
  clock?: () => number
  timing?: Partial<Timing>
  /** More for the config, where the folder holds none yet. */
  config?: ConfigMore
  history?: (port: number, logFile: string) => History
}

type Places = {folder: string; configFile: string; logFile: string; consoleFile: string}

export type DemoGateway = Places &
  LifecycleControls & {
    url: string
    port: number
    log: DemoLog
    devices: Devices
    /** A device that somebody has approved before. */
    pair: (deviceId: string, role: string, scopes?: readonly string[], more?: Partial<StoredDevice>) => StoredDevice
    /** Its connections end, as where somebody takes its rights. */
    cutOff: (deviceId: string) => void
  }

const usual: Timing = {handshakeMs: 15_000, suppressMs: 30_000, delayScale: 1, tickMs: 30_000, pollMs: 400, startMs: 300}

const isFree = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const server = createServer().once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

/** Below the ports that systems hand out, so that no client is given it while the gateway is down. */
const freePort = async (): Promise<number> => {
  const port = 20_000 + Math.floor(Math.random() * 10_000)
  return (await isFree(port)) ? port : freePort()
}

const placesIn = (folder: string): Places => ({
  folder,
  configFile: path.join(folder, 'openclaw.json'),
  logFile: path.join(folder, 'logs', 'gateway.jsonl'),
  consoleFile: path.join(folder, 'logs', 'gateway.log'),
})

const firstSettings = async ({port, config}: GatewayOptions, {folder, configFile, logFile}: Places): Promise<Settings> => {
  for (const part of ['', 'logs', 'state']) mkdirSync(path.join(folder, part), {recursive: true, mode: 0o700})
  if (!existsSync(configFile)) {
    const token = crypto.getRandomValues(Buffer.alloc(24)).toString('hex')
    writeConfig(configFile, firstConfig(port || (await freePort()), logFile, token, config))
  }
  const settings = readSettings(readFileSync(configFile, 'utf8'), folder)
  if ('problem' in settings) throw new Error(`Invalid config at ${configFile}: ${settings.problem}`)
  return settings
}

const createServerState = (
  settings: Settings,
  {folder, logFile}: Places,
  log: MutableLog,
  clock: () => number,
  timing: Timing,
): ServerState => {
  const limiter = (more: object) => createLimiter(() => ({...server.settings.rateLimit, ...more}), clock, timing.delayScale)
  const suppressor = () => createSuppressor(timing.suppressMs, clock)
  const server: ServerState = {
    settings,
    boot: createBoot(clock()),
    folder,
    logFile,
    log,
    clock,
    timing,
    devices: createDevices(clock),
    limiters: {direct: limiter({}), browser: limiter({exemptLoopback: false})},
    suppress: {unauthorized: suppressor(), closed: suppressor()},
    sockets: new Set(),
    clients: new Set(),
    presence: new Map(),
    versions: {presence: 1, health: 1, healthAt: 0},
  }
  return server
}

export const startDemoGateway = async (options: GatewayOptions): Promise<DemoGateway> => {
  const {folder, clock = Date.now, timing, history} = options
  const places = placesIn(folder)
  const settings = await firstSettings(options, places)
  const {port} = settings
  const log = openLog(places.logFile, places.consoleFile, clock)
  const server = createServerState(settings, places, log, clock, {...usual, ...timing})
  const lifecycle = await createLifecycle(server, log, {
    port,
    configFile: places.configFile,
    history: history?.(port, places.logFile),
  })
  const pair: DemoGateway['pair'] = (id, role, scopes = [], more = {}) => server.devices.pair(id, role, scopes, clock(), more)
  const cutOff: DemoGateway['cutOff'] = id => {
    for (const {socket, connect} of server.clients) if (connect.device?.id === id) socket.close(4001, 'device removed')
  }
  return {...places, port, url: `ws://127.0.0.1:${port}`, log, devices: server.devices, pair, cutOff, ...lifecycle}
}
