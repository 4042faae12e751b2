import {type ChildProcess, spawn, spawnSync} from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {beforeAll, describe, expect, onTestFinished, test, vi} from 'vitest'
import {built} from '../e2e/built.ts'
import {openScreen} from '../e2e/screen.ts'
import {nodePath} from '../fixtures/stubs/home.ts'
import {freePort} from './free-port.ts'
import {begun, type Ended, room} from './gatecrab.ts'

beforeAll(built)

const impostor = fileURLToPath(new URL('../fixtures/stubs/impostor.ts', import.meta.url))
const token = '5ec2e7f00d5ec2e7f00d5ec2e7f00d5ec2e7f00d5ec2e7f0'

const isRoot = process.getuid?.() === 0
const otherUid = 65_533

type Impostor = {child: ChildProcess; heard: () => string}

/** Runs the program on this port, as another account where that is wanted. */
const startImpostor = async (kind: string, port: number, uid?: number): Promise<Impostor> => {
  const child = spawn(process.execPath, [impostor, kind, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(uid === undefined ? {} : {uid, gid: uid, env: {PATH: process.env['PATH'] ?? '', HOME: '/nonexistent'}, cwd: '/'}),
  })
  let lines = ''
  child.stdout.on('data', data => (lines += data))
  onTestFinished(() => void child.kill('SIGKILL'))
  await vi.waitFor(() => expect(lines).toContain('listening'), {timeout: 20_000})
  return {child, heard: () => lines}
}

/** Any twelve characters of it in a row would be too many. */
const partsIn = (text: string): string[] =>
  Array.from({length: token.length - 11}, (_, i) => token.slice(i, i + 12)).filter(part => text.includes(part))

const configOf = (port: number, folder: string): string =>
  JSON.stringify({
    meta: {lastTouchedVersion: '2026.9.6'},
    gateway: {port, auth: {mode: 'token', token}},
    logging: {file: path.join(folder, 'gateway.jsonl')},
  })

/** A phone that waits for approval, so that there is a plan for it. */
const requestId = 'ce59c729-3601-471a-b2a1-d13029c852cb'
const pendingDevice = () => ({requestId, deviceId: 'ab'.repeat(32), role: 'operator', scopes: ['operator.read'], ts: Date.now()})

const plans = ['rotate', 'propagate', 'clean-up', 'undo', 'verify', 'restart']

const commands: readonly (readonly string[])[] = [
  ['check'],
  ['check', '--json'],
  ['check', '--deep'],
  ['copies'],
  ['copies', '--ask', '--json'],
  ['report'],
  ['metrics', '--print'],
  ...plans.flatMap(fix => [
    [fix, '--dry-run'],
    [fix, '--yes'],
  ]),
  ['renew', 'anthropic:work', '--yes'],
  ['devices', '--json'],
  ['devices', 'approve', requestId, '--yes'],
]

type Printed = {argv: readonly string[]; ended: Ended}

const runAll = async (folder: string, asked = commands): Promise<Printed[]> => {
  const waiting = [...asked]
  const text: Printed[] = []
  const one = async (): Promise<void> => {
    for (let argv = waiting.shift(); argv; argv = waiting.shift()) {
      using running = begun([...argv, '--state-dir', folder], folder, {
        PATH: nodePath(),
        STUB_LOG: path.join(folder, 'calls.log'),
        GATECRAB_STATE_DIR: path.join(folder, 'gatecrab'),
      })
      running.child.stdin.end()
      text.push({argv, ended: await running.ended})
    }
  }
  await Promise.all([one(), one(), one()])
  return text
}

const of = (text: readonly Printed[], ...argv: readonly string[]): Ended =>
  text.find(one => one.argv.join(' ') === argv.join(' '))?.ended as Ended

const signsIn = /gateway","(?:health|restart)|devices","\w+|config","(?:patch|set)|secrets","reload/

const begin = async (kind: string, uid?: number) => {
  const home = room()
  onTestFinished(() => home[Symbol.dispose]())
  const port = await freePort()
  home.file('openclaw.json', configOf(port, home.folder))
  fs.chmodSync(path.join(home.folder, 'openclaw.json'), 0o600)
  fs.mkdirSync(path.join(home.folder, 'devices'))
  home.file('devices/pending.json', JSON.stringify({[requestId]: pendingDevice()}))
  return {home, port, ...(await startImpostor(kind, port, uid))}
}

