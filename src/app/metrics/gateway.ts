import {clean} from '../../domain/clean.ts'
import {isDisabled, type Profile} from '../../domain/logins/profile.ts'
import type {Metric, MetricInputs, Sample} from './metric.ts'

const countBy = <T extends string>(names: readonly T[], found: Iterable<T>, label: string): Sample[] => {
  const counts = new Map<string, number>(names.map(name => [name, 0]))
  for (const name of found) counts.set(name, (counts.get(name) ?? 0) + 1)
  return Array.from(counts, ([name, value]) => ({labels: {[label]: name}, value}))
}

const isUp = ({
  state: {
    assessment: {gateway},
  },
}: MetricInputs): Sample[] => {
  const {is} = gateway
  return is === 'unknown' ? [] : [{value: is === 'up' || is === 'busy' ? 1 : 0}]
}

const maxProfiles = 50

const word = (text: string): string => clean(text, 60)

/** The soonest ends: they come in that order. */
const expiries = ({state: {profiles, now}}: MetricInputs): Sample[] => {
  const ending = (profiles?.profiles ?? []).filter(({expiresAt}) => expiresAt !== null).slice(0, maxProfiles)
  const samples = ending.map(({agent, profileId, provider, renewsItself, expiresAt}): [string, Sample] => {
    const labels = {agent: word(agent), profile: word(profileId), provider: word(provider), renews: String(renewsItself)}
    return [JSON.stringify(labels), {labels, value: Math.round(((expiresAt ?? now) - now) / 1000)}]
  })
  return [...new Map(samples.toReversed()).values()].toReversed()
}

const profileStates: readonly Profile['state'][] = [
  'ok',
  'static',
  'renews',
  'expiring',
  'expired',
  'login-lost',
  'missing',
  'unverified',
  'external',
  'unknown',
]

