import fs from 'node:fs'
import {beforeAll, describe, expect, test} from 'vitest'
import {toJson} from '../../src/cli/print/json.ts'
import {clean} from '../../src/domain/clean.ts'
import {built} from '../e2e/built.ts'
import {captured, captures, readFileEvents, sum} from '../stories/captures.ts'
import {gatecrab, jsonLines, room} from './gatecrab.ts'

beforeAll(built)

const log = captured('2026.9.6', 'default-level.jsonl')
const attempts = readFileEvents(log).attempts.toSorted((a, b) => a.at - b.at)
const listed = async (argv: readonly string[], input = ''): Promise<Record<string, unknown>[]> => {
  const {code, stdout, stderr} = await gatecrab(['connections', '--json', ...argv], input)
  expect([code, stderr]).toEqual([0, ''])
  return jsonLines(stdout)
}

/** All that the contract promises; more may be added. */
const promised = [
  'id',
  'at',
  'endedAt',
  'outcome',
  'closeCode',
  'closeReason',
  'cause',
  'authReason',
  'reason',
  'layer',
  'client',
  'remote',
  'forwardedFor',
  'origin',
  'userAgent',
  'endpoint',
  'deviceId',
  'requestId',
  'alsoHidden',
  'evidence',
]
const promisedOfClients = [
  'id',
  'mode',
  'version',
  'platform',
  'remote',
  'origin',
  'deviceId',
  'attempts',
  'refused',
  'connected',
  'hidden',
  'firstAt',
  'lastAt',
  'lastReason',
  'lastCode',
  'perMinute',
  'state',
]

const isoMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

describe('connections --json', () => {
  test('is one object an attempt, in order of time, with all that is promised', async () => {
    const rows = await listed(['--log', log])
    expect(rows.map(({id}) => id)).toEqual(attempts.map(({id}) => id))
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(expect.arrayContaining(promised))
      expect(row['at']).toMatch(isoMs)
      expect(row['client']).toEqual({
        id: expect.toBeOneOf([expect.any(String), null]),
        mode: expect.toBeOneOf([expect.any(String), null]),
        version: expect.toBeOneOf([expect.any(String), null]),
        platform: expect.toBeOneOf([expect.any(String), null]),
        displayName: expect.toBeOneOf([expect.any(String), null]),
      })
      expect(row['evidence']).toEqual(expect.arrayContaining([{file: log, line: expect.any(Number)}]))
    }
    expect(Object.values(rows[0] ?? {})).not.toContain(undefined)
  })

  test('says of each what the log says of it', async () => {
    const rows = await listed(['--log', log])
    expect(rows).toMatchObject(
      attempts.map(({at, endedAt, outcome, closeCode, cause, authReason, reason, layer, alsoHidden, client, remote}) => ({
        at: new Date(at).toISOString(),
        endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
        outcome,
        closeCode,
        cause,
        authReason,
        reason,
        layer,
        alsoHidden,
        client,
        remote,
      })),
    )
  })

  test.each(captures.filter(({story}) => story === 'default-level'))(
    'counts every socket without a hello: $name',
    async ({jsonl}) => {
      const rows = await listed(['--log', jsonl])
      const away = rows.filter(({outcome}) => outcome === 'refused' || outcome === 'left')
      const output = readFileEvents(jsonl).world
      expect(away.length + sum(rows.map(({alsoHidden}) => Number(alsoHidden)))).toBe(output.refused + output.hidden)
    },
  )
})

describe('connections', () => {
  test('is a line an attempt that a person can read', async () => {
    const {code, stdout} = await gatecrab(['connections', '--log', log])
    const rows = stdout.trimEnd().split('\n')
    expect([code, rows.length]).toEqual([0, attempts.length])
    for (const [i, row] of rows.entries()) {
      const attempt = attempts[i]
      for (const word of [new Date(attempt?.at ?? 0).toISOString(), attempt?.outcome, attempt?.detail ?? attempt?.reason])
        expect(row).toContain(word)
    }
    expect(stdout).toContain('+4 hidden')
    expect(stdout).not.toContain('\u001b')
  })

  test('of an empty log is nothing, and that it is empty is said', async () => {
    using home = room()
    const {code, stdout, stderr} = await gatecrab(['connections', '--log', home.file('gw.log', '')])
    expect([code, stdout]).toEqual([0, ''])
    expect(stderr).toContain('gw.log cannot be read: it is empty')
  })

  test('of something that is no log is nothing either, and could not be found out', async () => {
    using home = room()
    const file = home.file('gw.log', Buffer.from(Array.from({length: 4096}, (_, i) => (i * 7) % 256)).toString('latin1'))
    expect(await gatecrab(['connections', '--log', file])).toMatchObject({code: 3, stdout: ''})
  })
})

