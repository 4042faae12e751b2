import {readFileSync} from 'node:fs'
import type {WebSocket} from 'ws'
import {seeded} from '../random.ts'
import type {Credentials} from '../server/connect.ts'
import type {DemoGateway} from '../server/gateway.ts'
import {type Caller, type ClientCall, callersOf, dial} from './rpc-client.ts'

/** What the stories of the cast are played with; time on it runs `speed` times as fast. */
export type ScenarioRunner = {
  gateway: DemoGateway
  callers: ReturnType<typeof callersOf>
  ms: (ms: number) => number
  after: (ms: number, act: () => unknown) => void
  every: (first: number, ms: number, act: () => unknown) => void
  call: (caller: Caller, auth: Credentials) => ClientCall
  /** The token in the config, as a client on this machine finds it. */
  token: () => string
  keep: (socket: WebSocket) => void
  clear: () => Promise<void>
}

const createTimers = (random: () => number, ms: (ms: number) => number) => {
  const timers = new Set<NodeJS.Timeout>()
  let over = false
  const after = (scenarioMs: number, act: () => unknown): void => {
    if (over) return
    const fire = (): void => {
      timers.delete(timer)
      act()
    }
    const timer = setTimeout(fire, ms(scenarioMs) * (0.9 + random() * 0.2))
    timers.add(timer)
  }
  const every = (first: number, scenarioMs: number, act: () => unknown): void =>
    after(first, () => {
      act()
      every(scenarioMs, scenarioMs, act)
    })
  const cancel = (): void => {
    over = true
    timers.forEach(clearTimeout)
  }
  return {after, every, cancel}
}

const createSockets = () => {
  const sockets = new Set<WebSocket>()
  return {
    keep: (socket: WebSocket): void => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    },
    hangUp: async (): Promise<void> => {
      const gone = [...sockets].map(socket => new Promise(resolve => socket.once('close', resolve)))
      for (const socket of sockets) socket.terminate()
      await Promise.all(gone)
    },
  }
}

const createTokenReader = (file: string): (() => string) => {
  let last = ''
  return () => {
    try {
      last = JSON.parse(readFileSync(file, 'utf8')).gateway.auth.token ?? last
    } catch {}
    return last
  }
}

export const createScenarioRunner = (gateway: DemoGateway, seed: number, speed: number): ScenarioRunner => {
  const ms = (scenarioMs: number): number => scenarioMs / speed
  const {after, every, cancel} = createTimers(seeded(seed), ms)
  const {keep, hangUp} = createSockets()
  return {
    gateway,
    callers: callersOf(gateway.port),
    ms,
    after,
    every,
    keep,
    token: createTokenReader(gateway.configFile),
    call: (caller, auth) => {
      const made = dial(gateway.url, caller, auth)
      keep(made.socket)
      return made
    },
    clear: () => {
      cancel()
      return hangUp()
    },
  }
}
