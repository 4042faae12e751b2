import fs from 'node:fs'
import path from 'node:path'
import type {Attempt} from '../../src/domain/attempts/attempt.ts'
import type {LogLine, LogEvent as ToldLine} from '../../src/domain/attempts/event.ts'
import {applyLine, expirePending} from '../../src/domain/world/apply-line.ts'
import {createWorld, type World} from '../../src/domain/world/world.ts'
import {readLogLine} from '../../src/gateway/lines/log-line.ts'

const root = path.join(import.meta.dirname, '../fixtures/logs')

export type Capture = {name: string; release: string; story: string; jsonl: string; console: string; truth: string}

const captureOf = (release: string, story: string): Capture => {
  const file = path.join(root, release, story)
  return {
    name: `${release} ${story}`,
    release,
    story,
    jsonl: `${file}.jsonl`,
    console: `${file}.console.log`,
    truth: `${file}.truth.json`,
  }
}

const foldersIn = (folder: string): string[] =>
  fs
    .readdirSync(folder, {withFileTypes: true})
    .filter(entry => entry.isDirectory())
    .map(({name}) => name)
    .toSorted((a, b) => a.localeCompare(b, 'en', {numeric: true}))

/** Every run of a gateway that has a truth beside its logs. */
export const captures: readonly Capture[] = foldersIn(root).flatMap(release =>
  fs
    .readdirSync(path.join(root, release))
    .filter(name => name.endsWith('.truth.json'))
    .toSorted()
    .map(name => captureOf(release, name.slice(0, -'.truth.json'.length))),
)

export const captured = (release: string, story: string): string => path.join(root, release, story)

const inFolder = (release: string, folder: string, names: readonly string[]): string[] =>
  names.map(name => captured(release, `${folder}/${name}`))

/** The archives of a log, oldest first, and the log. */
export const archives: readonly string[] = inFolder(
  '2026.9.6',
  'size-rotation',
  [4, 3, 2, 1].map(n => `gateway.${n}.jsonl`).concat('gateway.jsonl'),
)

/** The log of a day and of the day after. */
export const twoDays = (release: string): string[] =>
  inFolder(release, 'day-rollover', ['openclaw-2026-01-10.log', 'openclaw-2026-01-11.log'])

/** A clock without a date is of the last day on which it was not in the future: judged here at the end of the day of the captures. */
export const captureDay = Date.parse('2026-11-21T23:59:59Z')

export const rawLines = (file: string): string[] => fs.readFileSync(file, 'utf8').split('\n').filter(Boolean)

export const readLines = (raw: readonly string[], file = 'log', now = captureDay): LogLine[] => {
  let lastAt = 0
  return raw.map((text, i) => {
    const line = readLogLine(text, {file, line: i + 1}, lastAt, now)
    lastAt = line.at
    return line
  })
}

export type Expected = {world: World; attempts: Attempt[]}

/** What a log tells, from its first line to its last. */
export const eventsFrom = (lines: readonly ToldLine[], trustedProxies: readonly string[] = []): Expected => {
  const world = createWorld({}, trustedProxies)
  const attempts: Attempt[] = []
  for (const line of lines) {
    const change = applyLine(world, line)
    if (change?.isNew) attempts.push(change.attempt)
  }
  expirePending(world, Infinity)
  return {world, attempts}
}

export const readFileEvents = (file: string): Expected => eventsFrom(readLines(rawLines(file), path.basename(file)))

/** The files of one log in their order, each with lines of its own. */
export const readFiles = (files: readonly string[]): Expected =>
  eventsFrom(files.flatMap(file => readLines(rawLines(file), path.basename(file))))

export const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)
