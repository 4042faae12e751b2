import {spawnSync} from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'

// node test/bench/history.ts [rounds] [folder of logs]     a long log folded by client, beside jq that filters the same file

const root = fileURLToPath(new URL('../../', import.meta.url))
const rounds = Number(process.argv[2] ?? 5)
const logs = path.resolve(process.argv[3] ?? path.join(root, 'test/fixtures/logs'))
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-history-'))
const log = path.join(folder, 'gateway.jsonl')
const bytes = 256 * 1024 * 1024

const textsOf = (isIncluded: (file: string) => boolean): string[] =>
  fs
    .globSync('**/*.jsonl', {cwd: logs})
    .filter(isIncluded)
    .sort()
    .map(file => fs.readFileSync(path.join(logs, file), 'utf8'))

const refusal = /closed before connect|unauthorized conn=/

const refusalsOf = (text: string): string =>
  text
    .split('\n')
    .filter(line => refusal.test(line))
    .concat('')
    .join('\n')

type Copy = (text: string, round: number) => string

const idStart = /\b[0-9a-f]{8}(?=-[0-9a-f]{4}-|…)/g
const port = /(?<="remotePort":|remotePort=)\d+|(?<=\d:|\]:)\d+(?=->)/g
const minute = /\d{4}-\d\d-\d\dT\d\d:\d\d(?=:\d\d\.\d{3})/g

/** Each time of other connections, from other ports and a minute later, as in a log. */
const ofOthers: Copy = (text, round) =>
  text
    .replace(idStart, id => ((Number.parseInt(id, 16) ^ Math.imul(round, 2_654_435_761)) >>> 0).toString(16).padStart(8, '0'))
    .replace(port, digits => String(1024 + ((Number(digits) + round * 7) % 60_000)))
    .replace(minute, time => new Date(Date.parse(`${time}:00Z`) + round * 60_000).toISOString().slice(0, 16))

/** As in a log that is read twice. */
const verbatim: Copy = text => text

/** Real lines over and over. */
const write = (texts: readonly string[], copy: Copy): void => {
  const file = fs.openSync(log, 'w', 0o600)
  let written = 0
  for (let round = 1; written < bytes; round += 1) written += fs.writeSync(file, copy(texts[round % texts.length] ?? '', round))
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

/** NaN where there is no jq. */
const theirs = (): number => {
  const began = performance.now()
  const {error} = spawnSync('jq', ['-c', 'select(._meta.logLevelName == "WARN")', log], {stdio: 'ignore'})
  return error ? Number.NaN : performance.now() - began
}

const measure = (name: string, texts: readonly string[], copy: Copy): void => {
  write(texts, copy)
  const runs = Array.from({length: rounds}, () => ({...ours(), jqMs: theirs()}))
  const ms = Math.min(...runs.map(run => run.ms))
  const jqMs = Math.min(...runs.map(run => run.jqMs))
  const rssMb = Math.max(...runs.map(run => run.rssMb))
  const external = Number.isNaN(jqMs)
    ? 'no jq is installed to compare with'
    : `jq ${jqMs.toFixed(0)} ms, ${(jqMs / ms).toFixed(1)} times as long`
  process.stdout.write(`${name.padEnd(32)} ${ms.toFixed(0)} ms, at most ${rssMb.toFixed(0)} MB; ${external}\n`)
}

const isVerbose = (file: string): boolean => file.includes('verbose')

try {
  process.stdout.write(`gatecrab connections --by client --json, ${bytes / 1024 / 1024} MB, best of ${rounds} in turn\n`)
  const quiet = textsOf(file => !isVerbose(file))
  const all = textsOf(() => true)
  measure('refusals only', quiet.map(refusalsOf).filter(Boolean), ofOthers)
  measure('all lines of the default level', quiet, ofOthers)
  measure('those and lines of --verbose', all, ofOthers)
  measure('the same over and over', all, verbatim)
} finally {
  fs.rmSync(folder, {recursive: true})
}
