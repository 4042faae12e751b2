import fs from 'node:fs'
import {connect} from 'node:net'
import {beforeAll, describe, expect, test} from 'vitest'
import {isNowhere, type LiveStatus} from '../../src/runtime/assessment.ts'
import {defaultOptions} from '../../src/runtime/options.ts'
import type {Snapshot} from '../../src/runtime/snapshot.ts'
import {built} from '../e2e/built.ts'
import {begun, room} from './gatecrab.ts'

beforeAll(built)

const usualPort = 18_789

const isTaken = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
  })

describe('where there is no OpenClaw, no config and no log', () => {
  test('check knows nothing, and says so in one sentence', async context => {
    if (await isTaken(usualPort)) context.skip(`something listens on port ${usualPort} of this machine`)
    if (fs.existsSync('/tmp/openclaw')) context.skip('another gateway of this machine has left its log in /tmp/openclaw')
    using home = room()
    const {code, stdout, stderr} = await begun(['check'], home.folder, {OPENCLAW_CONFIG_PATH: ''}).ended
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toMatch(/^gatecrab: No OpenClaw gateway was found on this host: .+\n$/)
    const json = await begun(['check', '--json'], home.folder, {OPENCLAW_CONFIG_PATH: ''}).ended
    expect(json.code).toBe(3)
    expect(JSON.parse(json.stdout)).toMatchObject({verdict: 'unknown', problems: []})
  })

  test('a report of nothing is not written', async context => {
    if (await isTaken(usualPort)) context.skip(`something listens on port ${usualPort} of this machine`)
    if (fs.existsSync('/tmp/openclaw')) context.skip('another gateway of this machine has left its log in /tmp/openclaw')
    using home = room()
    const {code, stdout, stderr} = await begun(['report'], home.folder, {OPENCLAW_CONFIG_PATH: ''}).ended
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toContain('No OpenClaw gateway was found on this host')
  })

  test('a config alone is a gateway that does not answer', async () => {
    using home = room()
    home.file('openclaw.json', JSON.stringify({gateway: {port: 1}}))
    const {code, stdout} = await begun(['check'], home.folder).ended
    expect(code).toBe(1)
    expect(stdout).toMatch(/^broken: /)
  })
})

describe('a trace of a gateway', () => {
  const context = {options: defaultOptions, hasConfig: false, release: null, remote: null}
  const seen = {context, files: [], sources: [], reach: {state: 'down', because: null, tookMs: null}} as unknown as Snapshot
  const supervisors = {service: {facts: {supervisors: [{}]}, before: null}, live: {}} as unknown as LiveStatus

  test.each([
    ['nothing at all', true, seen, null],
    ['its config', false, {...seen, context: {...context, hasConfig: true}}, null],
    ['its command', false, {...seen, context: {...context, release: '2026.9.6'}}, null],
    ['its log', false, {...seen, files: ['x.log']}, null],
    ['a log that is left out', false, {...seen, sources: [{state: 'left-out'}]}, null],
    ['a listener', false, {...seen, reach: {...seen.reach, state: 'foreign'}}, null],
    ['its service', false, seen, supervisors],
    [
      'an address that was named',
      false,
      {...seen, context: {...context, options: {...defaultOptions, url: 'ws://127.0.0.1:1'}}},
      null,
    ],
  ] as const)('%s: nowhere is %s', (_name, expected, snapshot, live) =>
    expect(isNowhere(snapshot as unknown as Snapshot, live)).toBe(expected),
  )
})

test('undo of an id that no plan has says so, and is wrong usage', async () => {
  using home = room()
  home.file('openclaw.json', JSON.stringify({gateway: {port: 1, auth: {mode: 'token', token: 'abcdefgh'.repeat(6)}}}))
  const {code, stderr} = await begun(['undo', 'NOPE', '--dry-run'], home.folder).ended
  expect([code, stderr]).toEqual([64, expect.stringContaining('No such plan id: NOPE')])
})
