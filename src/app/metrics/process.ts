import type {Metric, OwnInputs} from './metric.ts'

/** What we are, and what we cost. */
export const ownMetrics: readonly Metric<OwnInputs>[] = [
  {
    name: 'gatecrab_build_info',
    type: 'gauge',
    help: 'Always 1: the version of gatecrab, and the OpenClaw release whose rules it judges by.',
    labels: ['version', 'openclaw'],
    read: ({version, release}) => [{labels: {version, openclaw: release ?? 'unknown'}, value: 1}],
    alerts: [
      {
        name: 'GatecrabGone',
        expr: 'absent(gatecrab_build_info)',
        for: '5m',
        severity: 'warning',
        summary: 'gatecrab metrics answers no more',
        description: 'Nothing watches the gateway: start gatecrab metrics --listen again.',
      },
    ],
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
