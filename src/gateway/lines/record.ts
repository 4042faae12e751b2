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

const colour = /\u001b\[[\d;]*m/g

/** A gateway that was started in a terminal, or with FORCE_COLOR, writes colours into its console and into its log. */
export const withoutColour = (text: string): string => (text.includes('\u001b') ? text.replace(colour, '') : text)

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
