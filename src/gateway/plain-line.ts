import {momentOf} from './moment.ts'
import {type LogRecord, levelNamed, parseObject} from './record.ts'

const opening = '{"0":"{\\"subsystem\\":\\"'
const beforeContent = '\\"}","1":'
const beforeText = '},"2":"'
const about = ',"_meta":{'

/** The end of a text that is followed by `_meta` and holds no escape; else -1. */
const endOfText = (line: string, start: number): number => {
  const end = line.indexOf('"', start)
  const escapeAt = line.indexOf('\\', start)
  return line.startsWith(about, end + 1) && (escapeAt < 0 || escapeAt > end) ? end : -1
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
  if (named < 0 || textEnd < 0 || time === null || (metaEnd !== start && meta === null)) return null
  return {
    at: momentOf(time),
    level: levelNamed(valueAfter(line, ',"logLevelName":"', textEnd)),
    subsystem: line.slice(opening.length, named),
    text: line.slice(textStart, textEnd),
    meta,
    writer: 'gateway',
  }
}
