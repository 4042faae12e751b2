import {fork} from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {parseArgs} from 'node:util'
import {startGateway, type Watched} from './gateway.ts'
import {judge, median, type Point, rule} from './judge.ts'
import {type Kind, kinds} from './kinds.ts'
import {nameOf} from './log-lines.ts'
import {costOf, rssMbOf} from './process-cost.ts'
import {countOnScreen} from './screen-counts.ts'
import {type LoopDelay, openWatchedScreen, type WatchedScreen} from './watched-screen.ts'
import type {Writing, Written} from './writer.ts'

// npm run soak -- KIND [MINUTES] [--every MINUTES] [--json FILE]     the built program in a terminal, for hours where that is asked

type Sample = LoopDelay & {
  minute: number
  rssMb: number
  maxRssMb: number
  peakMb: number
  cpuPercent: number
  fds: number
  threads: number
  children: number
  keyP50: number
  keyMax: number
}

const columns: readonly [string, (sample: Sample) => string][] = [
  ['minute', ({minute}) => minute.toFixed(1)],
  ['RSS MB', ({rssMb}) => rssMb.toFixed(0)],
  ['most', ({maxRssMb}) => maxRssMb.toFixed(0)],
  ['heap', ({heapMb}) => heapMb.toFixed(1)],
  ['extern', ({externalMb}) => externalMb.toFixed(1)],
  ['CPU %', ({cpuPercent}) => cpuPercent.toFixed(2)],
  ['fds', ({fds}) => String(fds)],
  ['threads', ({threads}) => String(threads)],
  ['children', ({children}) => String(children)],
  ['loop p50', ({p50}) => p50.toFixed(1)],
  ['p99 ms', ({p99}) => p99.toFixed(1)],
  ['max', ({max}) => max.toFixed(0)],
  ['key p50', ({keyP50}) => keyP50.toFixed(1)],
  ['max ms', ({keyMax}) => keyMax.toFixed(0)],
]

const printRow = (cells: readonly string[]): void => {
  process.stdout.write(`| ${cells.map((cell, i) => cell.padStart(columns[i]?.[0].length ?? 0)).join(' | ')} |\n`)
}

const usage = (because: string): never => {
  const about = Object.entries(kinds).map(([name, kind]) => `  ${name.padEnd(8)} ${kind.about}`)
  process.stderr.write([because, 'npm run soak -- KIND [MINUTES] [--every MINUTES] [--json FILE]', ...about, rule, ''].join('\n'))
  process.exit(64)
}

const argsOf = () => {
  const {positionals, values} = parseArgs({allowPositionals: true, options: {every: {type: 'string'}, json: {type: 'string'}}})
  const [name = '', minutes = '5'] = positionals
  const kind = kinds[name] ?? usage(`soak: no kind is called ${JSON.stringify(name)}`)
  if (process.platform !== 'linux') usage('soak: what a process costs is read from /proc, which this system does not have')
  const seconds = Number(minutes) * 60
  if (!(seconds >= 30)) usage(`soak: ${minutes} minutes are too few`)
  return {name, kind, seconds, everySeconds: Number(values.every ?? 10) * 60, json: values.json ?? null}
}

const pointEveryMs = 2_000
const firstSampleAt = 60

/** A log of its own, and the process that writes it. */
const startWriting = (writing: Omit<Writing, 'file'>) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-soak-log-'))
  const file = path.join(folder, 'gateway.jsonl')
  fs.writeFileSync(file, '')
  let written: Written = {lines: 0, attempts: 0, rotations: 0, bytes: 0, ended: false}
  const start = () =>
    fork(path.join(import.meta.dirname, 'writer.ts'), [JSON.stringify({...writing, file})]).on('message', message => {
      written = message as Written
    })
  const watched: Watched = {
    name: 'a log',
    args: ['--log', file],
    env: {},
    stop: () => fs.rmSync(folder, {recursive: true, force: true}),
  }
  return {watched, start, written: () => written}
}

