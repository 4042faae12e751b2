import fs from 'node:fs'
import path from 'node:path'
import {root} from './measure.ts'

export type Copy = (text: string, round: number) => string

const idStart = /\b[0-9a-f]{8}(?=-[0-9a-f]{4}-|…)/g
const port = /(?<="remotePort":|remotePort=)\d+|(?<=\d:|\]:)\d+(?=->)/g
const minute = /\d{4}-\d\d-\d\dT\d\d:\d\d(?=:\d\d\.\d{3})/g

/** Each time of other connections, from other ports and a minute later, as in a log. */
export const ofOthers: Copy = (text, round) =>
  text
    .replace(idStart, id => ((Number.parseInt(id, 16) ^ Math.imul(round, 2_654_435_761)) >>> 0).toString(16).padStart(8, '0'))
    .replace(port, digits => String(1024 + ((Number(digits) + round * 7) % 60_000)))
    .replace(minute, time => new Date(Date.parse(`${time}:00Z`) + round * 60_000).toISOString().slice(0, 16))

/** As in a log that is read twice. */
export const verbatim: Copy = text => text

/** Real lines over and over, so many bytes or a little more. */
export const writeLog = (log: string, bytes: number, texts: readonly string[], copy: Copy): void => {
  const file = fs.openSync(log, 'w', 0o600)
  let written = 0
  for (let round = 1; written < bytes; round += 1) written += fs.writeSync(file, copy(texts[round % texts.length] ?? '', round))
  fs.closeSync(file)
}

const logs = path.join(root, 'test/fixtures/logs')

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

/** What real gateways wrote at their default level, and at all levels. */
export const quietTexts = (): string[] => textsOf(file => !file.includes('verbose'))
export const allTexts = (): string[] => textsOf(() => true)
export const refusalTexts = (): string[] => quietTexts().map(refusalsOf).filter(Boolean)