/** How the gateway itself stands, its logins and its token. */
export const gatewayMetrics: readonly Metric[] = [
  {
    name: 'gatecrab_gateway_up',
    type: 'gauge',
    help: 'Whether the gateway answers (1) or not (0); by its log where only logs are read; absent while unknown.',
    labels: [],
    read: isUp,
    alerts: [
      {
        name: 'GatecrabGatewayDown',
        expr: 'gatecrab_gateway_up == 0',
        for: '1m',
        severity: 'critical',
        summary: 'The gateway does not answer',
        description: 'gatecrab check says what its log ends with and what starts it.',
      },
    ],
    panel: {title: 'Gateway up', kind: 'stat', expr: 'gatecrab_gateway_up', legend: '{{instance}}', unit: 'bool_on_off'},
  },
  {
    name: 'gatecrab_gateway_ready_timestamp_seconds',
    type: 'gauge',
    help: 'When the log last said that the gateway is ready; absent where that is before what was read.',
    labels: [],
    read: ({state: {world}}) => (world.life.readyAt === null ? [] : [{value: world.life.readyAt / 1000}]),
    alerts: [
      {
        name: 'GatecrabGatewayRespawns',
        expr: 'changes(gatecrab_gateway_ready_timestamp_seconds[10m]) >= 3',
        for: '0m',
        severity: 'critical',
        summary: 'The gateway started again and again',
        description: 'A crash, a second supervisor, or a config that it does not survive: the Timeline of gatecrab shows which.',
      },
    ],
  },
  {
    name: 'gatecrab_profile_seconds_to_expiry',
    type: 'gauge',
    help: 'Seconds until a login at a model provider ends, negative once it has ended; the fifty soonest. renews: OpenClaw renews it by itself.',
    labels: ['agent', 'profile', 'provider', 'renews'],
    read: expiries,
    panel: {
      title: 'Logins that a person must renew end in',
      kind: 'timeseries',
      expr: 'gatecrab_profile_seconds_to_expiry{renews="false"}',
      legend: '{{profile}}',
      unit: 's',
    },
  },
  {
    name: 'gatecrab_profiles',
    type: 'gauge',
    help: 'Logins at model providers that some agent works with, by state.',
    labels: ['state'],
    read: ({state: {profiles}}) =>
      profiles === null
        ? []
        : countBy(
            profileStates,
            profiles.profiles.filter(({inUseBy}) => inUseBy.length > 0).map(({state}) => state),
            'state',
          ),
    alerts: [
      {
        name: 'GatecrabLoginGone',
        expr: 'sum by (instance) (gatecrab_profiles{state=~"expired|login-lost|missing"}) > 0',
        for: '5m',
        severity: 'critical',
        summary: 'A login at a model provider is gone',
        description: 'gatecrab profiles says which, and how it is renewed.',
      },
      {
        name: 'GatecrabLoginEndsSoon',
        expr: 'gatecrab_profiles{state="expiring"} > 0',
        for: '5m',
        severity: 'warning',
        summary: 'A login at a model provider ends within a day, and does not renew itself',
        description: 'gatecrab profiles says which, and how it is renewed.',
      },
    ],
  },
  {
    name: 'gatecrab_profiles_disabled',
    type: 'gauge',
    help: 'Logins that some agent works with and that OpenClaw has disabled, as for billing: their state alone says that they are good.',
    labels: [],
    read: ({state: {profiles, now}}) =>
      profiles === null
        ? []
        : [{labels: {}, value: profiles.profiles.filter(one => one.inUseBy.length > 0 && isDisabled(one, now)).length}],
    alerts: [
      {
        name: 'GatecrabLoginDisabled',
        expr: 'gatecrab_profiles_disabled > 0',
        for: '5m',
        severity: 'critical',
        summary: 'OpenClaw has disabled a login at a model provider',
        description: 'gatecrab profiles says which and why: billing needs the account at the provider, not a new login.',
      },
    ],
  },
  {
    name: 'gatecrab_token_copies',
    type: 'gauge',
    help: "Copies of the gateway's token, by how they compare with the one in force.",
    labels: ['verdict'],
    read: ({state: {copies}}) =>
      copies === null
        ? []
        : countBy(
            ['agrees', 'differs', 'absent', 'not-a-secret', 'unknown'],
            copies.copies.map(({verdict}) => verdict),
            'verdict',
          ),
    alerts: [
      {
        name: 'GatecrabTokenCopiesDiffer',
        expr: 'gatecrab_token_copies{verdict="differs"} > 0',
        for: '15m',
        severity: 'warning',
        summary: "{{ $value }} copies of the gateway's token differ from the one in force",
        description: 'gatecrab copies names each of them with its cure.',
      },
    ],
    panel: {
      title: 'Copies of the token that differ',
      kind: 'stat',
      expr: 'gatecrab_token_copies{verdict="differs"}',
      legend: '{{instance}}',
      unit: 'short',
    },
  },
  {
    name: 'gatecrab_log_last_line_age_seconds',
    type: 'gauge',
    help: 'How long ago the newest line was logged.',
    labels: [],
    read: seen => {
      const at = seen.state.assessment.newestLineAt
      return at === null ? [] : [{value: Math.max(0, (seen.state.now - at) / 1000)}]
    },
    alerts: [
      {
        name: 'GatecrabLogSilent',
        expr: 'gatecrab_log_last_line_age_seconds > 21600 and on (instance) gatecrab_gateway_up == 1',
        for: '5m',
        severity: 'info',
        summary: 'The gateway answers but has logged nothing for six hours',
        description: 'It may log elsewhere, or its disk may be full: gatecrab shows which file is read and why one is not.',
      },
    ],
    panel: {
      title: 'Last log line',
      kind: 'stat',
      expr: 'gatecrab_log_last_line_age_seconds',
      legend: '{{instance}}',
      unit: 's',
    },
  },
  {
    name: 'gatecrab_logs',
    type: 'gauge',
    help: 'Log files by how their reading fares.',
    labels: ['state'],
    read: ({state: {sources}}) =>
      countBy(
        ['reading', 'missing', 'unreadable', 'ended'],
        sources.map(({state}) => state),
        'state',
      ),
    alerts: [
      {
        name: 'GatecrabLogUnreadable',
        expr: 'gatecrab_logs{state="unreadable"} > 0',
        for: '5m',
        severity: 'warning',
        summary: 'A log of the gateway cannot be read',
        description: "Run gatecrab as the gateway's user.",
      },
    ],
  },
]
