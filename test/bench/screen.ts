import {fork} from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {startGateway} from '../soak/gateway.ts'
import {kinds} from '../soak/kinds.ts'
import {connOf, refusalLines} from '../soak/log-lines.ts'
import {costOf} from '../soak/process-cost.ts'
import {countShown} from '../soak/screen-counts.ts'
import {openWatchedScreen, type WatchedScreen} from '../soak/watched-screen.ts'
import {quantile} from './measure.ts'
import type {Group} from './rows.ts'

const cpuShareOver = async (pid: number, seconds: number): Promise<number> => {
  const [before, from] = [costOf(pid).cpuSeconds, performance.now()]
  await wait(seconds * 1000)
  return ((costOf(pid).cpuSeconds - before) / (performance.now() - from)) * 1e5
}

const marked = 'marked'

/** On a machine that others use as well the screen may be far behind. */
const patientMs = 300_000

/** Beside what the other process writes, a line of a client of its own: until the screen has counted it. */
const lineToScreen = async (screen: WatchedScreen, log: string, times: number): Promise<number[]> => {
  screen.press('/')
  screen.type(`client:${marked}`)
  screen.press('enter')
  const found: number[] = []
  for (let n = 1; n <= times; n += 1) {
    const attempt = {time: Date.now(), conn: connOf(1e9 + n), client: marked, address: '192.0.2.1', agent: 'n/a'}
    const began = performance.now()
    fs.appendFileSync(log, refusalLines.map(line => line(attempt)).join(''))
    await screen.waitFor(() => screen.chosenRow()?.includes(marked) === true && countShown(screen.text()) === n, patientMs)
    found.push(performance.now() - began)
    await wait(37)
  }
  screen.press('esc')
  return found
}

const busy: Group = async ({isQuick, folder}, add) => {
  const log = path.join(folder, 'busy.jsonl')
  fs.writeFileSync(log, '')
  const screen = await openWatchedScreen(['--log', log], {})
  const seconds = isQuick ? 20 : 90
  const writing = {...kinds['busy']?.writing?.(3600), rotateSeconds: undefined, file: log}
  const writer = fork(path.join(import.meta.dirname, '../soak/writer.ts'), [JSON.stringify(writing)])
  try {
    await wait(3000)
    const cpu = await cpuShareOver(screen.pid, seconds / 3)
    const keys = await screen.keyToFrame(isQuick ? 20 : 100)
    const lines = await lineToScreen(screen, log, isQuick ? 20 : 100)
    const at = 'at 5,000 lines/s'
    const none = {peer: '', theirs: null} as const
    add({what: `key to frame ${at}, p50`, unit: 'ms', ours: quantile(keys, 0.5), ...none, reach: null})
    add({what: `key to frame ${at}, p95`, unit: 'ms', ours: quantile(keys, 0.95), ...none, reach: {most: 30}})
    add({what: `line to screen ${at}, p50`, unit: 'ms', ours: quantile(lines, 0.5), ...none, reach: null})
    add({what: `line to screen ${at}, p95`, unit: 'ms', ours: quantile(lines, 0.95), ...none, reach: null})
    add({what: `CPU of the screen ${at}`, unit: '%', ours: cpu, ...none, reach: null})
    add({what: `memory of the screen ${at}`, unit: 'MB', ours: costOf(screen.pid).peakMb, ...none, reach: {most: 300}})
  } finally {
    writer.kill()
    await screen.leave()
    fs.rmSync(log)
  }
}

/** A screen counts as idle once nothing has happened for a minute. */
const untilIdleMs = 75_000

const idle: Group = async ({isQuick}, add) => {
  const gateway = await startGateway()
  const screen = await openWatchedScreen(gateway.args, gateway.env, {hasProbe: false})
  try {
    await wait(untilIdleMs)
    const cpu = await cpuShareOver(screen.pid, isQuick ? 20 : 120)
    add({what: `CPU of the idle screen, ${gateway.name}`, unit: '%', ours: cpu, peer: '', theirs: null, reach: {most: 0.5}})
  } finally {
    await screen.leave()
    gateway.stop()
  }
}

export const screen: Group = async (options, add) => {
  await busy(options, add)
  await idle(options, add)
}
