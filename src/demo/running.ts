import {setTimeout as wait} from 'node:timers/promises'
import {type Boot, type Hall, tellAll} from './hall.ts'
import * as life from './life.ts'
import {type Listener, listen} from './listener.ts'
import type {Line} from './log.ts'
import {changedPaths, needsRestart, readSettings, watchConfig} from './settings.ts'
import {closeAll, ended} from './visit.ts'

/** What the log says of the time before this gateway was started: it then counts as up since `bootedAt`. */
export type History = {lines: readonly {line: Line; at: number}[]; bootedAt: number}

export type Start = {port: number; configFile: string; history?: History | undefined; warm?: boolean}

export type Running = {
  /** Ends as the real gateway does: says so, closes every socket with 1012, then the port. */
  shut: (how: 'stop' | 'restart') => Promise<void>
  /** Ends as a killed process does. */
  drop: () => Promise<void>
}

export const newBoot = (at: number): Boot => ({id: crypto.randomUUID(), at, phase: 'starting', proxyTold: false})

const write = (hall: Hall, lines: readonly Line[]): void => {
  for (const line of lines) hall.log.write(line)
}

const reload = async (hall: Hall, text: string): Promise<void> => {
  const next = readSettings(text)
  if ('problem' in next) return hall.log.write(life.configSkipped(next.problem))
  const paths = changedPaths(hall.settings.raw, next.raw)
  if (paths.length === 0) return
  hall.log.write(life.configChanged(paths))
  const cold = paths.filter(needsRestart)
  hall.settings = next
  const withToken = [...hall.guests].filter(({method}) => method === 'token').map(({socket}) => socket)
  if (paths.includes('gateway.auth.token')) await closeAll(withToken, 4001, 'gateway auth changed')
  if (cold.length > 0) hall.log.write(life.configNeedsRestart(cold))
  else if (!paths.every(changed => changed.startsWith('logging.'))) hall.log.write(life.configApplied(paths))
}

const shutdownOf = {
  stop: {lines: life.stopping, event: {reason: 'gateway stopping'}},
  restart: {lines: life.restarting, event: {reason: 'gateway restarting', restartExpectedMs: 1500}},
}

const shut = async (hall: Hall, listener: Listener, how: 'stop' | 'restart'): Promise<void> => {
  const from = hall.clock()
  const {lines, event} = shutdownOf[how]
  hall.boot.phase = 'closing'
  write(hall, lines)
  tellAll(hall, 'shutdown', event)
  await closeAll([...hall.sockets], 1012, 'service restart')
  await listener.close()
  write(hall, life.stopped(hall.clock() - from))
  if (how === 'restart') hall.log.write(life.sameProcess)
}

const announce = async (hall: Hall, {history, warm}: Start): Promise<void> => {
  if (history) {
    for (const {line, at} of history.lines) hall.log.write(line, at)
    hall.boot.at = history.bootedAt
  } else {
    if (!warm) write(hall, life.coldStart)
    write(hall, life.listening(process.pid, hall.logFile, hall.timing.startMs))
    await wait(hall.timing.startMs)
    write(hall, life.ready)
  }
  hall.boot.phase = 'ready'
}

export const run = async (hall: Hall, start: Start): Promise<Running> => {
  hall.boot = newBoot(hall.clock())
  hall.versions.healthAt = 0
  const listener = await listen(hall, start.port)
  const unwatch = watchConfig(start.configFile, hall.timing.pollMs, text => reload(hall, text))
  const ticking = setInterval(() => tellAll(hall, 'tick', {ts: hall.clock()}), hall.timing.tickMs)
  const rest = (): void => {
    unwatch()
    clearInterval(ticking)
    for (const limiter of Object.values(hall.limiters)) limiter.release()
  }
  await announce(hall, start)
  return {
    shut: async how => {
      rest()
      await shut(hall, listener, how)
    },
    drop: async () => {
      rest()
      const gone = [...hall.sockets].map(ended)
      for (const socket of hall.sockets) socket.terminate()
      await Promise.all([...gone, listener.close()])
    },
  }
}
