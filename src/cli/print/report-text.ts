import {describeSources} from '../../app/connected-words.ts'
import {statusCell} from '../../app/gateway-status-words.ts'
import {ago, plural} from '../../app/words.ts'
import {addressOf} from '../../domain/attempts/attempt.ts'
import {type Client, clientStateOf} from '../../domain/attempts/client.ts'
import {nameOf, ownName} from '../../domain/attempts/client-name.ts'
import {everyClient} from '../../domain/attempts/clients.ts'
import {droppedText} from '../../domain/attempts/eviction-policy.ts'
import {evidenceSources} from '../../domain/live/live-state.ts'
import {isByUntrusted, type TimelineEvent} from '../../domain/timeline/timeline.ts'
import type {World} from '../../domain/world/world.ts'
import type {ReportData} from '../../runtime/report-data.ts'
import {version} from '../../runtime/version.ts'
import {iso} from '../moment-flags.ts'
import {asWritten, cell, plansPart, rotationsPart, tokenPart} from './report-rotations.ts'

const maxClients = 30
const maxTimelineEvents = 60
const minByUntrusted = 10
const maxTexts = 20
const maxConnectedClients = 30

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${heads.join(' | ')} |`,
  `|${' --- |'.repeat(heads.length)}`,
  ...rows.map(row => `| ${row.map(cell).join(' | ')} |`),
]

const byRefusals = (a: Client, b: Client): number => b.refused + b.hidden - (a.refused + a.hidden) || b.lastAt - a.lastAt

const clientsPart = ({world, now}: ReportData): string[] => {
  const clients = everyClient(world.clients).sort(byRefusals)
  const rows = clients
    .slice(0, maxClients)
    .map(client => [
      nameOf(client),
      addressOf(client) ?? '',
      clientStateOf(client, now),
      String(client.refused + client.hidden),
      String(client.connected),
      Array.from(client.tallies.values(), tally => `${tally.detail ?? tally.reason} ×${tally.count + tally.hidden}`).join(', '),
      iso(client.lastAt),
    ])
  const dropped = droppedText(world.clients.dropped.clients)
  const more = [
    ...(clients.length > maxClients ? [`… and ${clients.length - maxClients} more.`] : []),
    ...(dropped === '' ? [] : [`… ${dropped}.`]),
  ]
  return [
    '## Clients',
    '',
    ...table(['client', 'from', 'state', 'refused', 'connected', 'reasons', 'last seen'], rows),
    ...more,
    '',
  ]
}

/** Most clients leave no line in the log when they get in. */
const insidePart = ({live}: ReportData): string[] => {
  if (live === null || evidenceSources(live).length === 0) return []
  const rows = live.connectedClients
    .slice(0, maxConnectedClients)
    .map(connectedClient => [
      connectedClient.name,
      connectedClient.from ?? '',
      [connectedClient.process, connectedClient.pid === null ? null : `pid ${connectedClient.pid}`].filter(Boolean).join(' '),
      connectedClient.since === null ? '' : iso(connectedClient.since),
      describeSources([connectedClient]),
    ])
  return [
    '## Who is in now',
    '',
    ...(rows.length === 0 ? ['Nobody.'] : table(['client', 'from', 'process', 'since', 'known'], rows)),
    '',
  ]
}

/** The latest, and of what strangers can make as many as they like no more than there is room for. */
const latestEvents = (timeline: readonly TimelineEvent[]): readonly TimelineEvent[] => {
  const room = Math.max(minByUntrusted, maxTimelineEvents - timeline.filter(bullet => !isByUntrusted(bullet)).length)
  const byUntrusted = new Set(timeline.filter(isByUntrusted).slice(-room))
  return timeline.filter(bullet => !isByUntrusted(bullet) || byUntrusted.has(bullet)).slice(-maxTimelineEvents)
}

const timelinePart = ({timeline}: ReportData): string[] => [
  '## Timeline',
  '',
  ...latestEvents(timeline).map(bullet => `- ${iso(bullet.at)} **${bullet.kind}** ${asWritten(bullet.text)}`),
  ...(timeline.length === 0 ? ['Nothing happened to the gateway in what was read.'] : []),
  '',
]

/** The exact words of the gateway, once each, with an id to find the line by. */
const textsPart = ({world}: ReportData): string[] => {
  const texts = new Map<string, {code: number | null; id: string; count: number}>()
  for (const attempt of world.recent) {
    const text = attempt.closeReason
    if (text === null || attempt.outcome === 'connected') continue
    const existing = texts.get(text)
    texts.set(text, {code: attempt.closeCode, id: attempt.id, count: (existing?.count ?? 0) + 1})
  }
  const rows = Array.from(texts, ([text, {code, id, count}]) => [String(code ?? ''), text, String(count), id])
  return rows.length === 0
    ? []
    : ['## Exact close texts', '', ...table(['code', 'text', 'count', 'the last conn'], rows.slice(0, maxTexts)), '']
}

const problemsPart = ({assessment: {problems}}: ReportData): string[] => [
  '## What is wrong',
  '',
  ...(problems.length === 0 ? ['Nothing that gatecrab knows of.'] : []),
  ...problems.flatMap(({id, title, layer, because, tryThis, count, since, sure}) => [
    `- **${asWritten(title)}** (${asWritten(id)}; ${layer === 'provider' ? 'model provider' : layer}; ${sure}; ${plural(count, 'time')} since ${iso(since)})`,
    `  - why: ${asWritten(because)}`,
    `  - first: ${asWritten(tryThis)}`,
  ]),
  '',
]

const hasDisplayNames = ({clients}: World): boolean => everyClient(clients).some(({identity}) => ownName(identity) !== null)

const headPart = ({world, now, since, release, port, reach, assessment}: ReportData): string[] => {
  const {verdict, gateway, counters} = assessment
  const text = `${statusCell(gateway, now).text}${gateway.by === 'log' ? ' by its log alone' : `, the log says ${world.life.state}`}`
  return [
    '# OpenClaw gateway: incident report',
    '',
    `Made by gatecrab ${version} at ${iso(now)}, from the logs since ${iso(Math.max(since, world.firstAt ?? since))}. Secrets, account names, the names of hosts and the last part of public addresses are left out.${hasDisplayNames(world) ? ' The names that people gave their clients are not: read them before you show this to others.' : ''}`,
    '',
    `- verdict: ${verdict}`,
    `- gateway: ${asWritten(release ?? 'release unknown')}, port ${world.life.port ?? [...world.ports][0] ?? port}, ${text}${reach === null ? '' : `, the port says ${asWritten(reach)}`}`,
    `- last line: ${world.newestAt === null ? 'none' : `${iso(world.newestAt)}, ${ago(world.newestAt, now)}`}`,
    `- refused: ${plural(world.refused + world.hidden, 'attempt')}, ${world.hidden === 0 ? 'all logged individually' : `${world.hidden} of them only summarised by the gateway`}, ${world.expected} expected`,
    `- failed sign-ins: gateway ${counters.gatewayAuthFailures}, model providers ${counters.providerAuthFailures}, channels ${counters.channelAuthFailures}`,
    '',
  ]
}

export const inMarkdown = (reported: ReportData): string =>
  [
    ...headPart(reported),
    ...problemsPart(reported),
    ...tokenPart(reported.copies, reported.enforced),
    ...rotationsPart(reported.timeline, reported.world, reported.now),
    ...clientsPart(reported),
    ...insidePart(reported),
    ...timelinePart(reported),
    ...textsPart(reported),
    ...plansPart(reported.plans),
    '## Files read',
    '',
    ...reported.files.map(file => `- ${asWritten(file)}`),
    ...(reported.packed ?? []).map(file => `- not read, since it is packed: ${asWritten(file)}`),
    '',
  ].join('\n')
