import {beforeAll, describe, expect, test} from 'vitest'
import {built} from '../e2e/built.ts'
import {closedInLog} from '../gateway/cli-samples.ts'
import {captured} from '../stories/captures.ts'
import {gatecrab, room} from './gatecrab.ts'

beforeAll(built)

const log = captured('2026.9.6', 'default-level.jsonl')
const now = '2026-11-21T10:30:00Z'

describe('report', () => {
  test('is Markdown with what is wrong, who, when, the exact texts, and what was read', async () => {
    const {code, stdout, stderr} = await gatecrab(['report', '--log', log, '--now', now])
    expect([code, stderr]).toEqual([0, ''])
    for (const part of ['# OpenClaw', '## What is wrong', '## Clients', '## Timeline', '## Exact close texts', '## Files read'])
      expect(stdout).toContain(part)
    expect(stdout).toContain('- gateway: 2026.9.6')
    expect(stdout).toMatch(/refused: 44 attempts, 4 of them only summarised by the gateway, /)
  })

  test('as JSON is one document with the same counts', async () => {
    const {code, stdout} = await gatecrab(['report', '--json', '--log', log, '--now', now])
    const document = JSON.parse(stdout)
    expect([code, document.gateway.release, document.attempts.length]).toEqual([0, '2026.9.6', 42])
  })

  test('names no account', async () => {
    for (const form of [[], ['--json']]) {
      const proxied = captured('2026.9.6', 'trusted-proxy.jsonl')
      const {stdout} = await gatecrab(['report', ...form, '--log', proxied, '--now', now])
      expect(stdout).not.toContain('ops@example.com')
    }
  })

  test('shows no picture, calls nobody and links nowhere for a stranger', async () => {
    using home = room()
    const closeText = '![x](http://evil.example/p.png) @ops <img src=x> `a|b`'
    const file = home.file('gw.jsonl', `${closedInLog({closeText}, {code: 4321, cause: 'invalid-handshake'})}\n`)
    const {stdout} = await gatecrab(['report', '--log', file, '--since', '2026-01-01', '--now', '2027-01-01T00:00:00Z'])
    expect(stdout).toContain("`![x](http://evil.example/p.png) @ops <img src=x> 'a\\|b'`")
  })
})
