import {connectionKey} from '../domain/connection-key.ts'
import type {LineRef, LogLine} from '../domain/event.ts'
import {isPast, letGo, noPast, type Past} from '../domain/past.ts'
import {fits, lineLike, noPlaces, type Pattern, type Places, patternOf} from './line-pattern.ts'

/**
 * What was read before. A log says the same few things over and over, with other ids and times: to see that a line is
 * like an earlier one takes a third of the time of reading it.
 */
export type Memory = {
  patterns: Map<number, readonly Pattern[]>
  count: number
  last: Pattern | null
  places: Places
  over: Past
}

export const noMemory = (): Memory => ({patterns: new Map(), count: 0, last: null, places: noPlaces(), over: noPast()})

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

const alike = ({patterns, places}: Memory, raw: string, conn: number): Pattern | null => {
  for (const pattern of patterns.get(keyOf(raw, conn)) ?? none) if (fits(pattern, raw, places)) return pattern
  return null
}

/** What followed a line the last time is the first guess: a client that is refused comes again and again. */
const guessed = ({last, places}: Memory, raw: string): Pattern | null =>
  last?.next && fits(last.next, raw, places) ? last.next : null

export const recalled = (memory: Memory, raw: string, conn: number, from: LineRef): LogLine | null => {
  const pattern = conn < 0 ? null : (guessed(memory, raw) ?? alike(memory, raw, conn))
  if (!pattern) return null
  if (memory.last) memory.last.next = pattern
  memory.last = pattern
  return lineLike(pattern, raw, memory.places, from)
}

const keep = (memory: Memory, key: number, patterns: readonly Pattern[]): void => {
  if (memory.count >= mostPatterns) {
    memory.patterns.clear()
    memory.count = 0
  }
  memory.count += 1
  memory.patterns.set(key, patterns)
}

/** At the second sight: strangers whose every line is another cost no more than a look. */
export const learn = (memory: Memory, raw: string, conn: number, line: LogLine): void => {
  const {event} = line
  if (conn < 0 || event === null || !('facts' in event) || event.conn === null) return
  const key = keyOf(raw, conn)
  const known = memory.patterns.get(key)
  const pattern = known && patternOf(raw, line, event)
  if (pattern) keep(memory, key, [pattern, ...known.slice(0, mostAlike - 1)])
  else if (!known) keep(memory, key, none)
}

export const noteOver = (memory: Memory, {event}: LogLine): void => {
  if (event?.kind === 'closed-early' && event.conn !== null) letGo(memory.over, connectionKey(event.conn))
}
