import {isFields} from '../json.ts'
import {readPlainLine} from './plain.ts'
import {type LogRecord, levelNamed, type Meta, parseObject, withoutColour} from './record.ts'

const subsystemIn = (first: unknown): string | null =>
  typeof first === 'string' ? (/^\{"(?:subsystem|module)":"([^"]*)"/.exec(first)?.[1] ?? null) : null

/** The message is the last string, the meta is the object: a few lines have them the other way round. */
const contentOf = (fields: Meta): {first: unknown; text: string | null; meta: Meta | null} => {
  const first = fields['0']
  const rest = subsystemIn(first) === null ? [first, fields['1'], fields['2']] : [fields['1'], fields['2'], fields['3']]
  const text = rest.findLast(part => typeof part === 'string')
  return {first, text: typeof text === 'string' ? text : null, meta: rest.find(isFields) ?? null}
}

const loggedRecord = (fields: Meta): LogRecord | null => {
  const {first, text, meta} = contentOf(fields)
  if (text === null && meta === null) return null
  const about = isFields(fields['_meta']) ? fields['_meta'] : {}
  return {
    at: Date.parse(String(fields['time'] ?? about['date'] ?? '')),
    level: levelNamed(about['logLevelName']),
    subsystem: subsystemIn(first) ?? '',
    text: text === null ? JSON.stringify(meta) : withoutColour(text),
    meta,
    writer: about['name'] === 'openclaw' && !about['parentNames'] ? 'cli' : 'gateway',
  }
}

/** `logging.consoleStyle: json`: the meta is spread over the line itself. */
const consoleRecord = (fields: Meta): LogRecord | null => {
  const text = fields['message']
  if (typeof text !== 'string' || typeof fields['time'] !== 'string') return null
  return {
    at: Date.parse(fields['time']),
    level: levelNamed(fields['level']),
    subsystem: String(fields['subsystem'] ?? ''),
    text: withoutColour(text),
    meta: fields,
    writer: 'gateway',
  }
}

/** A line of the JSONL log, of `openclaw logs --json`, or of a console that writes JSON. */
export const readJsonLine = (line: string): LogRecord | null => {
  const plain = readPlainLine(line)
  if (plain) return plain
  const fields = parseObject(line)
  if (!fields) return null
  if (fields['type'] === 'log' && typeof fields['raw'] === 'string') return readJsonLine(fields['raw'])
  return fields['_meta'] ? loggedRecord(fields) : consoleRecord(fields)
}
