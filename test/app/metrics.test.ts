import {describe, expect, test} from 'vitest'
import type {Metric, MetricInputs} from '../../src/app/metrics/metric.ts'
import {allMetrics, dashboardOf, rulesText} from '../../src/app/metrics/metrics.ts'
import {assessed} from '../../src/app/problems.ts'
import {openingState, type State} from '../../src/app/state.ts'
import type {Reach} from '../../src/domain/live/listener.ts'
import type {Profile} from '../../src/domain/logins/profile.ts'
import {allReasons, reasonById, tabledReason} from '../../src/domain/reasons/reason.ts'
import {applyLine} from '../../src/domain/world/apply-line.ts'
import {createWorld} from '../../src/domain/world/world.ts'
import {captures, rawLines, readFileEvents, readLines, sum} from '../stories/captures.ts'

const now = Date.parse('2026-11-21T12:00:00Z')
const opening = {kind: 'live', host: 'mini', release: '2026.9.6', port: 18789, now, readonly: false} as const
const seen = (more: Partial<State> = {}, answer: Reach['state'] | null = null): MetricInputs => {
  const reach = answer && {state: answer, because: null, tookMs: null}
  const state = {...openingState(opening), reach, ...more}
  return {
    state: {...state, assessment: assessed(state, now)},
    version: '1.2.3',
    release: '2026.9.6',
    own: {cpuSeconds: 1.5, rssBytes: 1000, startedAt: now - 5000},
  }
}

const row = (name: string): Metric => {
  const found = allMetrics.find(metric => metric.name === name)
  if (!found) throw new Error(`no metric ${name}`)
  return found
}
const values = (name: string, from: MetricInputs): Record<string, number> =>
  Object.fromEntries(
    row(name)
      .read(from)
      .map(({labels = {}, value}) => [Object.values(labels).join(' '), value]),
  )

describe('the numbers are those of the attempts that are listed', () => {
  test.each(captures.flatMap(({name, jsonl, console}) => [[name, jsonl] as const, [`${name}, console`, console] as const]))(
    '%s',
    (_name, file) => {
      const {world, attempts} = readFileEvents(file)
      const from = seen({world})
      const counted = (query: (outcome: string) => boolean) =>
        sum(attempts.filter(({outcome}) => query(outcome)).map(({alsoHidden}) => 1 + alsoHidden))
      expect(values('gatecrab_attempts_total', from)).toEqual({
        connected: counted(outcome => outcome === 'connected'),
        refused: counted(outcome => outcome === 'refused'),
        left: counted(outcome => outcome === 'left'),
      })
      expect(values('gatecrab_hidden_attempts_total', from)).toEqual({'': sum(attempts.map(({alsoHidden}) => alsoHidden))})
      const away = attempts.filter(({outcome}) => outcome === 'refused' || outcome === 'left')
      const listed = Map.groupBy(
        away,
        ({layer, reason, expected}) => `${layer} ${tabledReason(reason ?? '')} ${expected !== null}`,
      )
      const perReason = Array.from(listed, ([key, found]) => [key, sum(found.map(({alsoHidden}) => 1 + alsoHidden))])
      expect(values('gatecrab_refusals_total', from)).toEqual(Object.fromEntries(perReason))
    },
  )
})

test('the two layers that page are counted apart', () => {
  const file = captures.find(({name}) => name === '2026.9.6 provider-auth')?.jsonl ?? ''
  const from = seen({world: readFileEvents(file).world})
  const failures = row('gatecrab_provider_auth_failures_total').read(from)
  expect(sum(failures.map(({value}) => value))).toBeGreaterThan(0)
  expect(failures.every(({labels}) => reasonById(labels?.['reason'] ?? '').layer === 'provider')).toBe(true)
  const sessions = row('gatecrab_gateway_auth_failures_total').read(from)
  expect(sessions.some(({labels}) => reasonById(labels?.['reason'] ?? '').layer === 'provider')).toBe(false)
})

test('every reason that may page is there from the beginning, so that its first case is an increase', () => {
  const paging = allReasons.filter(({authFailure}) => authFailure)
  const events = ['gatecrab_gateway_auth_failures_total', 'gatecrab_provider_auth_failures_total'].flatMap(name =>
    Object.entries(values(name, seen())),
  )
  expect(events.map(([reason]) => reason).toSorted()).toEqual(paging.map(({id}) => id).toSorted())
  expect(events.every(([, value]) => value === 0)).toBe(true)
})

