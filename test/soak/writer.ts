import fs from 'node:fs'
import {rotate} from '../stress/log-writer.ts'
import {addressOf, connOf, nameOf, otherLines, refusalLines} from './log-lines.ts'

// A gateway's log, written by a process of its own as fast as asked: node test/soak/writer.ts JSON

export type Writing = {
  file: string
  seconds: number
  linesPerSecond: number
  /** Of each attempt the next one, over and over. */
  clients: number
  addresses: number
  /** Lines of no connection beside the two of each refusal. */
  otherLines: number
  maxAttempts?: number
  rotateSeconds?: number
  agentBytes?: number
}

/** Told to the parent process at the end, and each second. */
export type Written = {lines: number; attempts: number; rotations: number; bytes: number; ended: boolean}

const tickMs = 20
const maxWrite = 1_000_000

const attemptText = (writing: Writing, n: number): string => {
  const client = n % writing.clients
  const attempt = {
    time: Date.now(),
    conn: connOf(n),
    client: nameOf(client),
    address: addressOf(client % writing.addresses),
    agent: writing.agentBytes ? 'x'.repeat(writing.agentBytes) : 'n/a',
  }
  const others = Array.from({length: writing.otherLines}, (_, i) => otherLines[(n + i) % otherLines.length])
  return [...refusalLines, ...others].map(template => template?.(attempt)).join('')
}

const write = (writing: Writing, tell: (written: Written) => void): void => {
  const {file, seconds, linesPerSecond, rotateSeconds, maxAttempts = Number.POSITIVE_INFINITY} = writing
  const perAttempt = refusalLines.length + writing.otherLines
  const written: Written = {lines: 0, attempts: 0, rotations: 0, bytes: 0, ended: false}
  let fd = fs.openSync(file, 'a')
  const began = performance.now()
  let toldAt = began
  const timer = setInterval(() => {
    const elapsed = (performance.now() - began) / 1000
    if (rotateSeconds && elapsed > (written.rotations + 1) * rotateSeconds) {
      fs.closeSync(fd)
      rotate(file, age => file.replace(/\.jsonl$/, `.${age}.jsonl`))
      fd = fs.openSync(file, 'a')
      written.rotations += 1
    }
    const due = Math.min(maxAttempts, Math.floor((Math.min(elapsed, seconds) * linesPerSecond) / perAttempt))
    let text = ''
    while (written.attempts < due) {
      text += attemptText(writing, written.attempts)
      written.attempts += 1
      written.lines += perAttempt
      if (text.length < maxWrite && written.attempts < due) continue
      written.bytes += fs.writeSync(fd, text)
      text = ''
    }
    written.ended = elapsed >= seconds || written.attempts >= maxAttempts
    if (written.ended) clearInterval(timer)
    if (!written.ended && performance.now() - toldAt < 1000) return
    toldAt = performance.now()
    tell(written)
  }, tickMs)
}

write(JSON.parse(process.argv[2] ?? '{}'), written => process.send?.(written))
process.on('disconnect', () => process.exit(0))
