import {spawnSync} from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'

// node test/bench/history.ts [rounds]     a long log folded by client, beside jq that filters the same file

const root = fileURLToPath(new URL('../../', import.meta.url))
const logs = path.join(root, 'test/fixtures/logs')
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-history-'))
const log = path.join(folder, 'gateway.jsonl')
const bytes = 256 * 1024 * 1024

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

const fixtures = (): string[] =>
  fs
    .globSync('**/*.jsonl', {cwd: logs})
    .sort()
    .map(file => fs.readFileSync(path.join(logs, file), 'utf8'))

const idStart = /\b[0-9a-f]{8}(?=-[0-9a-f]{4}-|…)/g

/** Real lines over and over, each time of other connections, as in a log. */
const write = (): void => {
  const texts = fixtures()
  const file = fs.openSync(log, 'w', 0o600)
  let written = 0
  for (let round = 1; written < bytes; round += 1) {
    const text = texts[round % texts.length] ?? ''
    written += fs.writeSync(
      file,
      text.replace(idStart, id =>
        ((Number.parseInt(id, 16) ^ Math.imul(round, 2_654_435_761)) >>> 0).toString(16).padStart(8, '0'),
      ),
    )
  }
  fs.closeSync(file)
}

type Run = {ms: number; rssMb: number}

const rssOf = `process.on('exit', () => process.stderr.write('rss=' + process.resourceUsage().maxRSS))`

const ours = (): Run => {
  const probe = `data:text/javascript,${encodeURIComponent(rssOf)}`
  const began = performance.now()
  const {status, stderr} = spawnSync(
    process.execPath,
    ['--import', probe, path.join(root, 'bin/gatecrab.js'), 'connections', '--log', log, '--by', 'client', '--json'],
    {encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], env: {PATH: process.env['PATH'] ?? '', HOME: folder}},
  )
  if (status !== 0) throw new Error(`gatecrab left with ${status}: ${stderr}`)
  return {ms: performance.now() - began, rssMb: Number(/rss=(\d+)/.exec(stderr)?.[1] ?? Number.NaN) / 1024}
}

const theirs = (): number => {
  const began = performance.now()
  const {error} = spawnSync('jq', ['-c', 'select(."1".cause? != null)', log], {stdio: 'ignore'})
  if (error) throw new Error('The peer of this benchmark is jq: install it and run it again.')
  return performance.now() - began
}

const rounds = Number(process.argv[2] ?? 5)
try {
  write()
  const runs = Array.from({length: rounds}, () => ({...ours(), jqMs: theirs()}))
  const ms = median(runs.map(run => run.ms))
  const jqMs = median(runs.map(run => run.jqMs))
  process.stdout.write(
    [
      `${(fs.statSync(log).size / 1024 / 1024).toFixed(0)} MB, ${rounds} rounds, medians`,
      `gatecrab connections --by client --json  ${ms.toFixed(0)} ms, at most ${Math.max(...runs.map(run => run.rssMb)).toFixed(0)} MB`,
      `jq                                       ${jqMs.toFixed(0)} ms`,
      `jq takes ${(jqMs / ms).toFixed(1)} times as long`,
      '',
    ].join('\n'),
  )
} finally {
  fs.rmSync(folder, {recursive: true})
}
