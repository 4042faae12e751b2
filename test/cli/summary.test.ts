import fs from 'node:fs'
import {beforeAll, describe, expect, test} from 'vitest'
import {built} from '../e2e/built.ts'
import {captured} from '../stories/captures.ts'
import {gatecrab} from './gatecrab.ts'

beforeAll(built)

const log = captured('2026.9.6', 'default-level.jsonl')
const now = ['--now', '2026-11-21T10:20:00Z']

describe('without a terminal, one look at the log', () => {
  test.each([
    ['replay', ['replay', log]],
    ['replay --log', ['replay', '--log', log]],
    ['watch', ['watch', '--log', log]],
    ['gatecrab alone', ['--log', log]],
  ])('%s', async (_how, argv) => {
    const {code, stdout, stderr} = await gatecrab([...argv, ...now])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/44 failed connections \(4 of them only summarised by the gateway\)/)
    expect(Math.max(...stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(Math.max(80, log.length + 2))
    for (const word of ['token-missing', 'device-required', 'origin-mismatch', 'Why: ', 'Do: ']) expect(stdout).toContain(word)
    expect(stdout).not.toContain('\u001b')
  })

  test('of several logs', async () => {
    const {stdout} = await gatecrab([
      'replay',
      captured('2026.9.6', 'password.jsonl'),
      captured('2026.9.6', 'auth-none.jsonl'),
      ...now,
    ])
    expect(stdout).toMatch(/8 failed connections/)
  })

  test('of standard input', async () => {
    const {code, stdout} = await gatecrab(['--log', '-', ...now], fs.readFileSync(log, 'utf8'))
    expect([code, stdout]).toEqual([0, expect.stringMatching(/44 failed connections/)])
  })

  test('of a gateway that has no log says so', async () => {
    expect((await gatecrab(['--log', '/no/such/file'])).code).toBe(3)
    const {code, stdout, stderr} = await gatecrab(['watch'])
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toContain('no-such.log')
  })
})
