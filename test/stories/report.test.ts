import {describe, expect, test} from 'vitest'
import {inMarkdown} from '../../src/cli/print/report-text.ts'
import {assess} from '../../src/domain/diagnosis/assessment.ts'
import {applyLine} from '../../src/domain/world/apply-line.ts'
import {createWorld} from '../../src/domain/world/world.ts'
import type {ReportData} from '../../src/runtime/report-data.ts'
import {at, read, refusal} from '../domain/event-builders.ts'
import {captures, rawLines, readFileEvents} from './captures.ts'

const reportOf = (file: string, release: string): string => {
  const {world} = readFileEvents(file)
  const now = world.newestAt ?? 0
  const expected = {world, now, sources: [], live: null, service: null, copies: null, agents: [], hasNoLog: false}
  const reported: ReportData = {
    ...{world, now, since: world.firstAt ?? 0, release, port: 18_789, reach: null, files: [file], live: null},
    ...{assessment: assess(expected), enforced: null, copies: null, timeline: world.timeline, plans: []},
  }
  return inMarkdown(reported)
}

/** What the clients of the captures sent: no gateway logs it, and no report may. */
const secrets = /(?:test|wrong|old|new)-token-|\b[0-9a-f]{40,}\b|\bsk-[\w-]{16,}|password=/i
const foreign = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/

describe('a report that can be pasted in public', () => {
  test.each(captures.map(({name, release, jsonl, console}) => ({name, release, files: [jsonl, console]})))(
    '$name',
    ({release, files}) => {
      for (const file of files) {
        const text = reportOf(file, release)
        expect(text).toMatch(/^# OpenClaw gateway: incident report\n/)
        expect(text).not.toMatch(secrets)
        expect(text).not.toMatch(foreign)
        expect(text).not.toMatch(/\/(?:Users|home)\/\w/)
      }
    },
  )

  test('the captures do hold what a report leaves out', () => {
    const all = captures.flatMap(({jsonl}) => rawLines(jsonl)).join('\n')
    expect(all).toMatch(/\/Users\/\w/)
    expect(all).toMatch(/"deviceId":"[0-9a-f]{64}"/)
  })

  test('a picture in the name of a client stays text, in titles and reasons as in tables', () => {
    const picture = '![x](//evil.example/x.png)'
    const world = createWorld()
    for (let n = 1; n <= 3; n += 1) applyLine(world, refusal(n, n, {client: {id: picture, mode: 'cli'}, authReason: picture}))
    const expected = {world, now: at(5), sources: [], live: null, service: null, copies: null, agents: [], hasNoLog: false}
    const text = inMarkdown({
      ...{world, now: at(5), since: at(0), release: picture, port: 1, reach: picture, files: [picture], live: null},
      ...{assessment: assess(expected), enforced: null, copies: null, timeline: [], plans: []},
    })
    const title = text.split('\n').find(line => line.startsWith('- **'))
    expect([title, text]).toEqual([expect.stringContaining(picture), expect.stringMatching(/Seen: /)])
    const outside = text.replace(/`[^`\n]*`/g, '')
    expect(outside).not.toContain('evil.example')
    expect(outside).not.toContain('![')
  })

  test('more attempts than are kept hide neither the rotation nor that there were more', () => {
    const world = createWorld({recent: 100, timeline: 50})
    applyLine(world, read(0, {kind: 'config-applied', what: 'gateway.auth.token'}))
    for (let n = 1; n <= 300; n += 1) applyLine(world, refusal(n, n))
    const storms = Array.from({length: 200}, (_, i) => ({
      at: at(i),
      kind: 'storm' as const,
      text: 'a storm',
      from: {file: '', line: 1},
    }))
    const expected = {world, now: at(301), sources: [], live: null, service: null, copies: null, agents: [], hasNoLog: false}
    const text = inMarkdown({
      ...{world, now: at(301), since: at(0), release: null, port: 1, reach: null, files: [], live: null},
      ...{assessment: assess(expected), enforced: null, copies: null, timeline: [...world.timeline, ...storms], plans: []},
    })
    expect(text).toMatch(/ {2}- until \S+: at least \d+ refusals of 1 client: cli from 192\.0\.2\./)
    expect(text).toMatch(/## Timeline\n\n- \S+ \*\*rotation\*\* config applied/)
    expect(text).toContain('failed sign-ins: gateway 300,')
  })

  test('after a rotation it says whom it hit, and until when', () => {
    const [capture] = captures.filter(({name}) => name === '2026.9.6 token-rotation')
    const text = reportOf(capture?.jsonl ?? '', '2026.9.6')
    expect(text).toContain('## Rotations and whom they hit')
    expect(text).toMatch(/ {2}- until \S+: 2 refusals of 2 clients: cli from 127\.0\.0\.1, control-ui from 127\.0\.0\.1/)
  })
})
