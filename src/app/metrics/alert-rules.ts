import type {Alert} from './metric.ts'

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