describe('--by client', () => {
  test('is one object a client, and they add up to the attempts', async () => {
    const rows = await listed(['--by', 'client', '--log', log])
    expect(rows.length).toBeGreaterThan(3)
    expect(sum(rows.map(row => Number(row['attempts'])))).toBe(attempts.length)
    expect(sum(rows.map(({hidden}) => Number(hidden)))).toBe(4)
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(expect.arrayContaining(promisedOfClients))
      expect([row['firstAt'], row['lastAt']]).toEqual([expect.stringMatching(isoMs), expect.stringMatching(isoMs)])
      expect(row['perMinute']).toHaveLength(10)
      expect(['in', 'out', 'storm', 'back', 'stuck', 'unknown']).toContain(row['state'])
    }
  })

  test('is judged as of --now', async () => {
    const perMinute = async (now: string) =>
      sum((await listed(['--by', 'client', '--log', log, '--now', now])).flatMap(row => row['perMinute'] as number[]))
    expect(await perMinute('2026-11-21T10:20:00Z')).toBe(attempts.length + 4)
    expect(await perMinute('2026-11-22T10:20:00Z')).toBe(0)
  })

  test('is a line a client that a person can read', async () => {
    const {stdout} = await gatecrab(['connections', '--by', 'client', '--log', log])
    expect(stdout.trimEnd().split('\n')).toHaveLength((await listed(['--by', 'client', '--log', log])).length)
    expect(stdout).toContain('16 attempts, 16 refused, 4 hidden')
  })
})

describe('--since and --until', () => {
  const from = '2026-11-21T10:18:30Z'
  const to = '2026-11-21T10:18:36Z'
  const between = (since: number, until: number) => attempts.filter(({at}) => at >= since && at <= until).map(({id}) => id)
  const ids = async (...argv: string[]) => (await listed(['--log', log, ...argv])).map(({id}) => id)

  test('are moments', async () => {
    expect(await ids('--since', from)).toEqual(between(Date.parse(from), Infinity))
    expect(await ids('--until', to)).toEqual(between(0, Date.parse(to)))
    expect(await ids('--since', from, '--until', to)).toEqual(between(Date.parse(from), Date.parse(to)))
    expect(between(Date.parse(from), Date.parse(to)).length).toBeGreaterThan(5)
  })

  test('are lengths before --now', async () => {
    expect(await ids('--now', '2026-11-21T10:19:30Z', '--since', '1m')).toEqual(between(Date.parse(from), Infinity))
    expect(await ids('--now', '2026-11-21T10:19:30Z', '--until', '54s')).toEqual(between(0, Date.parse(to)))
    expect(await ids('--now', '2026-11-21T10:19:30Z', '--since', '2d')).toHaveLength(attempts.length)
  })

  test('of another time hold nothing', async () => {
    expect(await ids('--since', '2027-01-01')).toEqual([])
  })
})

