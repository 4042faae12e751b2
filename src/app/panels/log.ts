import type {Attempt} from '../../domain/attempts/attempt.ts'
import type {ConnectionFacts, Level, LogLine} from '../../domain/attempts/event.ts'
import {triage} from '../logins/triage.ts'
import {type Named, passes, type Searchable} from '../rows/filter.ts'
import {type Column, type Found, type Role, type Row, refKey, type ShownLine} from '../rows/rows.ts'
import {clockMs, day} from '../words.ts'
import {adviceFor, attemptFacts, rowFor} from './attempts.ts'
import {type Explanation, iso, type Panel, type PanelInput, panelOf, unlessNoLog} from './panel.ts'

const columns: readonly Column[] = [
  {title: 'TIME', width: 12},
  {title: 'LEVEL', width: 5, from: 48},
  {title: 'FROM', width: 9, wide: 16, from: 60},
  {title: 'LINE', width: 30, grow: true},
]

const levelRoles: Record<Level, Role> = {trace: 'dim', debug: 'dim', info: 'plain', warn: 'warn', error: 'bad', fatal: 'bad'}

/** The log is filtered anew with each key that is typed, and its text never changes. */
const searchables = new WeakMap<ShownLine, Searchable>()

const searchableOf = (line: ShownLine): Searchable => {
  const searchable = searchables.get(line) ?? searchOf(line)
  searchables.set(line, searchable)
  return searchable
}

const fields = ['level', 'sub', 'subsystem', 'file', 'writer', 'day'] as const

const searchOf = (line: ShownLine): Searchable => {
  const named: Named<typeof fields> = {
    level: line.level,
    sub: line.subsystem,
    subsystem: line.subsystem,
    file: line.from.file,
    writer: line.writer,
    day: day(line.at),
  }
  return {all: `${line.subsystem} ${line.text} ${summary(line)}`.toLowerCase(), named, level: line.level}
}

const uuid = /\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{8}([0-9a-f]{4})\b/g

const shortened = (text: string): string => text.replace(uuid, '$1…$2')

const detailed = ({detail}: ConnectionFacts): string | undefined =>
  detail !== undefined && /^[a-z]+(?:-[a-z]+)+$/.test(detail) ? detail : undefined

/** A refusal's line begins with a hundred columns of addresses; its first words here are what one looks for. */
const summary = ({event, text}: ShownLine): string => {
  if (event === null || !('facts' in event) || (event.kind !== 'closed-early' && event.kind !== 'refused')) return shortened(text)
  const {facts} = event
  const what = event.kind === 'closed-early' ? 'closed' : 'refused'
  const why = (facts.authReason ?? detailed(facts) ?? facts.cause ?? facts.text)?.replaceAll('_', '-')
  const parts = [
    facts.code,
    why,
    facts.client?.displayName ?? facts.client?.id?.replace(/^openclaw-/, ''),
    facts.remote,
    facts.forwardedFor && `says it is for ${facts.forwardedFor}`,
    facts.suppressed && `+${facts.suppressed} hidden`,
    event.conn,
  ]
  return shortened([what, ...parts.filter(part => part !== undefined && part !== null && part !== 0)].join(' '))
}

const rowOf = (line: ShownLine): Row => {
  const isCli = line.writer === 'cli'
  return {
    key: String(line.id),
    dim: isCli,
    search: searchableOf(line),
    cells: [
      {text: line.at === 0 ? '' : clockMs(line.at), role: 'dim'},
      {text: line.level, role: isCli ? 'dim' : levelRoles[line.level]},
      {
        text: isCli && line.subsystem === '' ? 'a command' : line.subsystem.replace(/^gateway\//, ''),
        role: isCli ? 'dim' : 'note',
      },
      {text: summary(line), role: isCli || line.level === 'debug' ? 'dim' : 'plain'},
    ],
  }
}

const matching = ({log: {lines}, filter, evidence}: PanelInput): readonly ShownLine[] => {
  const only = evidence?.lines
  const candidates = only ? lines.filter(line => only.has(refKey(line.from))) : lines
  return filter.terms.length === 0
    ? candidates
    : candidates.filter(line => filter.cached(line, () => passes(filter, searchableOf(line))))
}

const indexById = (lines: readonly ShownLine[], id: number): number => lines.findIndex(line => line.id === id)

const logRows = (input: PanelInput): Found<ShownLine> => {
  const items = matching(input)
  return {
    items,
    rows: {
      columns,
      count: items.length,
      keyAt: index => String(items[index]?.id ?? ''),
      indexOf: key => indexById(items, Number(key)),
      rowAt: index => rowOf(items[index]!),
      searchAt: index => searchableOf(items[index]!),
      endsWithNewest: true,
      newest: Math.max(0, items.length - 1),
    },
  }
}

const attemptOf = ({world}: PanelInput, {event}: ShownLine): Attempt | undefined => {
  const conn = event !== null && 'facts' in event ? event.conn : null
  return conn === null ? undefined : world.recent.findLast(attempt => attempt.id === conn)
}

/** The whole line, and what it means where it tells of a connection. */
const whyLine = (state: PanelInput, line: ShownLine): Explanation => {
  const attempt = attemptOf(state, line)
  const facts: Explanation['facts'] = [
    ['file', `${line.from.file}:${line.from.line}`],
    ['from', line.subsystem || 'a command'],
    ...(attempt ? attemptFacts(attempt) : []),
  ]
  if (!attempt?.reason) return {why: line.text, seen: '', tryThis: triage(state, line.event) ?? '', facts}
  return {why: rowFor(attempt).means, seen: line.text, tryThis: adviceFor(state, attempt), facts}
}

/** A line for who has not its file. */
export const lineText = ({at, level, subsystem, text}: LogLine): string =>
  [at === 0 ? null : iso(at), level, subsystem === '' ? null : `[${subsystem}]`, text].filter(Boolean).join(' ')

export const log: Panel<ShownLine> = panelOf<ShownLine>({
  title: 'Log',
  about: 'every line',
  fields,
  rows: logRows,
  empty: unlessNoLog('No line yet.'),
  why: whyLine,
  evidence: line => ({is: 'whole-line', line}),
  at: ({at}) => at,
  copied: lineText,
})
