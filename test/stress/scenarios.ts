import fs from 'node:fs'
import path from 'node:path'
import {type Pad, usualPad} from './checked-lines.ts'
import {type Numbers, nap, openPen, rotate} from './log-writer.ts'

export type Scenario = {
  readonly name: string
  readonly reader: 'file' | 'days' | 'console'
  /** The names the lines come under, in the scenario's folder. */
  readonly files: readonly string[]
  readonly lines: number
  /** The same with fewer lines, for the ordinary tests. */
  readonly short: number
  readonly nudge?: boolean
  readonly pad?: Pad
  /** Whether the writer is done before the reader begins. */
  readonly isBacklog?: boolean
  readonly write: (folder: string, numbers: Numbers, pad: Pad) => void
}

const log = 'app.jsonl'

const penOf = (folder: string, numbers: Numbers, pad: Pad, name = log) => openPen(path.join(folder, name), numbers, pad)

const writeBursts: Scenario['write'] = (folder, numbers, pad) => {
  const pen = penOf(folder, numbers, pad)
  while (numbers.left() > 0) {
    pen.writeBy(10, 5_000)
    nap(20)
  }
}

const writeCut: Scenario['write'] = (folder, numbers, pad) => {
  const pen = penOf(folder, numbers, pad)
  for (let round = 0; numbers.left() > 0; round += 1) {
    const bytes = Buffer.from(pen.text(50))
    for (let at = 0, length = 0; at < bytes.length; at += length) {
      length = 1 + ((at * 7919 + round) % 997)
      pen.bytes(bytes.subarray(at, at + length))
      if ((at + round) % 5 === 0) nap(1)
    }
  }
}

const linesPerFile = 10_000

const writeRotating =
  (archive: (folder: string, age: number) => string, pauseMs: number, calm = false): Scenario['write'] =>
  (folder, numbers, pad) => {
    const pen = penOf(folder, numbers, pad)
    while (numbers.left() > 0) {
      if (calm) pen.writeBy(100, linesPerFile, 20)
      else pen.writeBy(50, linesPerFile)
      nap(pauseMs)
      if (numbers.left() === 0) return
      rotate(path.join(folder, log), age => archive(folder, age))
      pen.reopen()
    }
  }

const gatewayArchive = (folder: string, age: number): string => path.join(folder, `app.${age}.jsonl`)
const logrotateArchive = (folder: string, age: number): string => path.join(folder, `app.jsonl.${age}`)

/** As logrotate does without copytruncate: the writer hears of it late and goes on in the old file for a while. */
const writeLate: Scenario['write'] = (folder, numbers, pad) => {
  let pen = penOf(folder, numbers, pad)
  while (numbers.left() > 0) {
    pen.writeBy(50, linesPerFile)
    rotate(path.join(folder, log), age => logrotateArchive(folder, age))
    const late = pen
    pen = penOf(folder, numbers, pad)
    for (let turn = 0; turn < 20; turn += 1) {
      late.write(20)
      pen.write(20)
      nap(25)
    }
    late.close()
  }
}

/** What a reader has not read when the file is truncated nobody can read: a slow machine gets more time for it. */
const writeTruncating: Scenario['write'] = (folder, numbers, pad) => {
  const pen = penOf(folder, numbers, pad)
  while (numbers.left() > 0) {
    pen.writeBy(50, linesPerFile)
    nap(300)
    numbers.waitUntilHeard(5_000)
    if (numbers.left() > 0) pen.truncate()
    pen.write(20)
    nap(50)
  }
}

/** As logrotate does with copytruncate: it waits for no reader, and one archive is kept. */
const writeCopyTruncating: Scenario['write'] = (folder, numbers, pad) => {
  const pen = penOf(folder, numbers, pad)
  for (let ms = 1; numbers.left() > 0; ms += 1) {
    pen.write(20)
    nap(1)
    if (ms % 200 !== 0) continue
    fs.copyFileSync(path.join(folder, log), logrotateArchive(folder, 1))
    pen.truncate()
  }
}

const writeRemoving: Scenario['write'] = (folder, numbers, pad) => {
  const pen = penOf(folder, numbers, pad)
  while (numbers.left() > 0) {
    pen.writeBy(50, linesPerFile)
    nap(300)
    if (numbers.left() === 0) return
    fs.unlinkSync(path.join(folder, log))
    pen.writeBy(50, 100)
    nap(100)
    pen.reopen()
  }
}

