import {type ClientState, clientStateOf} from '../../domain/attempts/client.ts'
import {isUnnamed} from '../../domain/attempts/eviction-policy.ts'
import {evidenceSources} from '../../domain/live/live-state.ts'
import {allReasons, reasonById} from '../../domain/reasons/reason.ts'
import type {Metric, MetricInputs, Sample} from './metric.ts'

const clientStates: readonly ClientState[] = ['in', 'out', 'storm', 'back', 'stuck', 'unknown']

/** Each reason of the table from the beginning, with 0: what appears for the first time is no increase to Prometheus. */
const byReason = (isIncluded: (id: string) => boolean, entries: Iterable<{reason: string; count: number}>): Sample[] => {
  const counts = new Map(allReasons.filter(({id}) => isIncluded(id)).map(({id}) => [id, 0]))
  for (const {reason, count} of entries) if (isIncluded(reason)) counts.set(reason, (counts.get(reason) ?? 0) + count)
  return Array.from(counts, ([reason, value]) => ({labels: {reason}, value}))
}

const isAuthFailure = (id: string): boolean => reasonById(id).authFailure === true
const isOfProvider = (id: string): boolean => reasonById(id).layer === 'provider'

const clientsIn = ({state: {world, now}}: MetricInputs): Sample[] => {
  const counts = new Map(clientStates.map(state => [state, 0]))
  for (const client of world.clients.byKey.values()) {
    // Unnamed clients that were never refused must not page anyone, however often they connect.
    const state = isUnnamed(client) && client.refused === 0 ? 'out' : clientStateOf(client, now)
    counts.set(state, (counts.get(state) ?? 0) + 1)
  }
  return Array.from(counts, ([state, value]) => ({labels: {state}, value}))
}

