import {execFileSync} from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {followConsole} from '../../src/sources/log/console-follower.ts'
import {followDays} from '../../src/sources/log/day-follower.ts'
import {followFile} from '../../src/sources/log/follower.ts'
import {followers, type Reader, systemTail} from '../stress/readers.ts'
import {type Outcome, runScenario} from '../stress/run-scenario.ts'
import {type Scenario, scenarios} from '../stress/scenarios.ts'

// node test/bench/follow.ts [rounds]     every scenario, ours beside the system's tail -F
// node test/bench/follow.ts idle         what a follower costs that has nothing to read

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

type Summary = {lines: number; lost: number; torn: number; doubled: number; ms: number; behindMs: number; worstGapMs: number}

const summaryOf = (outcomes: readonly Outcome[], {lines}: Scenario): Summary => ({
  lines: lines * outcomes.length,
  lost: sum(outcomes.map(({lost}) => lost)),
  torn: sum(outcomes.map(({torn}) => torn)),
  doubled: sum(outcomes.map(({doubled}) => doubled)),
  ms: median(outcomes.map(({ms}) => ms)),
  behindMs: median(outcomes.map(({behindMs}) => behindMs)),
  worstGapMs: Math.max(...outcomes.map(({worstGapMs}) => worstGapMs)),
})

const rowOf = (ours: Summary, theirs: Summary): string[] => [
  ours.lines.toLocaleString('en'),
  `${ours.lost}/${ours.torn}/${ours.doubled}`,
  `${theirs.lost}/${theirs.torn}/${theirs.doubled}`,
  ours.ms.toFixed(0),
  theirs.ms.toFixed(0),
  (ours.ms / theirs.ms).toFixed(2),
  ours.behindMs.toFixed(0),
  theirs.behindMs.toFixed(0),
  ours.worstGapMs.toFixed(0),
]

const print = (rows: readonly string[][]): void => {
  for (const row of rows) process.stdout.write(`| ${row.join(' | ')} |\n`)
}

const runAll = async (rounds: number): Promise<void> => {
  print([
    [
      'scenario',
      'lines',
      'ours lost/torn/doubled',
      'tail -F',
      'ours ms',
      'tail -F ms',
      'ratio',
      'ours behind',
      'tail -F behind',
      'our worst gap ms',
    ],
    Array(10).fill('---'),
  ])
  for (const scenario of scenarios) {
    const run = async (reader: Reader): Promise<Outcome> => runScenario(scenario, reader)
    const ours: Outcome[] = []
    const theirs: Outcome[] = []
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await run(followers))
      theirs.push(await run(systemTail))
    }
    print([[scenario.name, ...rowOf(summaryOf(ours, scenario), summaryOf(theirs, scenario))]])
  }
}

const idleSeconds = 20
const silent = {from: 'end', onLines() {}, onState() {}} as const

const idlers: Record<string, (folder: string) => unknown> = {
  nothing: () => setInterval(() => {}, 60_000),
  file: folder => followFile(path.join(folder, 'app.jsonl'), silent),
  'file, polling only': folder => followFile(path.join(folder, 'app.jsonl'), {...silent, nudge: false}),
  days: folder => followDays({...silent, folder, name: {prefix: 'openclaw-', suffix: '.log'}}),
  console: folder => followConsole(path.join(folder, 'app.jsonl'), silent),
}

const beIdle = async (kind: string, folder: string): Promise<void> => {
  idlers[kind]?.(folder)
  await wait(3_000)
  const before = process.cpuUsage()
  await wait(idleSeconds * 1_000)
  const {user, system} = process.cpuUsage(before)
  const cpu = ((user + system) / (idleSeconds * 1e6)) * 100
  print([[kind, cpu.toFixed(3), (process.memoryUsage().rss / 1e6).toFixed(0), (process.memoryUsage().heapUsed / 1e6).toFixed(1)]])
  process.exit(0)
}

const measureIdle = (): void => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-idle-'))
  for (const name of ['app.jsonl', 'openclaw-2026-01-10.log', 'openclaw-2026-01-11.log']) {
    fs.writeFileSync(path.join(folder, name), `${'x'.repeat(1_000)}\n`.repeat(10_000))
  }
  print([
    ['idle', 'CPU %', 'RSS MB', 'heap MB'],
    ['---', '---', '---', '---'],
  ])
  for (const kind of Object.keys(idlers)) {
    execFileSync(process.execPath, [fileURLToPath(import.meta.url), 'be-idle', kind, folder], {stdio: 'inherit'})
  }
  fs.rmSync(folder, {recursive: true})
}

const [what = '1', kind = '', folder = ''] = process.argv.slice(2)
if (what === 'be-idle') await beIdle(kind, folder)
else if (what === 'idle') measureIdle()
else await runAll(Number(what))
