import {type Attempt, addressOf} from '../../src/domain/attempts/attempt.ts'
import {type Client, clientStateOf} from '../../src/domain/attempts/client.ts'
import type {TimelineEvent} from '../../src/domain/timeline/timeline.ts'
import type {Expected} from './captures.ts'

const time = (at: number): string => new Date(at).toISOString().slice(11, 23)

const table = (rows: readonly (readonly string[])[]): string[] => {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map(row => row[i]?.length ?? 0)))
  return rows.map(row => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd())
}

const attemptRow = (attempt: Attempt): string[] => [
  time(attempt.at),
  attempt.outcome,
  String(attempt.closeCode ?? '-'),
  attempt.reason ?? '-',
  attempt.detail ?? '-',
  [attempt.client.id, attempt.client.mode, attempt.client.version].filter(Boolean).join(' ') || 'unnamed',
  [addressOf(attempt), attempt.origin].filter(Boolean).join(' '),
  [attempt.alsoHidden > 0 ? `+${attempt.alsoHidden} hidden` : '', attempt.expected ? `expected: ${attempt.expected}` : '']
    .filter(Boolean)
    .join(', '),
]

const named = ({identity: {id, mode, version}, deviceId}: Client): string =>
  [id, mode, version, deviceId && `device ${deviceId.slice(0, 8)}`].filter(Boolean).join(' ') || 'unnamed'

const clientLines = (client: Client, now: number): string[] => {
  const {attempts, refused, left, connected, hidden, expected} = client
  const place = [addressOf(client), client.origin].filter(Boolean).join(' ')
  const counts = `${attempts} attempts: ${refused} refused, ${left} left, ${connected} connected, ${hidden} hidden, ${expected} expected`
  const reasons = Array.from(client.tallies.values(), ({reason, detail, count, hidden, code}) => [
    `${count}${hidden > 0 ? `+${hidden}` : ''}`,
    detail ?? reason,
    String(code ?? '-'),
  ])
  return [
    `  ${named(client)} from ${place}: ${clientStateOf(client, now)}`,
    `    ${counts}`,
    ...table(reasons).map(row => `  ${row}`),
  ]
}

const timelineRow = ({at, kind, text}: TimelineEvent): string[] => [time(at), kind, text]

/** What gatecrab makes of a log, for a reader who knows what really happened. */
export const storyOf = (name: string, {world, attempts}: Expected): string => {
  const now = world.newestAt ?? 0
  const clients = Array.from(world.clients.byKey.values()).sort((a, b) => a.firstAt - b.firstAt || a.lastAt - b.lastAt)
  return [
    name,
    '',
    `attempts: ${attempts.length}, without a hello ${world.refused}, hidden ${world.hidden}`,
    ...table([...attempts].sort((a, b) => a.at - b.at).map(attemptRow)),
    '',
    `clients at ${time(now)}`,
    ...clients.flatMap(client => clientLines(client, now)),
    '',
    `timeline; at the end the gateway is ${world.life.state}`,
    ...table(world.timeline.map(timelineRow)),
    '',
  ].join('\n')
}
