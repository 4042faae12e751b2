import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {begun, type Ended, type Room, room} from './gatecrab.ts'

const minute = 60_000
const now = Date.parse('2026-11-21T10:00:00Z')
const phone = 'ab'.repeat(32)
const laptop = 'cd'.repeat(32)
const requestId = 'ce59c729-3601-471a-b2a1-d13029c852cb'
const secret = 'lMm4a97sF2rmy9uK6u3BlEqdD_4KQHgsIbgOplC3oBE'

const request = (more: object = {}) => ({
  requestId,
  deviceId: phone,
  publicKey: 'LJBmllfH1GegNrgEQ9OkhHXg1jNAJL1orLkApRi672w',
  displayName: "Kate's phone\u001b[2J",
  platform: 'ios',
  clientId: 'openclaw-ios',
  clientMode: 'ui',
  role: 'operator',
  roles: ['operator'],
  scopes: ['operator.read', 'operator.write'],
  remoteIp: '203.0.113.9',
  isRepair: false,
  ts: now - 2 * minute,
  ...more,
})

const device = (deviceId: string, more: object = {}) => ({
  deviceId,
  publicKey: 'FPH0N70mdteka00K0BY_WPlomUkATFlNFyuL8m-uvRk',
  displayName: 'studio',
  platform: 'darwin',
  clientId: 'cli',
  clientMode: 'cli',
  role: 'operator',
  roles: ['operator'],
  scopes: ['operator.read'],
  approvedScopes: ['operator.read'],
  tokens: {operator: {token: secret, role: 'operator', scopes: ['operator.read'], createdAtMs: now - 90 * minute}},
  createdAtMs: now - 90 * minute,
  approvedAtMs: now - 90 * minute,
  lastSeenAtMs: now - 10 * minute,
  ...more,
})

type Stored = {pending: Record<string, object>; paired: Record<string, object>}

const stored = ({folder}: Room, {pending, paired}: Stored): void => {
  fs.mkdirSync(path.join(folder, '.openclaw/devices'), {recursive: true})
  fs.writeFileSync(path.join(folder, '.openclaw/devices/pending.json'), JSON.stringify(pending))
  fs.writeFileSync(path.join(folder, '.openclaw/devices/paired.json'), JSON.stringify(paired))
}

const run = (store: Stored | null, ...argv: string[]): Promise<Ended> => runCommand('devices', store, ...argv)

const runCommand = async (command: string, store: Stored | null, ...argv: string[]): Promise<Ended> => {
  using home = room()
  home.file('openclaw.json', JSON.stringify({logging: {file: home.file('gateway.log', '')}}))
  if (store) stored(home, store)
  const at = ['--release', '2026.6.11', '--now', new Date(now).toISOString()]
  using running = begun([command, ...argv, ...at], home.folder)
  running.child.stdin.end()
  return await running.ended
}

describe('gatecrab devices', () => {
  test('shows what waits beside what is approved, for 80 columns, with no token and no key, and ends with 1', async () => {
    const paired = {[phone]: device(phone), [laptop]: device(laptop, {lastSeenAtMs: now - 60 * minute})}
    const {code, stdout} = await run({pending: {[requestId]: request({isRepair: true})}, paired})
    expect(code).toBe(1)
    expect(stdout).toContain('asks for operator with operator.read, operator.write; approved:')
    expect(stdout).toContain('New: operator.write.')
    expect(stdout).toContain('`gatecrab devices approve ce59c729`')
    expect(stdout).toMatch(/^ce59c729 {2}waiting +2 min ago +203\.0\.113\.9 +Kate's phone$/m)
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'same machine as abababab, which was seen later: `gatecrab devices remove cdcdcdcd`',
    )
    expect(stdout.split('\n').filter(line => line.length > 80)).toEqual([])
    expect(stdout).not.toContain(secret)
    expect(stdout).not.toContain('LJBmllfH')
    expect(stdout).not.toContain('\u001b')
  })

  test('prints one JSON document with every field, and no token', async () => {
    const {stdout} = await run({pending: {[requestId]: request()}, paired: {[laptop]: device(laptop)}}, '--json')
    const document = JSON.parse(stdout)
    expect(document.pending).toMatchObject([
      {
        requestId,
        deviceId: phone,
        state: 'waiting',
        kind: 'new-device',
        client: {id: 'openclaw-ios', mode: 'ui', platform: 'ios', family: null},
        remote: '203.0.113.9',
        scopes: ['operator.read', 'operator.write'],
        approvedScopes: null,
        requestedAt: '2026-11-21T09:58:00.000Z',
        expiresAt: '2026-11-21T10:03:00.000Z',
        supersedes: [],
      },
    ])
    expect(document.paired).toMatchObject([
      {deviceId: laptop, state: 'paired', connected: null, lastSeenAt: '2026-11-21T09:50:00.000Z', tokens: [{role: 'operator'}]},
    ])
    expect(stdout).not.toContain(secret)
    expect(stdout).not.toContain('publicKey')
  })

  test('without a request that waits it ends with 0, and one that has ended is told as that', async () => {
    const {code, stdout} = await run({pending: {[requestId]: request({ts: now - 6 * minute})}, paired: {}})
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ce59c729 {2}expired/m)
    expect(stdout).toContain('No device waits for approval.')
    expect(stdout).toContain('No device is paired.')
  })

  test('what cannot be read is not told as none: it ends with 3 and says why', async () => {
    const {code, stderr, stdout} = await run(null, '--json', '--state-dir', '/nonexistent/state')
    expect(code).toBe(3)
    expect(stderr).toContain('There is no state folder /nonexistent/state')
    expect(JSON.parse(stdout)).toMatchObject({pending: null, paired: null, problems: [{title: expect.any(String)}]})
  })

  test('a request that waits is a problem of `check` too, with the command that answers it', async () => {
    const store = {pending: {[requestId]: request()}, paired: {}}
    const {problems} = JSON.parse((await runCommand('check', store, '--json')).stdout)
    const found = problems.find(({id}: {id: string}) => id === 'device-pending')
    expect(found).toMatchObject({count: 1, tryThis: expect.stringContaining('gatecrab devices approve ce59c729')})
    expect(found.because).toContain("Kate's phone from 203.0.113.9")
  })

  test('of a gateway elsewhere nothing is told from the files of this machine', async () => {
    using home = room()
    const remote = {gateway: {mode: 'remote', remote: {url: 'ws://127.0.0.1:1'}}, logging: {file: home.file('gateway.log', '')}}
    home.file('openclaw.json', JSON.stringify(remote))
    stored(home, {pending: {[requestId]: request({ts: Date.now()})}, paired: {}})
    for (const argv of [['devices'], ['devices', 'approve', requestId, '--dry-run']]) {
      using running = begun([...argv, '--openclaw', 'false', '--release', '2026.9.6'], home.folder)
      running.child.stdin.end()
      expect(await running.ended).toMatchObject({code: 3, stdout: '', stderr: expect.stringContaining('on another machine')})
    }
  })
})
