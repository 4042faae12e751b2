import fs from 'node:fs'
import {readLogLine} from '../../gateway/lines/log-line.ts'
import {openLog} from './pipe.ts'

const maxBytes = 64 * 1024

const beginningOf = (file: string): string => {
  const fd = openLog(file)
  try {
    const bytes = Buffer.alloc(maxBytes)
    return bytes.toString('utf8', 0, fs.readSync(fd, bytes, 0, maxBytes, 0))
  } finally {
    fs.closeSync(fd)
  }
}

/** When a log begins; null where its first lines bear no time. */
export const firstLineAt = (file: string, now: number): number | null => {
  try {
    const lines = beginningOf(file).split('\n').slice(0, -1)
    return lines.map((raw, i) => readLogLine(raw, {file, line: i + 1}, 0, now).at).find(at => at > 0) ?? null
  } catch {
    return null
  }
}