const watch = async (screen: WatchedScreen, seconds: number, everySeconds: number, onSample: (sample: Sample) => void) => {
  const began = performance.now()
  const elapsed = () => (performance.now() - began) / 1000
  const points: Point[] = []
  let before = {cpuSeconds: costOf(screen.pid).cpuSeconds, at: 0}
  let interval: number[] = []
  const sample = async () => {
    const cost = costOf(screen.pid)
    const cpuPercent = ((cost.cpuSeconds - before.cpuSeconds) / (elapsed() - before.at)) * 100
    const minute = elapsed() / 60
    const delay = await screen.loopDelay()
    const keys = await screen.keyToFrame(10)
    onSample({
      ...delay,
      ...{minute, rssMb: median(interval), maxRssMb: Math.max(...interval), peakMb: cost.peakMb, cpuPercent},
      ...{fds: cost.fds, threads: cost.threads, children: cost.children},
      ...{keyP50: median(keys), keyMax: Math.max(...keys)},
    })
    // What the measuring costs is no part of the next interval.
    before = {cpuSeconds: costOf(screen.pid).cpuSeconds, at: elapsed()}
    interval = []
  }
  let next = Math.min(firstSampleAt, everySeconds)
  while (elapsed() < seconds) {
    await wait(pointEveryMs)
    interval.push(rssMbOf(screen.pid))
    points.push({at: elapsed(), rssMb: interval.at(-1) ?? 0, fds: costOf(screen.pid).fds})
    if (elapsed() < next && elapsed() < seconds) continue
    await sample()
    next = next < everySeconds ? everySeconds : next + everySeconds
  }
  return {points, peakMb: costOf(screen.pid).peakMb}
}

/** Empty where the screen counted all that was written. */
const judgeCounts = async (screen: WatchedScreen, clients: number, attempts: number): Promise<string[]> => {
  const written = Array.from({length: clients}, (_, n) => ({
    name: nameOf(n),
    expected: Math.floor(attempts / clients) + (n < attempts % clients ? 1 : 0),
  }))
  const counted = await countOnScreen(screen, written)
  const all = counted.reduce((sum, {shown}) => sum + (shown ?? 0), 0)
  process.stdout.write(`written ${attempts} attempts of ${clients} clients, on the screen ${all}\n`)
  return counted
    .filter(({expected, shown}) => shown !== expected)
    .slice(0, 5)
    .map(
      ({name, expected, shown, row}) => `${name} was refused ${expected} times, on the screen ${shown ?? 'nobody knows'}: ${row}`,
    )
}

type Run = {name: string; kind: Kind; seconds: number; everySeconds: number; json: string | null}

const soak = async ({name, kind, seconds, everySeconds, json}: Run): Promise<string[]> => {
  const writing = kind.writing?.(seconds)
  const log = writing && startWriting(writing)
  const watched = log ? log.watched : await startGateway()
  const samples: Sample[] = []
  const keep = (wrong: readonly string[] | null, more: object = {}) => {
    const machine = {cpu: os.cpus()[0]?.model, cpus: os.cpus().length, node: process.version, kernel: os.release()}
    const result = {
      kind: name,
      about: kind.about,
      watched: watched.name,
      seconds,
      machine,
      samples,
      written: log?.written(),
      ...more,
      rule,
      wrong,
    }
    if (json) fs.writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`)
    else if (wrong) process.stdout.write(`${JSON.stringify(result)}\n`)
  }
  // As where gatecrab was started before: what a first start parses, without the compile cache, stays with that process (33 MB).
  await (await openWatchedScreen(watched.args, watched.env)).leave()
  const screen = await openWatchedScreen(watched.args, watched.env)
  const writer = log?.start()
  process.stdout.write(`${name}: ${kind.about}; ${watched.name}, pid ${screen.pid}, ${(seconds / 60).toFixed(1)} minutes\n`)
  printRow(columns.map(([title]) => title))
  printRow(columns.map(([title]) => '-'.repeat(title.length)))
  try {
    const {points, peakMb} = await watch(screen, seconds, everySeconds, sample => {
      samples.push(sample)
      printRow(columns.map(([, text]) => text(sample)))
      keep(null)
    })
    while (log && !log.written().ended) await wait(100)
    const counts = kind.counted && writing && log ? await judgeCounts(screen, writing.clients, log.written().attempts) : []
    const wrong = [...judge(kind, points, seconds, peakMb), ...counts]
    keep(wrong, {peakMb})
    process.stdout.write(`most memory ${peakMb.toFixed(0)} MB (limit ${kind.maxRssMb}); ${rule}\n`)
    return wrong
  } finally {
    writer?.kill()
    await screen.leave()
    watched.stop()
  }
}

const run = argsOf()
const wrong = await soak(run)
process.stdout.write(wrong.length === 0 ? 'holds\n' : wrong.map(text => `DOES NOT HOLD: ${text}\n`).join(''))
process.exit(wrong.length === 0 ? 0 : 1)
