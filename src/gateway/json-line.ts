import {isMeta, type LogRecord, levelNamed, type Meta, parseObject} from './record.ts'

const subsystemIn = (first: unknown): string | null =>
  typeof first === 'string' ? (/^\{"(?:subsystem|module)":"([^"]*)"/.exec(first)?.[1] ?? null) : null

const stringAfter = (line: string, key: string, at: number): string => {
  const start = at + key.length
  return at < 0 ? '' : line.slice(start, line.indexOf('"', start))
}

/** The message is the last string, the meta is the object: a few lines have them the other way round. */
const contentOf = (fields: Meta): {first: unknown; text: string | null; meta: Meta | null} => {
  const first = fields['0']
  const rest = subsystemIn(first) === null ? [first, fields['1'], fields['2']] : [fields['1'], fields['2'], fields['3']]
  const text = rest.findLast(part => typeof part === 'string')
  return {first, text: typeof text === 'string' ? text : null, meta: rest.find(isMeta) ?? null}
}

const record = (fields: Meta, time: string, level: unknown, isCaptured: boolean): LogRecord | null => {
  const {first, text, meta} = contentOf(fields)
  if (text === null && meta === null) return null
  return {
    at: Date.parse(time),
    level: levelNamed(level),
    subsystem: subsystemIn(first) ?? '',
    text: text ?? JSON.stringify(meta),
    meta,
    writer: isCaptured ? 'cli' : 'gateway',
  }
}

/**
 * Most of a line is `_meta`, which repeats what the line says already, so only the part before it is parsed as JSON.
 * An unescaped `,"_meta":` cannot occur inside a string; where it is a key of something nested, the short parse fails.
 */
const quickRecord = (line: string): LogRecord | null => {
  const cut = line.indexOf(',"_meta":{')
  if (cut < 0 || !line.startsWith('{"0":')) return null
  const fields = parseObject(`${line.slice(0, cut)}}`)
  if (!fields) return null
  const time = stringAfter(line, '"time":"', line.lastIndexOf('"time":"'))
  const level = stringAfter(line, '"logLevelName":"', line.indexOf('"logLevelName":"', cut))
  const isCaptured = line.includes('"name":"openclaw"', cut) && !line.includes('"parentNames"', cut)
  return record(fields, time, level, isCaptured)
}

const fullRecord = (fields: Meta): LogRecord | null => {
  const about = isMeta(fields['_meta']) ? fields['_meta'] : {}
  const time = String(fields['time'] ?? about['date'] ?? '')
  return record(fields, time, about['logLevelName'], about['name'] === 'openclaw' && !about['parentNames'])
}

/** `logging.consoleStyle: json`: the meta is spread over the line itself. */
const consoleRecord = (fields: Meta): LogRecord | null => {
  const text = fields['message']
  if (typeof text !== 'string' || typeof fields['time'] !== 'string') return null
  return {
    at: Date.parse(fields['time']),
    level: levelNamed(fields['level']),
    subsystem: String(fields['subsystem'] ?? ''),
    text,
    meta: fields,
    writer: 'gateway',
  }
}

/** A line of the JSONL log, of `openclaw logs --json`, or of a console that writes JSON. */
export const readJsonLine = (line: string): LogRecord | null => {
  const quick = quickRecord(line)
  if (quick) return quick
  const fields = parseObject(line)
  if (!fields) return null
  if (fields['type'] === 'log' && typeof fields['raw'] === 'string') return readJsonLine(fields['raw'])
  return fields['_meta'] ? fullRecord(fields) : consoleRecord(fields)
}