/** Node and the program have to be readable for the other account. */
const canRunAsOther = (): boolean => {
  const as = {uid: otherUid, gid: otherUid, cwd: '/'}
  return spawnSync(process.execPath, ['-e', `fs.readFileSync(${JSON.stringify(impostor)})`], as).status === 0
}

/** Twenty calls, each of which waits as long as it would for a gateway that is slow to answer. */
vi.setConfig({testTimeout: 240_000})

describe('a program on the port that is no gateway gets no secret', () => {
  test.each(['http-200', 'http-401', 'http-404', 'http-501', 'silent', 'websocket'])('%s, from any command', async kind => {
    const {home, heard: lines} = await begin(kind)
    // A plan that runs gives a program that is silent the minutes of a gateway that starts.
    const asked = kind === 'silent' ? commands.filter(argv => !argv.includes('--yes')) : commands
    const text = await runAll(home.folder, asked)
    if (kind !== 'silent') expect(lines()).toContain('GET /healthz')
    expect(partsIn(lines())).toEqual([])
    const calls = path.join(home.folder, 'calls.log')
    expect(fs.existsSync(calls) ? fs.readFileSync(calls, 'utf8') : '').not.toMatch(signsIn)
    if (kind === 'silent') return
    const {code, stdout} = of(text, 'check', '--json')
    expect(code).toBe(1)
    const {verdict, problems, gateway} = JSON.parse(stdout)
    expect(verdict).toBe('broken')
    expect(problems[0]).toMatchObject({id: 'foreign-listener', because: expect.stringMatching(/pid \d+, account \w+, since 20/)})
    expect(gateway).toMatchObject({is: 'foreign', pid: null})
    expect(['foreign', 'silent']).toContain(gateway.reach)
    expect(of(text, 'devices', 'approve', requestId, '--yes').stderr).toContain("Another program has the gateway's port")
    for (const fix of plans)
      expect(of(text, fix, '--yes').stderr).toMatch(/another program has the gateway's port|Another program/)
  })

  test.skipIf(!isRoot || !canRunAsOther())(
    "another account's perfect copy, from any command (only root can start it)",
    async () => {
      const {home, heard: lines} = await begin('copy', otherUid)
      const text = await runAll(home.folder)
      expect(partsIn(lines())).toEqual([])
      const {code, stdout} = of(text, 'check', '--json')
      expect(code).toBe(1)
      const {problems, gateway} = JSON.parse(stdout)
      expect(problems[0]).toMatchObject({id: 'foreign-listener', because: expect.stringContaining(`account ${otherUid}`)})
      expect(gateway).toMatchObject({is: 'foreign', pid: null})
      expect(stdout).not.toContain('chown')
      expect(of(text, 'check').stdout).not.toContain('chown')
    },
  )
})

describe('the open screen', () => {
  const kinds: readonly (readonly [string, number | undefined])[] = [
    ['http-404', undefined],
    ['websocket', undefined],
    ['copy', otherUid],
  ]
  test.each(kinds)('sends nothing to %s of account %s that comes while it is open', async (kind, uid) => {
    if (uid !== undefined && (!isRoot || !canRunAsOther())) return
    const home = room()
    onTestFinished(() => home[Symbol.dispose]())
    const port = await freePort()
    home.file('openclaw.json', configOf(port, home.folder))
    const config = path.join(home.folder, 'openclaw.json')
    const screen = openScreen(['--config', config, '--state-dir', home.folder], {cols: 120, rows: 30})
    await screen.waitFor(/stopped|unknown|no answer/)
    const {heard: lines} = await startImpostor(kind, port, uid)
    await screen.waitFor('ANOTHER PROGRAM HAS ITS PORT')
    await vi.waitFor(() => expect(lines()).toContain(uid === undefined ? 'healthz' : 'listening'))
    expect(partsIn(lines())).toEqual([])
    screen.press('i')
    await screen.waitFor(/Another program has the gateway's port/)
    expect(partsIn(lines())).toEqual([])
    screen.type('q')
  })
})
