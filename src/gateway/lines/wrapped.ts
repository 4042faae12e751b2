import {levels} from '../../domain/attempts/event.ts'
import {type LogRecord, levelNamed, parseObject, withoutColour} from './record.ts'

const dockerFile = '{"log":"'
const journalJson = /^\{"_{0,2}[A-Z]/

/** Docker's own file of a console (json-file), and `journalctl -o json`, have each line inside one of theirs. */
export const unwrapped = (raw: string): string => {
  if (!raw.startsWith('{"') || raw.startsWith('{"0"')) return raw
  const isDocker = raw.startsWith(dockerFile)
  if (!isDocker && !journalJson.test(raw)) return raw
  const inner = parseObject(raw)?.[isDocker ? 'log' : 'MESSAGE']
  return typeof inner === 'string' ? inner.replace(/\r?\n$/, '') : raw
}

const printed = new RegExp(
  `^(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:Z|[+-]\\d\\d:\\d\\d)) (${levels.join('|')}) (?:([a-z][\\w./-]{0,80}) )?(.*)$`,
  's',
)

/** A line as `openclaw logs` prints it: time, level, subsystem, text. */
export const readPrintedLine = (line: string): LogRecord | null => {
  const [, time = '', level, subsystem = '', text = ''] = printed.exec(withoutColour(line)) ?? []
  if (level === undefined) return null
  return {at: Date.parse(time), level: levelNamed(level), subsystem, text, meta: null, writer: 'gateway'}
}
