import {nameOf} from '../app/client-rows.ts'
import {ago, plural} from '../app/words.ts'
import {addressOf} from '../domain/attempt.ts'
import {type Client, stateOf} from '../domain/client.ts'
import {countersOf, type Diagnosis, diagnose} from '../domain/diagnosis.ts'
import {redact} from '../domain/redact.ts'
import {attemptJson, clientJson} from './attempt-json.ts'
import {type Command, type ExitCode, exit} from './command.ts'
import type {Flags, Given} from './flags.ts'
import {type Looked, lookOnce, releaseOf} from './known.ts'
import {asWritten, cell} from './markdown.ts'
import {complain} from './output.ts'
import {iso} from './time.ts'
import {version} from './version.ts'

const flags = {
  since: {value: 'T', about: 'from then on (default 24h)'},
  json: {about: 'the same as data'},
} satisfies Flags

const dayMs = 86_400_000
const mostClients = 30
const mostMarks = 60
const mostTexts = 20

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${heads.join(' | ')} |`,
  `|${' --- |'.repeat(heads.length)}`,
  ...rows.map(row => `| ${row.map(cell).join(' | ')} |`),
]

const byRefusals = (a: Client, b: Client): number => b.refused + b.hidden - (a.refused + a.hidden) || b.lastAt - a.lastAt

const clientsPart = ({world, now}: Looked): string[] => {
  const clients = Array.from(world.clients.values()).sort(byRefusals)
  const rows = clients
    .slice(0, mostClients)
    .map(client => [
      nameOf(client),
      addressOf(client) ?? '',
      stateOf(client, now),
      String(client.refused + client.hidden),
      String(client.connected),
      Array.from(client.tallies.values(), tally => `${tally.detail ?? tally.reason} ×${tally.count + tally.hidden}`).join(', '),
      iso(client.lastAt),
    ])
  const more = clients.length > mostClients ? [`… and ${clients.length - mostClients} more.`] : []
  return [
    '## Clients',
    '',
    ...table(['client', 'from', 'state', 'refused', 'connected', 'reasons', 'last seen'], rows),
    ...more,
    '',
  ]
}

const marksPart = ({world}: Looked): string[] => [
  '## Timeline',
  '',
  ...world.marks.slice(-mostMarks).map(mark => `- ${iso(mark.at)} **${mark.kind}** ${asWritten(mark.text)}`),
  ...(world.marks.length === 0 ? ['Nothing happened to the gateway in what was read.'] : []),
  '',
]

/** The exact words of the gateway, once each, with an id to find the line by. */
const textsPart = ({world}: Looked): string[] => {
  const texts = new Map<string, {code: number | null; id: string; count: number}>()
  for (const attempt of world.recent) {
    const text = attempt.closeReason
    if (text === null || attempt.outcome === 'connected') continue
    const known = texts.get(text)
    texts.set(text, {code: attempt.closeCode, id: attempt.id, count: (known?.count ?? 0) + 1})
  }
  const rows = Array.from(texts, ([text, {code, id, count}]) => [String(code ?? ''), text, String(count), id])
  return rows.length === 0
    ? []
    : ['## Exact close texts', '', ...table(['code', 'text', 'count', 'the last conn'], rows.slice(0, mostTexts)), '']
}

const problemsPart = (found: readonly Diagnosis[]): string[] => [
  '## What is wrong',
  '',
  ...(found.length === 0 ? ['Nothing that gatecrab knows of.'] : []),
  ...found.flatMap(({title, layer, because, tryThis, count, since, sure}) => [
    `- **${redact(title)}** (${layer === 'provider' ? 'model provider' : layer}; ${sure}; ${count} times since ${iso(since)})`,
    `  - why: ${redact(because)}`,
    `  - first: ${redact(tryThis)}`,
  ]),
  '',
]

const inMarkdown = (looked: Looked, found: readonly Diagnosis[]): string => {
  const {world, now, since, where, reach} = looked
  const counters = countersOf(world)
  return [
    '# OpenClaw gateway: incident report',
    '',
    `Made by gatecrab ${version} at ${iso(now)}, from the logs since ${iso(Math.max(since, world.firstAt ?? since))}. Secrets, account names and the last part of public addresses are left out.`,
    '',
    `- gateway: ${releaseOf(looked) ?? 'release unknown'}, port ${world.life.port ?? [...world.ports][0] ?? where.config.port}, the log says ${world.life.state}, the port says ${reach.state}${reach.because ? ` (${reach.because})` : ''}`,
    `- last line: ${world.newestAt === null ? 'none' : `${iso(world.newestAt)}, ${ago(world.newestAt, now)}`}`,
    `- turned away: ${plural(world.refused + world.hidden, 'attempt')}, ${world.hidden} of them not logged one by one, ${world.expected} expected`,
    `- failed sign-ins: gateway ${counters.gatewayAuthFailures}, model providers ${counters.providerAuthFailures}`,
    '',
    ...problemsPart(found),
    ...clientsPart(looked),
    ...marksPart(looked),
    ...textsPart(looked),
    '## Files read',
    '',
    ...looked.files.map(file => `- ${asWritten(file)}`),
    '',
  ].join('\n')
}

const redactedJson = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_key, part) => (typeof part === 'string' ? redact(part) : part)))

const inJson = (looked: Looked, found: readonly Diagnosis[]): unknown =>
  redactedJson({
    now: iso(looked.now),
    since: iso(looked.since),
    gateway: {release: releaseOf(looked), logSays: looked.world.life.state, reach: looked.reach.state},
    counters: countersOf(looked.world),
    problems: found.map(({since, ...rest}) => ({...rest, since: iso(since)})),
    clients: Array.from(looked.world.clients.values(), client => clientJson(client, looked.now)),
    timeline: looked.world.marks.map(({at, kind, text}) => ({at: iso(at), kind, text})),
    attempts: looked.world.recent.slice(-500).map(attemptJson),
  })

const run = async (given: Given): Promise<ExitCode> => {
  const looked = await lookOnce(given, dayMs)
  if (looked.problem && given.list('log').length > 0) return complain(looked.problem)
  const found = diagnose({world: looked.world, now: looked.now, sources: []})
  process.stdout.write(given.has('json') ? `${JSON.stringify(inJson(looked, found), null, 2)}\n` : inMarkdown(looked, found))
  return exit.fine
}

export const report: Command = {words: 'report', about: 'a redacted incident report in Markdown, for a ticket', flags, run}
