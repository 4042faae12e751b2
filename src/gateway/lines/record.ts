import {type Level, levels} from '../../domain/attempts/event.ts'

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

export const isMeta = (value: unknown): value is Meta => typeof value === 'object' && value !== null && !Array.isArray(value)

export const parseObject = (json: string): Meta | null => {
  try {
    const value: unknown = JSON.parse(json)
    return isMeta(value) ? value : null
  } catch {
    return null
  }
}

const levelsByName = new Map<unknown, Level>(
  levels.flatMap(level => [
    [level, level],
    [level.toUpperCase(), level],
  ]),
)

export const levelNamed = (name: unknown): Level => levelsByName.get(name) ?? 'info'
