import {type ChildProcess, spawn} from 'node:child_process'
import {createHash} from 'node:crypto'
import {once} from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import {inspect} from 'node:util'
import {describe, expect, onTestFinished, test, vi} from 'vitest'
import {buildProfileReport} from '../../src/domain/logins/profile-report.ts'
import {readProfiles} from '../../src/sources/logins/reader.ts'
import {boardAt, fixtures, folder, lookAt, moved, named, put, read, scenario, sharedDb, token} from './profile-host.ts'

/** Every file below, with its bytes, its time and its rights. */
const printOf = (root: string): Record<string, string> =>
  Object.fromEntries(
    fs
      .readdirSync(root, {recursive: true, encoding: 'utf8'})
      .map(file => path.join(root, file))
      .filter(file => fs.statSync(file).isFile())
      .map(file => {
        const {mtimeNs, mode, ino} = fs.statSync(file, {bigint: true})
        return [file, `${createHash('sha256').update(fs.readFileSync(file)).digest('hex')} ${mtimeNs} ${mode} ${ino}`]
      }),
  )

const writer = `
  import {DatabaseSync} from 'node:sqlite'
  const [file, json] = process.argv.slice(1)
  const db = new DatabaseSync(file)
  db.exec('PRAGMA wal_autocheckpoint = 0')
  const put = text => db.prepare("UPDATE config_machine_state SET value_json = ? WHERE state_key = 'authProfiles.store'").run(text)
  put(json)
  process.stdout.write('written')
  process.stdin.on('data', chunk => { put(String(chunk)); process.stdout.write('written') })`

/** A process that holds the database open and has written what only its log knows yet. */
const holding = async (file: string, store: object): Promise<ChildProcess & {write: (store: object) => Promise<void>}> => {
  const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', writer, file, JSON.stringify(store)])
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  await once(child.stdout, 'data')
  const write = async (next: object): Promise<void> => {
    child.stdin.write(JSON.stringify(next))
    await once(child.stdout, 'data')
  }
  return Object.assign(child, {write})
}

const now = Date.parse('2026-11-21T12:00:00Z')
const store = (expires: number) => ({version: 1, profiles: {'anthropic:manual': token(expires)}})

const host = () => {
  const stateDir = folder()
  put(stateDir, 'openclaw.json', {})
  return {
    stateDir,
    db: sharedDb(stateDir, {...moved, 'authProfiles.store': store(now + 3_600_000)}),
    now,
    release: '2026.9.6',
    env: {},
  }
}

const endIn = async (found: ReturnType<typeof host>) => named(await boardAt(found), 'anthropic:manual').expiresAt

describe('reading leaves every store as it is', () => {
  test.each(fs.readdirSync(fixtures).filter(name => /^0\d-/.test(name)))('%s, the gateway down', async name => {
    const found = scenario(name)
    const before = printOf(found.stateDir)
    await read(found)
    await read(found)
    expect(printOf(found.stateDir)).toEqual(before)
  })

  test.each(fs.readdirSync(path.join(fixtures, 'versions')))('the store of %s', async release => {
    const stateDir = folder()
    const agentDir = path.join(stateDir, 'agents/main/agent')
    put(stateDir, 'openclaw.json', {})
    fs.mkdirSync(agentDir, {recursive: true})
    const from = path.join(fixtures, 'versions', release)
    for (const file of fs.readdirSync(from).filter(name => /^auth-|sqlite$/.test(name)))
      fs.copyFileSync(path.join(from, file), path.join(agentDir, file))
    const before = printOf(stateDir)
    await read({stateDir, now, release, env: {}})
    expect(printOf(stateDir)).toEqual(before)
  })

  test('beside a process that writes: what stands only in its log is seen, and no byte of -wal or -shm changes', async () => {
    const found = host()
    const child = await holding(found.db, store(now + 7_200_000))
    const before = printOf(found.stateDir)
    expect(Object.keys(before).filter(file => /-(wal|shm)$/.test(file))).toHaveLength(2)
    expect(await endIn(found)).toBe(now + 7_200_000)
    expect(printOf(found.stateDir)).toEqual(before)
    await child.write(store(now + 9_000_000))
    const after = printOf(found.stateDir)
    expect(await endIn(found)).toBe(now + 9_000_000)
    expect(printOf(found.stateDir)).toEqual(after)
  })

  test('after that process was killed: its log is read and left behind', async () => {
    const found = host()
    const child = await holding(found.db, store(now + 7_200_000))
    child.kill('SIGKILL')
    await once(child, 'exit')
    const before = printOf(found.stateDir)
    expect(await endIn(found)).toBe(now + 7_200_000)
    expect(printOf(found.stateDir)).toEqual(before)
    fs.rmSync(`${found.db}-shm`)
    const without = printOf(found.stateDir)
    expect(await endIn(found)).toBe(now + 7_200_000)
    expect(printOf(found.stateDir)).toEqual(without)
  })

  test('nothing of it is left in the folder for temporary files', async () => {
    const found = host()
    const tmp = folder()
    vi.stubEnv('TMPDIR', tmp)
    onTestFinished(() => void vi.unstubAllEnvs())
    await read(found)
    expect(fs.readdirSync(tmp)).toEqual([])
  })
})

const secretFields = /"(?:key|apiKey|token|access|refresh|idToken)":"([^"]+)"/g

const longStrings = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(longStrings)
      : []

/** Every secret that lies in the captured stores, the variables and the files they refer to. */
const secretsOf = (found: ReturnType<typeof scenario>): string[] => {
  const texts = fs
    .readdirSync(found.stateDir, {recursive: true, encoding: 'utf8'})
    .map(file => path.join(found.stateDir, file))
    .filter(file => fs.statSync(file).isFile())
    .map(file => fs.readFileSync(file, 'latin1'))
  const inStores = texts.flatMap(text => Array.from(text.matchAll(secretFields), ([, secret = '']) => secret))
  const inFiles = texts.flatMap(text => Array.from(text.matchAll(/(?:sk-|nvapi-|hf_|AIza|rt_)[\w-]{20,}/g), ([secret]) => secret))
  return [...new Set([...inStores, ...inFiles, ...longStrings(found.env)])].filter(
    secret => secret.trim().length >= 16 && !secret.startsWith('openclaw-oauth-refresh-fence:'),
  )
}

describe('no secret, and not its first or last eight characters, leaves the edge', () => {
  test.each(fs.readdirSync(fixtures).filter(name => /^0\d-/.test(name)))('%s', async name => {
    const found = scenario(name)
    const secrets = secretsOf(found)
    expect(secrets.length).toBeGreaterThan(1)
    const reading = await readProfiles(lookAt(found.stateDir, found.release, found.env), found.now)
    const all = inspect([reading, buildProfileReport(reading, found.now)], {
      depth: null,
      maxStringLength: null,
      maxArrayLength: null,
    })
    for (const secret of secrets) {
      expect(all).not.toContain(secret.slice(0, 8))
      expect(all).not.toContain(secret.slice(-8))
    }
  })
})
