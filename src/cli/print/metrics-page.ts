import {Counter, Gauge, Registry} from 'prom-client'
import type {Metric} from '../../app/metrics/metric.ts'

/** What Prometheus reads: each metric is computed again when it asks, from whatever is known then. */
export const pageOf = <From>(metrics: readonly Metric<From>[], from: () => From): (() => Promise<string>) => {
  const registry = new Registry()
  for (const {name, type, help, labels, read} of metrics) {
    const options = {name, help, labelNames: labels, registers: [registry]}
    if (type === 'gauge') {
      new Gauge({
        ...options,
        collect() {
          this.reset()
          // Without labels a reset leaves a 0, and what is not known is no 0.
          if (labels.length === 0) this.remove()
          for (const {labels: of = {}, value} of read(from())) this.set(of, value)
        },
      })
    } else {
      new Counter({
        ...options,
        collect() {
          this.reset()
          for (const {labels: of = {}, value} of read(from())) this.inc(of, value)
        },
      })
    }
  }
  return () => registry.metrics()
}
