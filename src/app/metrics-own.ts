import type {Metric} from './metric.ts'

/** What we are, since when we count, and what we cost. */
export const ownMetrics: readonly Metric[] = [
  {
    name: 'gatecrab_build_info',
    type: 'gauge',
    help: 'Always 1: the version of gatecrab, and the OpenClaw release whose rules it judges by.',
    labels: ['version', 'openclaw'],
    read: ({version, state}) => [{labels: {version, openclaw: state.release ?? 'unknown'}, value: 1}],
    alerts: [
      {
        name: 'GatecrabGone',
        expr: 'absent(gatecrab_build_info)',
        for: '5m',
        severity: 'warning',
        summary: 'gatecrab metrics answers no more',
        description: 'Nobody watches the gateway: start gatecrab metrics --listen again.',
      },
    ],
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
  {
    name: 'process_cpu_seconds_total',
    type: 'counter',
    help: 'CPU time that gatecrab itself has used.',
    labels: [],
    read: ({own}) => [{value: own.cpuSeconds}],
    panel: {
      title: 'gatecrab itself: part of a core',
      kind: 'timeseries',
      expr: 'rate(process_cpu_seconds_total[5m]) and on (instance, job) gatecrab_build_info',
      legend: '{{instance}}',
      unit: 'percentunit',
    },
  },
  {
    name: 'process_resident_memory_bytes',
    type: 'gauge',
    help: 'Memory that gatecrab itself holds.',
    labels: [],
    read: ({own}) => [{value: own.rssBytes}],
    panel: {
      title: 'gatecrab itself: memory',
      kind: 'timeseries',
      expr: 'process_resident_memory_bytes and on (instance, job) gatecrab_build_info',
      legend: '{{instance}}',
      unit: 'bytes',
    },
  },
  {
    name: 'process_start_time_seconds',
    type: 'gauge',
    help: 'When gatecrab itself was started.',
    labels: [],
    read: ({own}) => [{value: own.startedAt / 1000}],
  },
]
