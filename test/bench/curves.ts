import fs from 'node:fs'
import path from 'node:path'
import {connOf, nameOf, refusalLines, addressOf as socketAddress} from '../soak/log-lines.ts'
import {ofOthers, quietTexts, writeLog} from './long-log.ts'
import {best, environmentIn, runOurs} from './measure.ts'
import type {Group} from './rows.ts'

/** Refusals, always as many, of so many clients. */
const writeClients = (log: string, clients: number, attempts: number): void => {
  const file = fs.openSync(log, 'w', 0o600)
  const start = Date.now() - attempts
  for (let n = 0; n < attempts; n += 1) {
    const attempt = {
      time: start + n,
      conn: connOf(n),
      client: nameOf(n % clients),
      address: socketAddress(n % clients),
      agent: 'n/a',
    }
    fs.writeSync(file, refusalLines.map(line => line(attempt)).join(''))
  }
  fs.closeSync(file)
}

/** What grows with what is read, beside the same of the step before: ten times as much should take ten times as long at most. */
export const curves: Group = ({isQuick, folder}, add) => {
  const env = environmentIn(folder)
  const log = path.join(folder, 'curve.jsonl')
  const rounds = isQuick ? 1 : 3
  const ms = (): number =>
    best(Array.from({length: rounds}, () => runOurs(['connections', '--log', log, '--by', 'client', '--json'], env).ms)) ?? 0
  const texts = quietTexts()
  let before: {name: string; ms: number} | null = null
  const step = (what: string, name: string, times: number): void => {
    const ours = ms()
    add({what, unit: 'ms', ours, peer: before?.name ?? '', theirs: before?.ms ?? null, reach: before ? {times} : null})
    before = {name, ms: ours}
  }
  for (const mb of [1, 10, 100, ...(isQuick ? [] : [1000])]) {
    writeLog(log, mb * 2 ** 20, texts, ofOthers)
    step(`history of ${mb} MB`, `${mb} MB`, 10)
  }
  before = null
  const attempts = isQuick ? 20_000 : 100_000
  for (const clients of [10, 100, 1000, 10_000, ...(isQuick ? [] : [100_000])]) {
    writeClients(log, clients, attempts)
    step(`${attempts} attempts of ${clients} clients`, `${clients} clients`, 2)
  }
  fs.rmSync(log)
}
