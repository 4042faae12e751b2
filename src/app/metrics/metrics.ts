import type {Metric} from './metric.ts'
import {attemptMetrics} from './metrics-attempts.ts'
import {gatewayMetrics} from './metrics-gateway.ts'
import {ownMetrics} from './metrics-own.ts'

/** Everything that Prometheus is told, its alert rules and its dashboard. */
export const allMetrics: readonly Metric[] = [...attemptMetrics, ...gatewayMetrics, ...ownMetrics]
