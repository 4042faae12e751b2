import {setTimeout as wait} from 'node:timers/promises'
import {type Running, run, type Start} from '../running.ts'
import type {MutableLog} from './log.ts'
import type {ServerState} from './server-state.ts'

export type LifecycleControls = {
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
export const createLifecycle = async (server: ServerState, log: MutableLog, start: Start): Promise<LifecycleControls> => {
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
