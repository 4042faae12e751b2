import {attemptMetrics} from './attempts.ts'
import {gatewayMetrics} from './gateway.ts'
import type {Alert, Metric} from './metric.ts'
import {ownMetrics} from './process.ts'

/** All metrics exported to Prometheus, with their alert rules and dashboard. */
export const allMetrics: readonly Metric[] = [...attemptMetrics, ...gatewayMetrics, ...ownMetrics]

/** A JSON string is a YAML string. */
const quoted = (text: string): string => JSON.stringify(text)

const ruleOf = ({name, expr, for: length, severity, summary, description}: Alert): string =>
  [
    `      - alert: ${name}`,
    `        expr: ${quoted(expr)}`,
    `        for: ${length}`,
    '        labels:',
    `          severity: ${severity}`,
    '        annotations:',
    `          summary: ${quoted(summary)}`,
    `          description: ${quoted(description)}`,
  ].join('\n')

/** A rule file as Prometheus loads it. */
export const rulesText = (allMetrics: readonly {alerts?: readonly Alert[]}[]): string =>
  ['groups:', '  - name: gatecrab', '    rules:', ...allMetrics.flatMap(({alerts}) => alerts ?? []).map(ruleOf), ''].join('\n')

type Drawn = NonNullable<Metric['panel']>

const variable = 'datasource'
const source = {type: 'prometheus', uid: `\${${variable}}`}
const columns = 24
const size = {stat: {w: 6, h: 4}, timeseries: {w: 12, h: 8}} as const

/** Left to right, and a new line where the next has no room. */
const placed = (panels: readonly Drawn[]): object[] => {
  let x = 0
  let y = 0
  let tallest = 0
  return panels.map(({title, kind, expr, legend, unit}, i) => {
    const {w, h} = size[kind]
    if (x + w > columns) {
      x = 0
      y += tallest
      tallest = 0
    }
    const gridPos = {x, y, w, h}
    x += w
    tallest = Math.max(tallest, h)
    const targets = [{refId: 'A', datasource: source, expr, legendFormat: legend}]
    return {id: i + 1, title, type: kind, datasource: source, gridPos, fieldConfig: {defaults: {unit}, overrides: []}, targets}
  })
}

/** A dashboard as Grafana imports it: single numbers above, what changes below. */
export const dashboardOf = (allMetrics: readonly {panel?: Drawn}[]): object => {
  const panels = allMetrics.flatMap(({panel}) => panel ?? [])
  const order = (['stat', 'timeseries'] as const).flatMap(panelKind => panels.filter(({kind}) => kind === panelKind))
  return {
    uid: 'gatecrab',
    title: 'OpenClaw gateway, by gatecrab',
    tags: ['gatecrab', 'openclaw'],
    schemaVersion: 39,
    refresh: '30s',
    time: {from: 'now-6h', to: 'now'},
    templating: {list: [{name: variable, type: 'datasource', query: 'prometheus', label: 'Data source'}]},
    panels: placed(order),
  }
}
