import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {Worker} from 'node:worker_threads'
import {type Tally, tallyOf, usualPad} from './checked-lines.ts'
import {nothingListens, type Recorded} from './log-writer.ts'
import type {Reader} from './readers.ts'
import type {Scenario} from './scenarios.ts'

export type Outcome = Tally & {
  /** From the start to the last line heard. */
  readonly ms: number
  /** From the writer's end to the last line heard. */
  readonly behindMs: number
  readonly worstGapMs: number
}

const quietMs = 4_000

/** The longest time in which the event loop did not come round. */
const watchGaps = () => {
  let last = performance.now()
  let worst = 0
  const timer = setInterval(() => {
    worst = Math.max(worst, performance.now() - last)
    last = performance.now()
  }, 1)
  return {
    stop(): number {
      clearInterval(timer)
      return worst
    },
  }
}

const write = ({name}: Scenario, folder: string, lines: number, result: Recorded): Promise<void> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./writer.ts', import.meta.url), {workerData: {name, folder, lines, received: result}})
    worker.once('error', reject).once('exit', () => resolve())
  })

const makeFiles = (folder: string, {name, reader, files}: Scenario): void => {
  if (reader === 'days' || name.includes('missing')) return
  for (const file of files) fs.writeFileSync(path.join(folder, file), '')
}

/** Lets a writer write and a reader read, and counts what arrived. */
export async function runScenario(scenario: Scenario, reader: Reader, lines = scenario.lines): Promise<Outcome> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-stress-'))
  const tally = tallyOf(lines, scenario.pad ?? usualPad)
  const result = nothingListens()
  let lastRead = 0
  makeFiles(folder, scenario)
  if (scenario.isBacklog) await write(scenario, folder, lines, result)

  const started = performance.now()
  const gaps = watchGaps()
  const reading = reader(folder, scenario, (raw, line) => {
    lastRead = performance.now()
    tally.hear(raw, line)
    Atomics.store(result, 0, tally.received())
  })
  if (!scenario.isBacklog) await write(scenario, folder, lines, result)
  const written = performance.now()
  while (tally.received() < lines && performance.now() - Math.max(lastRead, written) < quietMs) await wait(5)
  const worstGapMs = gaps.stop()
  // Doubles may still be on their way.
  await reading.caughtUp()
  reading.close()
  fs.rmSync(folder, {recursive: true})
  return {...tally.result(), ms: lastRead - started, behindMs: lastRead - written, worstGapMs}
}
