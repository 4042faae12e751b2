import {setTimeout as wait} from 'node:timers/promises'
import {closeAll, ended} from './server/connection.ts'
import * as life from './server/lines.ts'
import {type HttpListener, listen} from './server/listener.ts'
import type {Line} from './server/log.ts'
import {type Boot, broadcast, type ServerState} from './server/server-state.ts'
import {changedPaths, needsRestart, readSettings, watchConfig} from './server/settings.ts'

/** What the log says of the time before this gateway was started: it then counts as up since `bootedAt`. */
export type History = {lines: readonly {line: Line; at: number}[]; bootedAt: number}

export type Start = {port: number; configFile: string; history?: History | undefined; warm?: boolean}

export type Running = {
  /** Ends as the real gateway does: says so, closes every socket with 1012, then the port. */
  shut: (how: 'stop' | 'restart') => Promise<void>
  /** Ends as a killed process does. */
  drop: () => Promise<void>
}

export const createBoot = (at: number): Boot => ({id: crypto.randomUUID(), at, phase: 'starting', proxyReported: false})

const write = (server: ServerState, lines: readonly Line[]): void => {
  for (const line of lines) server.log.write(line)
}

const reload = async (server: ServerState, text: string): Promise<void> => {
  const next = readSettings(text, server.folder)
  if ('problem' in next) return server.log.write(life.configSkipped(next.problem))
  const paths = changedPaths(server.settings.raw, next.raw)
  if (paths.length === 0) return
  server.log.write(life.configChanged(paths))
  const cold = paths.filter(needsRestart)
  server.settings = next
  const withToken = [...server.clients].filter(({method}) => method === 'token').map(({socket}) => socket)
  if (paths.some(changed => /^gateway\.auth\.(?:token|password)\b/.test(changed)))
    await closeAll(withToken, 4001, 'gateway auth changed')
  if (cold.length > 0) server.log.write(life.configNeedsRestart(cold))
  else if (!paths.every(changed => changed.startsWith('logging.'))) server.log.write(life.configApplied(paths))
}

const shutdownOf = {
  stop: {lines: life.stopping, event: {reason: 'gateway stopping'}},
  restart: {lines: life.restarting, event: {reason: 'gateway restarting', restartExpectedMs: 1500}},
}

const shut = async (server: ServerState, listener: HttpListener, how: 'stop' | 'restart'): Promise<void> => {
  const from = server.clock()
  const {lines, event} = shutdownOf[how]
  server.boot.phase = 'closing'
  write(server, lines)
  broadcast(server, 'shutdown', event)
  await closeAll([...server.sockets], 1012, 'service restart')
  await listener.close()
  write(server, life.stopped(server.clock() - from))
  if (how === 'restart') server.log.write(life.sameProcess)
}

const announce = async (server: ServerState, {history, warm}: Start): Promise<void> => {
  if (history) {
    for (const {line, at} of history.lines) server.log.write(line, at)
    server.boot.at = history.bootedAt
  } else {
    if (!warm) write(server, life.coldStart)
    write(server, life.listening(process.pid, server.logFile, server.timing.startMs))
    await wait(server.timing.startMs)
    write(server, life.ready)
  }
  server.boot.phase = 'ready'
}

export const run = async (server: ServerState, start: Start): Promise<Running> => {
  server.boot = createBoot(server.clock())
  server.versions.healthAt = 0
  const listener = await listen(server, start.port)
  const unwatch = watchConfig(start.configFile, server.timing.pollMs, text => reload(server, text))
  const ticking = setInterval(() => broadcast(server, 'tick', {ts: server.clock()}), server.timing.tickMs)
  const rest = (): void => {
    unwatch()
    clearInterval(ticking)
    for (const limiter of Object.values(server.limiters)) limiter.release()
  }
  await announce(server, start)
  return {
    shut: async how => {
      rest()
      await shut(server, listener, how)
    },
    drop: async () => {
      rest()
      const gone = [...server.sockets].map(ended)
      for (const socket of server.sockets) socket.terminate()
      await Promise.all([...gone, listener.close()])
    },
  }
}
