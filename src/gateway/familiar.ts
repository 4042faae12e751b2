import {connectionKey} from '../domain/connection-key.ts'
import type {LineRef, LogLine} from '../domain/event.ts'
import {isPast, letGo, noPast, type Past} from '../domain/past.ts'
import {fits, lineLike, noPlaces, type Pattern, type Places, patternOf} from './line-pattern.ts'

/**
 * What was read before. A log says the same few things over and over, with other ids and times: to see that a line is
 * like an earlier one takes a third of the time of reading it.
 */
export type Memory = {patterns: Map<number, Pattern[]>; count: number; places: Places; over: Past}

export const noMemory = (): Memory => ({patterns: new Map(), count: 0, places: noPlaces(), over: noPast()})

const mostPatterns = 4096
const mostAlike = 16
const none: readonly Pattern[] = []

const subsystemAt = '{"0":"{\\"subsystem\\":\\"'.length
const contentAt = '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":'.length
const beforeText = '},"2":"'
const idLength = 36
const addressed =
  /(?:closed before connect|unauthorized|webchat connected|protocol mismatch|invalid handshake|handshake timeout) conn=/y

/** Where the id of the connection stands in a line that begins with it; -1 in others. */
export const connAt = (raw: string): number => {
  if (!raw.startsWith('gateway/ws', subsystemAt)) return -1
  const hasMeta = raw.startsWith('{', contentAt)
  addressed.lastIndex = hasMeta ? raw.indexOf(beforeText, contentAt) + beforeText.length : contentAt + 1
  return addressed.test(raw) ? addressed.lastIndex : -1
}

/** Of a connection that got no hello nothing is told behind its end, unless the log is read twice. */
export const isOver = ({over}: Memory, raw: string, conn: number): boolean =>
  conn >= 0 && isPast(over, connectionKey(raw.slice(conn, conn + idLength)))

const samples = 64

/** Some letters of what follows the address: all refusals of one client for one reason have it in common. */
const keyOf = (raw: string, conn: number): number => {
  const start = raw.indexOf(' remote=', conn)
  const end = raw.indexOf('"', conn)
  if (start < 0 || start > end) return 0
  const step = Math.max(1, Math.floor((end - start) / samples))
  let key = end - start
  for (let i = start; i < end; i += step) key = (Math.imul(key, 31) + raw.charCodeAt(i)) | 0
  return key
}

export const recalled = ({patterns, places}: Memory, raw: string, conn: number, from: LineRef): LogLine | null => {
  if (conn < 0) return null
  for (const pattern of patterns.get(keyOf(raw, conn)) ?? none) {
    if (fits(pattern, raw, places)) return lineLike(pattern, raw, places, from)
  }
  return null
}

const keep = (memory: Memory, key: number, pattern: Pattern): void => {
  if (memory.count >= mostPatterns) {
    memory.patterns.clear()
    memory.count = 0
  }
  memory.count += 1
  memory.patterns.set(key, [pattern, ...(memory.patterns.get(key) ?? none).slice(0, mostAlike - 1)])
}

export const learn = (memory: Memory, raw: string, conn: number, line: LogLine): void => {
  const {event} = line
  if (conn < 0 || event === null || !('facts' in event) || event.conn === null) return
  const pattern = patternOf(raw, line, event)
  if (pattern) keep(memory, keyOf(raw, conn), pattern)
}

export const noteOver = (memory: Memory, {event}: LogLine): void => {
  if (event?.kind === 'closed-early' && event.conn !== null) letGo(memory.over, connectionKey(event.conn))
}