/** Who knocked, who was refused, and by which of the two layers. */
export const attemptMetrics: readonly Metric[] = [
  {
    name: 'gatecrab_attempts_total',
    type: 'counter',
    help: 'Connection attempts whose fate is known, with those that the gateway did not log one by one. left: gone before the gateway said anything.',
    labels: ['outcome'],
    read: ({state: {world}}) =>
      (['connected', 'refused', 'left'] as const).map(outcome => ({labels: {outcome}, value: world.ledger[outcome]})),
    panel: {
      title: 'Attempts',
      kind: 'timeseries',
      expr: 'sum by (outcome) (rate(gatecrab_attempts_total[5m])) * 60',
      legend: '{{outcome}}',
      unit: 'short',
    },
  },
  {
    name: 'gatecrab_hidden_attempts_total',
    type: 'counter',
    help: 'Those among the attempts that the gateway only counted in a later line (suppressed=N).',
    labels: [],
    read: ({state: {world}}) => [{value: world.ledger.hidden}],
  },
  {
    name: 'gatecrab_refusals_total',
    type: 'counter',
    help: 'Failed connection attempts, by layer and reason id. expected: restarts, port probes and gatecrab itself, which need nobody.',
    labels: ['layer', 'reason', 'expected'],
    read: ({state: {world}}) =>
      Array.from(world.ledger.refusals.values(), ({layer, reason, expected, count}) => ({
        labels: {layer, reason, expected: String(expected)},
        value: count,
      })),
    panel: {
      title: 'Refused, a minute',
      kind: 'timeseries',
      expr: 'sum by (reason) (rate(gatecrab_refusals_total{expected="false"}[5m])) * 60',
      legend: '{{reason}}',
      unit: 'short',
    },
  },
  {
    name: 'gatecrab_gateway_auth_failures_total',
    type: 'counter',
    help: "Sign-ins that the gateway's own session layer turned down: tokens, passwords, devices. A model provider has no part in these.",
    labels: ['reason'],
    read: ({state: {world}}) => byReason(id => isAuthFailure(id) && !isOfProvider(id), world.ledger.refusals.values()),
    alerts: [
      {
        name: 'GatecrabGatewayRefusesSignIns',
        expr: 'sum by (instance, reason) (increase(gatecrab_gateway_auth_failures_total[10m])) >= 10',
        for: '5m',
        severity: 'warning',
        summary: 'The gateway refuses clients: {{ $labels.reason }}',
        description:
          '{{ $value | humanize }} sign-ins in ten minutes were turned down by the session layer of the gateway. gatecrab explain {{ $labels.reason }} says what helps; this is not about the login at a model provider.',
      },
    ],
    panel: {
      title: 'Gateway sign-ins turned down, 10 minutes',
      kind: 'timeseries',
      expr: 'sum by (reason) (increase(gatecrab_gateway_auth_failures_total[10m])) > 0',
      legend: '{{reason}}',
      unit: 'short',
    },
  },
  {
    name: 'gatecrab_provider_failures_total',
    type: 'counter',
    help: "What model providers answered instead of serving, by provider and the row of the reason table. Names beyond two dozen count as 'other'.",
    labels: ['provider', 'reason'],
    read: ({state: {world}}) =>
      Array.from(world.ledger.providers.values(), ({provider, reason, count}) => ({labels: {provider, reason}, value: count})),
    panel: {
      title: 'Model provider failures, 10 minutes',
      kind: 'timeseries',
      expr: 'sum by (provider, reason) (increase(gatecrab_provider_failures_total[10m]))',
      legend: '{{provider}} {{reason}}',
      unit: 'short',
    },
  },
  {
    name: 'gatecrab_provider_auth_failures_total',
    type: 'counter',
    help: "Credentials that a model provider turned down. The gateway's own token has no part in these.",
    labels: ['reason'],
    read: ({state: {world}}) => byReason(id => isAuthFailure(id) && isOfProvider(id), world.ledger.providers.values()),
    alerts: [
      {
        name: 'GatecrabProviderRefusesLogin',
        expr: 'sum by (instance, reason) (increase(gatecrab_provider_auth_failures_total[15m])) > 0',
        for: '1m',
        severity: 'critical',
        summary: 'A model provider turns the login down: {{ $labels.reason }}',
        description:
          'gatecrab profiles names the login and how it is renewed. The token of the gateway has no part in this; rotating it would not help.',
      },
    ],
  },
  {
    name: 'gatecrab_channel_failures_total',
    type: 'counter',
    help: 'Failures of chat channels (their own logins and connections) that the log tells of, by channel and the row of the reason table.',
    labels: ['channel', 'reason'],
    read: ({state: {world}}) =>
      Array.from(world.ledger.channels.values(), ({channel, reason, count}) => ({labels: {channel, reason}, value: count})),
    alerts: [
      {
        name: 'GatecrabChannelDown',
        expr: 'sum by (instance, channel, reason) (increase(gatecrab_channel_failures_total{reason=~"channel-(logged-out|token-refused|used-elsewhere|gave-up|ingress-unavailable)"}[15m])) > 0',
        for: '1m',
        severity: 'critical',
        summary: 'The channel {{ $labels.channel }} is down: {{ $labels.reason }}',
        description:
          'gatecrab explain {{ $labels.reason }} says what helps. It is the login of the channel: neither the gateway token nor a model login has a part in it.',
      },
    ],
    panel: {
      title: 'Channel failures, 10 minutes',
      kind: 'timeseries',
      expr: 'sum by (channel, reason) (increase(gatecrab_channel_failures_total[10m]))',
      legend: '{{channel}} {{reason}}',
      unit: 'short',
    },
  },
  {
    name: 'gatecrab_clients',
    type: 'gauge',
    help: 'Clients by how they fare now. storm and stuck are being refused.',
    labels: ['state'],
    read: clientsIn,
    panel: {title: 'Clients', kind: 'timeseries', expr: 'gatecrab_clients > 0', legend: '{{state}}', unit: 'short'},
  },
  {
    name: 'gatecrab_clients_refused',
    type: 'gauge',
    help: 'Clients that are refused now, as gatecrab check counts them: those of which no row is kept are among them.',
    labels: [],
    read: ({state: {assessment}}) => [{value: assessment.refused}],
    alerts: [
      {
        name: 'GatecrabClientsTurnedAway',
        expr: 'sum by (instance) (gatecrab_clients_refused) > 0',
        for: '10m',
        severity: 'warning',
        summary: '{{ $value }} clients are refused and keep trying',
        description: 'gatecrab shows who and why; gatecrab check says it in words.',
      },
    ],
  },
  {
    name: 'gatecrab_clients_dropped_total',
    type: 'counter',
    help: 'Clients of which no row is kept any more, since there were too many. gatecrab_clients leaves them out; the counters of attempts do not.',
    labels: [],
    read: ({state: {world}}) => [{value: world.clients.dropped.clients}],
  },
  {
    name: 'gatecrab_connections',
    type: 'gauge',
    help: "Who is in now, by the gateway's own list or the system's connections; absent where only the log is read, which does not tell.",
    labels: [],
    read: ({state: {live}}) =>
      live === null || evidenceSources(live).length === 0 ? [] : [{value: live.connectedClients.length}],
    panel: {title: 'Who is in', kind: 'timeseries', expr: 'gatecrab_connections', legend: '{{instance}}', unit: 'short'},
  },
  {
    name: 'gatecrab_counting_since_timestamp_seconds',
    type: 'gauge',
    help: 'From when on the log lines are counted: the history that was there at the start is part of every counter.',
    labels: [],
    read: ({state: {since, world}}) => {
      const from = world.firstAt ?? since
      return from === null ? [] : [{value: from / 1000}]
    },
  },
]