describe('labels are bounded, whatever strangers send', () => {
  const labelsOf = (from: MetricInputs) => allMetrics.flatMap(({read}) => read(from))

  test('reasons, names, origins and user agents of their own', () => {
    const template = rawLines(captures.find(({name}) => name === '2026.9.6 default-level')?.jsonl ?? '').filter(line =>
      line.includes('closed before connect'),
    )
    const hostile = Array.from({length: 3000}, (_, i) =>
      (template[i % template.length] ?? '')
        .replace(/[\da-f]{8}-[\da-f]{4}/g, i.toString(16).padStart(8, '0').concat('-0000'))
        .replace(/"cause\\?":\s*\\?"[^"\\]+/g, `"cause":"made-up-${i}`)
        .replace(/"authReason\\?":\s*\\?"[^"\\]+/g, `"authReason":"made_up_${i}`)
        .replace(/"origin\\?":\s*\\?"[^"\\]+/g, `"origin":"https://e${i}.example`),
    )
    const world = createWorld()
    for (const line of readLines(hostile)) applyLine(world, line)
    const from = seen({world})
    expect(sum(Object.values(values('gatecrab_attempts_total', from)))).toBeGreaterThan(2000)
    const labels = labelsOf(from)
    expect(JSON.stringify(labels)).not.toMatch(/made.up|example/)
    expect(Object.keys(values('gatecrab_refusals_total', from))).toContain('gateway unknown false')
    expect(labels.length).toBeLessThan(300)
  })

  test('providers of their own', () => {
    const world = createWorld()
    const line = (provider: string, i: number) => ({
      at: now + i,
      level: 'warn' as const,
      subsystem: 'agent',
      text: '',
      writer: 'gateway' as const,
      from: {file: 'gw', line: i},
      event: {kind: 'provider-trouble' as const, provider, model: null, profile: null, status: 401, why: null, until: null},
    })
    for (let i = 0; i < 500; i += 1) applyLine(world, line(`p${i}`, i))
    applyLine(world, line('Evil "name"\n', 501))
    const providers = row('gatecrab_provider_failures_total')
      .read(seen({world}))
      .map(({labels}) => labels?.['provider'])
    expect(providers).toHaveLength(26)
    expect(providers).toEqual(expect.arrayContaining(['other', 'unknown', 'p0']))
  })

  test('profiles are limited, cleaned, and no two alike', () => {
    const profile = (i: number): Profile => ({
      agent: 'main',
      usedBy: ['main'],
      inUseBy: ['main'],
      profileId: i < 2 ? 'twice' : `p${i}\u001b[31m${'x'.repeat(200)}`,
      provider: 'anthropic',
      type: 'oauth',
      state: 'expiring',
      why: '',
      todo: null,
      expiresAt: now + i * 1000,
      remainingMs: i * 1000,
      renewsItself: false,
      blocked: null,
      from: 'saved',
      store: {kind: 'json', path: ''},
      openclawSays: null,
      hidesShared: false,
    })
    const profiles = {
      profiles: Array.from({length: 400}, (_, i) => profile(i)),
      agents: [],
      problems: [],
      isWhole: true,
      at: now,
      logNames: new Map<string, string>(),
    }
    const samples = row('gatecrab_profile_seconds_to_expiry').read(seen({profiles}))
    expect(samples).toHaveLength(49)
    expect(samples[0]).toEqual({labels: {agent: 'main', profile: 'twice', provider: 'anthropic', renews: 'false'}, value: 0})
    for (const {labels} of samples) expect(labels?.['profile']).toMatch(/^[ -~…]{1,61}$/)
    expect(values('gatecrab_profiles', seen({profiles}))).toMatchObject({expiring: 400, ok: 0})
  })
})

describe('whether the gateway is up', () => {
  const life = (state: 'up' | 'down' | 'unknown') => {
    const world = createWorld()
    world.life = {...world.life, state}
    return {world}
  }
  test.each([
    ['it answers', 'up', 'down', {'': 1}],
    ['nobody listens', 'down', 'up', {'': 0}],
    ['it starts', 'not-yet', 'up', {'': 0}],
    ['it takes connections and says nothing', 'silent', 'up', {'': 0}],
    ['its log says up and nothing else tells', 'unknown', 'up', {'': 1}],
    ['only its log is read, which says up', null, 'up', {'': 1}],
    ['only its log is read, which says down', null, 'down', {'': 0}],
    ['nothing tells', null, 'unknown', {}],
  ] as const)('%s', (_how, reach, state, expected) => {
    expect(values('gatecrab_gateway_up', seen(life(state), reach))).toEqual(expected)
  })
})

describe('rules and dashboard are made from the same table', () => {
  const names = new Set(allMetrics.map(({name}) => name))
  const inExpr = (expr: string) => expr.match(/\b(?:gatecrab|process)_\w+/g) ?? []
  const exprs = allMetrics.flatMap(({alerts = [], panel}) => [...alerts.map(({expr}) => expr), ...(panel ? [panel.expr] : [])])

  test('they speak of metrics that exist', () => {
    expect(exprs.flatMap(inExpr).filter(name => !names.has(name))).toEqual([])
    expect(exprs.every(expr => inExpr(expr).length > 0)).toBe(true)
  })

  test('no alert has the name of another', () => {
    const alerts = allMetrics.flatMap(({alerts = []}) => alerts.map(({name}) => name))
    expect(new Set(alerts).size).toBe(alerts.length)
    expect(rulesText(allMetrics).match(/- alert: /g)).toHaveLength(alerts.length)
  })

  test('no panel of the dashboard lies on another', () => {
    const {panels} = dashboardOf(allMetrics) as {panels: {gridPos: {x: number; y: number; w: number; h: number}; title: string}[]}
    const cells = panels.flatMap(({gridPos: {x, y, w, h}}) =>
      Array.from({length: w * h}, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(Math.max(...panels.map(({gridPos: {x, w}}) => x + w))).toBeLessThanOrEqual(24)
    expect(panels).toHaveLength(allMetrics.filter(({panel}) => panel).length)
  })
})
