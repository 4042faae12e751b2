import type {State} from '../state.ts'

/** What we are and what we cost. */
export type OwnInputs = {
  version: string
  /** The OpenClaw release whose rules we judge by. */
  release: string | null
  own: {cpuSeconds: number; rssBytes: number; startedAt: number}
}

/** All that a metric may be read from: what the screen would show, and ourselves. */
export type MetricInputs = OwnInputs & {state: State}

export type Sample = {labels?: Readonly<Record<string, string>>; value: number}

export type Alert = {
  name: string
  expr: string
  for: string
  severity: 'critical' | 'warning' | 'info'
  summary: string
  description: string
}

type Panel = {title: string; kind: 'stat' | 'timeseries'; expr: string; legend: string; unit: string}

/** One row knows everything about one metric: how it is computed, who is alarmed by it, how it is drawn. */
export type Metric<From = MetricInputs> = {
  name: string
  type: 'counter' | 'gauge'
  help: string
  labels: readonly string[]
  read: (from: From) => readonly Sample[]
  alerts?: readonly Alert[]
  panel?: Panel
}
