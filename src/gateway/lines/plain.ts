import {type LogRecord, levelNamed, parseObject, withoutColour} from './record.ts'
import {parseTimestamp} from './timestamp.ts'

const opening = '{"0":"{\\"subsystem\\":\\"'
const beforeContent = '\\"}","1":'
const beforeText = '},"2":"'
const about = ',"_meta":{'

/** The end of a text that is followed by `_meta`; else -1. */
const endOfText = (line: string, start: number): number => {
  let end = line.indexOf('"', start)
  for (let escapeAt = line.indexOf('\\', start); escapeAt >= 0 && escapeAt < end; escapeAt = line.indexOf('\\', escapeAt + 2))
    if (escapeAt === end - 1) end = line.indexOf('"', end + 1)
  return line.startsWith(about, end + 1) ? end : -1
}

/** A text as it was before it was written; null where it could not have been written so. */
const unescaped = (text: string): string | null => {
  if (!text.includes('\\')) return text
  try {
    return withoutColour(String(JSON.parse(`"${text}"`)))
  } catch {
    return null
  }
}

const valueAfter = (line: string, key: string, from: number): string | null => {
  const at = line.indexOf(key, from)
  return at < 0 ? null : line.slice(at + key.length, line.indexOf('"', at + key.length))
}

/**
 * Nearly every line of a log has one shape: a subsystem, a text, perhaps the text's meta, then `_meta`, which is most of
 * the line and says nothing more. It is read where it stands, for parsing it all takes five times as long. Nothing is
 * taken for granted: a line of any other shape gives null.
 */
export const readPlainLine = (line: string): LogRecord | null => {
  if (!line.startsWith(opening)) return null
  const named = line.indexOf(beforeContent, opening.length)
  const start = named + beforeContent.length
  const metaEnd = line.startsWith('{', start) ? line.indexOf(beforeText, start) + 1 : start
  const textStart = metaEnd === start ? start + 1 : metaEnd + beforeText.length - 1
  const textEnd = endOfText(line, textStart)
  const time = valueAfter(line, '},"time":"', textEnd)
  const meta = metaEnd > start ? parseObject(line.slice(start, metaEnd)) : null
  const text = textEnd < 0 ? null : unescaped(line.slice(textStart, textEnd))
  if (named < 0 || text === null || time === null || (metaEnd !== start && meta === null)) return null
  return {
    at: parseTimestamp(time),
    level: levelNamed(valueAfter(line, ',"logLevelName":"', textEnd)),
    subsystem: line.slice(opening.length, named),
    text,
    meta,
    writer: 'gateway',
  }
}