const writeAfter =
  (ms: number, write: Scenario['write']): Scenario['write'] =>
  (folder, numbers, pad) => {
    nap(ms)
    write(folder, numbers, pad)
  }

const yesterday = 'openclaw-2026-01-10.log'
const today = 'openclaw-2026-01-11.log'
const otherProfile = 'openclaw-work-2026-01-11.log'

const writeDays: Scenario['write'] = (folder, numbers, pad) => {
  const old = penOf(folder, numbers, pad, yesterday)
  old.writeBy(50, numbers.left() / 4)
  nap(50)
  fs.writeFileSync(path.join(folder, otherProfile), 'not ours\n')
  const fresh = penOf(folder, numbers, pad, today)
  while (numbers.left() > 0) {
    fresh.writeBy(20, 500)
    old.writeBy(20, 300)
    nap(10)
  }
}

const writeTwo: Scenario['write'] = (folder, numbers, pad) => {
  const pens = ['one.log', 'two.log'].map(name => penOf(folder, numbers, pad, name))
  while (numbers.left() > 0) {
    for (const pen of pens) pen.writeBy(10, 1_000)
    nap(5)
  }
}

const writeAllAtOnce: Scenario['write'] = (folder, numbers, pad) => {
  const pen = penOf(folder, numbers, pad)
  while (numbers.left() > 0) {
    pen.write(20_000)
    nap(50)
  }
}

const hugePad: Pad = n => (n % 1_000 === 500 ? 30_000_000 : usualPad(n))
const backlogPad: Pad = n => 900 + usualPad(n)

const file = {reader: 'file', files: [log]} as const
const rotating = {...file, lines: 210_000, short: 40_000}

export const scenarios: readonly Scenario[] = [
  {...file, name: 'append bursts', lines: 200_000, short: 20_000, write: writeBursts},
  {...file, name: '20,000 lines per write', lines: 200_000, short: 40_000, write: writeAllAtOnce},
  {...file, name: 'writes cut at any byte', lines: 20_000, short: 2_000, write: writeCut},
  {...rotating, name: 'rename, gateway names', write: writeRotating(gatewayArchive, 100)},
  {...rotating, name: 'rename, logrotate names', write: writeRotating(logrotateArchive, 100)},
  {...rotating, name: 'rename, gateway names, polling only', nudge: false, write: writeRotating(gatewayArchive, 100)},
  {...rotating, name: 'rename, logrotate names, polling only', nudge: false, write: writeRotating(logrotateArchive, 100)},
  {...file, name: 'rename, calm', lines: 40_000, short: 10_000, write: writeRotating(gatewayArchive, 1_500, true)},
  {...file, name: 'rename, writer late', lines: 60_000, short: 10_500, write: writeLate},
  {...file, name: 'truncate in place', lines: 200_000, short: 30_000, write: writeTruncating},
  {...file, name: 'copytruncate, busy', lines: 40_000, short: 10_000, write: writeCopyTruncating},
  {...file, name: 'remove and return', lines: 100_000, short: 20_000, write: writeRemoving},
  {...file, name: 'missing at the start', lines: 50_000, short: 5_000, write: writeAfter(400, writeBursts)},
  {name: 'day change', reader: 'days', files: [yesterday, today], lines: 100_000, short: 10_000, write: writeDays},
  {name: 'two files at once', reader: 'file', files: ['one.log', 'two.log'], lines: 200_000, short: 20_000, write: writeTwo},
  {...file, name: '30 MB lines among others', lines: 3_000, short: 600, pad: hugePad, write: writeBursts},
  {...file, name: '200 MB backlog', lines: 200_000, short: 20_000, pad: backlogPad, isBacklog: true, write: writeBursts},
  {...file, name: 'console, append bursts', reader: 'console', lines: 200_000, short: 20_000, write: writeBursts},
  {...file, name: 'console, writes cut at any byte', reader: 'console', lines: 20_000, short: 2_000, write: writeCut},
  {
    ...file,
    name: 'console, missing at the start',
    reader: 'console',
    lines: 50_000,
    short: 5_000,
    write: writeAfter(400, writeBursts),
  },
]
