import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest'
import {endEntry, plannedEntry, readEntries} from '../../src/domain/plans/journal.ts'
import {isSince} from '../../src/domain/release.ts'
import {portHolder} from '../../src/sources/service/port-holder.ts'
import {built} from '../e2e/built.ts'
import {askPort} from '../fixtures/stubs/home.ts'
import {come, kinds} from './clients.ts'
import {isOnTap, onTap, type Tap} from './traffic-recorder.ts'

const releases = ['2026.9.6', '2026.6.11'].filter(isOnTap)
const long = 600_000

const freePort = async (): Promise<number> => {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const {port} = server.address() as net.AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

describe.each(releases)('the default gateway and a profile side by side, %s', release => {
  let tap: Tap
  let work: ChildProcess
  let port: number
  let bin: string
  const folder = (): string => path.join(tap.home, '.openclaw-work')
  const config = (): string => path.join(folder(), 'openclaw.json')
  const workToken = (): string => JSON.parse(fs.readFileSync(config(), 'utf8')).gateway.auth.token
  const env = (): Record<string, string> => ({
    HOME: tap.home,
    PATH: `${bin}:/usr/bin:/bin`,
    TERM: 'dumb',
    OPENCLAW_DISABLE_BONJOUR: '1',
    GATECRAB_STATE_DIR: path.join(tap.home, 'gatecrab'),
    OPENCLAW_PROFILE: 'other',
  })

  beforeAll(async () => {
    await built()
    tap = onTap(release)
    bin = /^BIN=(.*)$/m.exec(fs.readFileSync(path.join(tap.home, 'env.sh'), 'utf8'))?.[1] ?? ''
    port = await freePort()
    fs.mkdirSync(folder(), {mode: 0o700})
    const {gateway, ...rest} = JSON.parse(fs.readFileSync(tap.configFile, 'utf8'))
    const theirs = {...rest, gateway: {...gateway, port, auth: {mode: 'token', token: 'b7'.repeat(24)}}}
    theirs.logging = {file: path.join(tap.home, 'logs/work.jsonl')}
    fs.writeFileSync(config(), JSON.stringify(theirs), {mode: 0o600})
    const {OPENCLAW_PROFILE: _, ...rightEnv} = env()
    work = spawn(path.join(bin, 'openclaw'), ['--profile', 'work', 'gateway', 'run'], {
      cwd: tap.home,
      env: rightEnv,
      detached: true,
      stdio: 'ignore',
    })
    await vi.waitUntil(async () => (await askPort(port, workToken())) === 400, {timeout: 180_000, interval: 500})
  }, long)

  afterAll(async () => {
    const holder = port ? await portHolder({host: '127.0.0.1', port: port}) : null
    for (const pid of [-(work?.pid ?? 0), holder?.pid ?? 0])
      try {
        if (pid !== 0) process.kill(pid, 'SIGKILL')
      } catch {
        // It went with its group.
      }
    tap?.end()
  })

  const run = async (...args: string[]): Promise<string> => {
    const gatecrab = path.join(import.meta.dirname, '../../bin/gatecrab.js')
    const child = spawn(process.execPath, [gatecrab, ...args, '--yes', '--json'], {cwd: tap.home, env: env(), stdio: 'pipe'})
    let out = ''
    child.stdout.on('data', chunk => {
      out += chunk
    })
    await once(child, 'close')
    const entries = readEntries(out)
    return `${plannedEntry(entries)?.plan.fix ?? out} ${endEntry(entries)?.outcome}`
  }

  /** All that a plan on another gateway must leave as it was. */
  const stateOf = async (dir: string, at: number, token: string) => ({
    config: fs.readFileSync(path.join(dir, 'openclaw.json'), 'utf8'),
    pid: (await portHolder({host: '127.0.0.1', port: at}))?.pid,
    answer: await askPort(at, token),
    paired: fs.existsSync(path.join(dir, 'devices/paired.json')),
  })

  test(
    'each plan on one leaves the bytes, the process, the client and the devices of the other alone',
    async () => {
      const [kind] = kinds(tap.url, '')
      const restarts = isSince(release, '2026.7.0') ? 'done' : 'failed'
      const fixes = ['verify', 'rotate', 'undo', 'restart', 'propagate'] as const
      const outcome = (fix: string): string => `${fix} ${fix === 'restart' ? restarts : 'done'}`
      const record = await come(tap, kind!)
      const before = await stateOf(path.dirname(tap.configFile), tap.port, tap.token())
      for (const fix of fixes) expect(await run(fix, '--profile', 'work')).toBe(outcome(fix))
      expect(await stateOf(path.dirname(tap.configFile), tap.port, tap.token())).toEqual(before)
      expect([record.exitCode, await askPort(port, workToken())]).toEqual([null, 400])
      record.kill('SIGKILL')

      const other = await come({...tap, url: `ws://127.0.0.1:${port}`, token: workToken}, kind!)
      const theirs = await stateOf(folder(), port, workToken())
      for (const fix of fixes) expect(await run(fix)).toBe(outcome(fix))
      expect(await stateOf(folder(), port, workToken())).toEqual(theirs)
      expect([other.exitCode, await askPort(tap.port, tap.token())]).toEqual([null, 400])
      other.kill('SIGKILL')
    },
    long,
  )
})
