import {spawn as spawnChild} from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {spawn} from '@lydell/node-pty'

// node test/bench/startup.ts [rounds]     from spawn to the first frame and to the first rows, beside `node -e 0`

const root = fileURLToPath(new URL('../../', import.meta.url))
const launcher = path.join(root, 'bin/gatecrab.js')
const log = path.join(root, 'test/fixtures/logs/2026.9.6/default-level.jsonl')
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-startup-'))

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

const environment = (more: Record<string, string>): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: home,
  TERM: 'xterm-256color',
  TZ: 'UTC',
  ...more,
})

type Start = {frame: number; rows: number}

/** Left with q, since a killed program does not keep what it compiled. */
const start = (args: readonly string[], more: Record<string, string>): Promise<Start> =>
  new Promise(resolve => {
    const began = performance.now()
    const pty = spawn(process.execPath, [launcher, ...args], {cols: 80, rows: 24, env: environment(more)})
    const found: Start = {frame: Number.NaN, rows: Number.NaN}
    let seen = ''
    pty.onData(data => {
      seen += data
      if (Number.isNaN(found.frame) && seen.includes('REASON')) found.frame = performance.now() - began
      if (!Number.isNaN(found.rows) || !seen.includes('token-missing')) return
      found.rows = performance.now() - began
      pty.write('q')
    })
    pty.onExit(() => resolve(found))
  })

const floor = (): Promise<number> =>
  new Promise(resolve => {
    const began = performance.now()
    spawnChild(process.execPath, ['-e', '0'], {stdio: 'ignore'}).on('exit', () => resolve(performance.now() - began))
  })

const warm = {NODE_COMPILE_CACHE: path.join(home, 'cache')}
const cold = {NODE_DISABLE_COMPILE_CACHE: '1'}
const args = ['--log', log]

const run = async (rounds: number): Promise<void> => {
  for (const _ of Array(2)) await start(args, warm)
  const floors: number[] = []
  const warms: Start[] = []
  const colds: Start[] = []
  for (let round = 0; round < rounds; round += 1) {
    floors.push(await floor())
    warms.push(await start(args, warm))
    colds.push(await start(args, cold))
  }
  const min = median(floors)
  const row = (name: string, all: readonly number[]) =>
    process.stdout.write(
      `| ${name} | ${median(all).toFixed(0)} | ${Math.min(...all).toFixed(0)} | ${Math.max(...all).toFixed(0)} | ${(median(all) / min).toFixed(1)} |\n`,
    )
  process.stdout.write('| spawn to | median ms | least | most | x node -e 0 |\n| --- | --- | --- | --- | --- |\n')
  row('exit of node -e 0', floors)
  row(
    'first frame, compile cache warm',
    warms.map(({frame}) => frame),
  )
  row(
    'first rows, compile cache warm',
    warms.map(({rows}) => rows),
  )
  row(
    'first frame, no compile cache',
    colds.map(({frame}) => frame),
  )
  row(
    'first rows, no compile cache',
    colds.map(({rows}) => rows),
  )
}

await run(Number(process.argv[2] ?? 11))
fs.rmSync(home, {recursive: true, force: true})
