import {type Level, levels} from '../../domain/attempts/event.ts'
import {isFields, jsonIn} from '../json.ts'

export type Meta = Readonly<Record<string, unknown>>

/** What every log format comes down to before anybody asks what it means. */
export type LogRecord = {
  at: number
  level: Level
  subsystem: string
  text: string
  meta: Meta | null
  writer: 'gateway' | 'cli'
}

export const parseObject = (json: string): Meta | null => {
  const value = jsonIn(json)
  return isFields(value) ? value : null
}

const levelsByName = new Map<unknown, Level>(
  levels.flatMap(level => [
    [level, level],
    [level.toUpperCase(), level],
  ]),
)

export const levelNamed = (name: unknown): Level => levelsByName.get(name) ?? 'info'
