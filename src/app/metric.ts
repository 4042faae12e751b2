import type {State} from './state.ts'

/** All that a metric may be read from: what the screen would show, and what we cost. */
export type Seen = {
  state: State
  /** Whether anything answers on the gateway's port; null where nobody asked. */
  reach: 'up' | 'not-yet' | 'down' | 'unknown' | null
  version: string
  own: {cpuSeconds: number; rssBytes: number; startedAt: number}
}

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
export type Metric<From = Seen> = {
  name: string
  type: 'counter' | 'gauge'
  help: string
  labels: readonly string[]
  read: (from: From) => readonly Sample[]
  alerts?: readonly Alert[]
  panel?: Panel
}