describe('what --log names', () => {
  test('may be several, and they are read as one', async () => {
    const [a, b] = [captured('2026.9.6', 'password.jsonl'), captured('2026.9.6', 'auth-none.jsonl')]
    const rows = await listed(['--log', a, '--log', b])
    expect(rows).toHaveLength(readFileEvents(a).attempts.length + readFileEvents(b).attempts.length)
    expect(rows.map(({at}) => at)).toEqual(rows.map(({at}) => at).toSorted())
  })

  test('may be the same twice, and is read once', async () => {
    const evidence = async (...argv: string[]) => (await listed(argv)).flatMap(row => row['evidence'])
    expect(await evidence('--log', log, '--log', log)).toEqual(await evidence('--log', log))
  })

  test('may be a pipe beside a file, and they are read as one', async () => {
    const [a, b] = [captured('2026.9.6', 'password.jsonl'), captured('2026.9.6', 'auth-none.jsonl')]
    const both = (await listed(['--log', a, '--log', b])).map(({id}) => id)
    expect((await listed(['--log', '-', '--log', b], fs.readFileSync(a, 'utf8'))).map(({id}) => id)).toEqual(both)
    expect((await listed(['--log', '-', '--log', a], fs.readFileSync(b, 'utf8'))).map(({id}) => id)).toEqual(both)
  })

  test('a folder may hold archives as logrotate names them', async () => {
    using home = room()
    fs.copyFileSync(log, home.file('gw.jsonl.1'))
    expect(await listed(['--log', home.folder])).toHaveLength(attempts.length)
  })

  test('a folder may hold a folder that is called like a log', async () => {
    using home = room()
    fs.mkdirSync(home.file('old.log'))
    fs.copyFileSync(log, home.file('gw.jsonl'))
    expect(await listed(['--log', home.folder])).toHaveLength(attempts.length)
  })

  test('may be a folder: the log with its archives', async () => {
    expect(await listed(['--log', captured('2026.9.6', 'size-rotation')])).toHaveLength(40)
  })

  test('may be the log and the console of the same gateway', async () => {
    const rows = await listed(['--log', log, '--log', captured('2026.9.6', 'default-level.console.log')])
    expect(rows.map(({id}) => id)).toEqual(attempts.map(({id}) => id))
  })

  test('may be standard input, log or console', async () => {
    for (const file of [log, captured('2026.9.6', 'default-level.console.log')]) {
      const rows = await listed(['--log', '-'], fs.readFileSync(file, 'utf8'))
      expect(rows.map(({id}) => id)).toEqual(attempts.map(({id}) => id))
    }
  })

  test('may be standard input of which nothing comes, or a line without an end', async () => {
    expect(await listed(['--log', '-'])).toEqual([])
    expect(await listed(['--log', '-'], fs.readFileSync(captured('2026.9.6', 'password.jsonl'), 'utf8').trimEnd())).toHaveLength(
      5,
    )
  })

  test('may be standard input by client', async () => {
    const rows = await listed(['--by', 'client', '--log', '-'], fs.readFileSync(log, 'utf8'))
    expect(sum(rows.map(row => Number(row['attempts'])))).toBe(attempts.length)
  })
})

describe('JSON of a log that somebody planted', () => {
  const loud = '\u009b31m\u0085\u202e\u2066\u200f\u2028\u2029\ufeff\u{e0041}'
  const line = (origin: string) =>
    JSON.stringify({
      '0': '{"subsystem":"gateway/ws"}',
      '1': {cause: 'unauthorized', handshake: 'failed', authReason: 'token_mismatch', client: 'cli', origin},
      '2': `closed before connect conn=ab${loud}cd peer=1.2.3.4:5->${loud} remote=1.2.3.4 fwd=n/a origin=${origin} host=n/a ua=n/a code=1008 reason=no phase=x`,
      _meta: {date: '2026-11-21T10:18:23.440Z', logLevelName: 'WARN', name: '{"subsystem":"gateway/ws"}'},
      time: '2026-11-21T10:18:23.440+00:00',
    })
  const raw = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\udb40[\udc00-\udfff]/

  test.each([
    ['connections', '--json'],
    ['connections', '--by', 'client', '--json'],
    ['check', '--json'],
    ['report', '--json'],
  ])('%s %s %s holds no control character and no mark that reorders text', async (...argv) => {
    using home = room()
    const file = home.file('gw.jsonl', `${line('http://a.example')}\n`)
    const {stdout} = await gatecrab([
      ...argv.filter(Boolean),
      '--log',
      file,
      '--since',
      '2026-01-01',
      '--now',
      '2026-11-21T10:18:30Z',
    ])
    expect(stdout).not.toMatch(raw)
    if (argv[1] === '--json' && argv[0] === 'connections') {
      expect(JSON.parse(stdout).id).toBe(clean(`ab${loud}cd`))
      expect(toJson({text: loud})).toContain('\\u009b31m\\u0085\\u202e')
    }
  })
})

describe('a header that says for whom a connection is', () => {
  const proxied = captured('2026.9.6', 'trusted-proxy.jsonl')
  const addresses = (found: readonly Record<string, unknown>[]) =>
    found
      .filter(({forwardedFor}) => forwardedFor !== null)
      .map(({remote, forwardedFor, address}) => [remote, forwardedFor, address])

  test('is told beside the address of the socket, which counts', async () => {
    const found = addresses(await listed(['--log', proxied]))
    expect(found.length).toBeGreaterThan(0)
    for (const one of found) expect(one).toEqual(['127.0.0.1', '203.0.113.9', '127.0.0.1'])
  })

  test('counts where the config that is named trusts the proxy', async () => {
    using home = room()
    const config = home.file('gw.json', '{gateway: {trustedProxies: ["127.0.0.0/8"]}}')
    for (const by of [[], ['--by', 'client']]) {
      const found = addresses(await listed(['--log', proxied, '--config', config, ...by]))
      expect(found.length).toBeGreaterThan(0)
      for (const one of found) expect(one).toEqual(['127.0.0.1', '203.0.113.9', '203.0.113.9'])
    }
  })
})
