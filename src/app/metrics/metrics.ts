import {attemptMetrics} from './attempts.ts'
import {gatewayMetrics} from './gateway.ts'
import type {Metric} from './metric.ts'
import {ownMetrics} from './process.ts'

/** All metrics exported to Prometheus, with their alert rules and dashboard. */
export const allMetrics: readonly Metric[] = [...attemptMetrics, ...gatewayMetrics, ...ownMetrics]
