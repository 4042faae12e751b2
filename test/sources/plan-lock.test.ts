import {spawn} from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, expect, onTestFinished, test, vi} from 'vitest'
import {makePlaces, type StatePlaces, statePlaces} from '../../src/sources/plans/journals-folder.ts'
import {acquireLock, isLock, type Lock, lockHolder} from '../../src/sources/plans/lock.ts'
import {isAlive, processIdentityOf, processStartOf} from '../../src/sources/process-start.ts'

let root: string
let places: StatePlaces

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-lock-'))
  places = statePlaces({platform: 'linux', home: root, tmp: root, uid: 1, env: {}})
  makePlaces(places)
})

afterEach(() => fs.rmSync(root, {recursive: true, force: true}))

const file = (): string => path.join(places.locks, 'gw.lock')
const take = () => acquireLock(places, 'gw', {id: 'p', fix: 'rotate'})
const taken = (): Lock => {
  const lock = take()
  if (!isLock(lock)) throw new Error('it is held')
  return lock
}

test('one at a time, and free again when it is released', () => {
  const lock = taken()
  expect(take()).toMatchObject({owner: {pid: process.pid}, id: 'p', fix: 'rotate'})
  lock.release()
  expect(lockHolder(places, 'gw')).toBeNull()
  expect(fs.readdirSync(places.locks)).toEqual([])
  taken().release()
})

test('a dead owner holds nothing', async () => {
  const child = spawn('sleep', ['60'])
  const owner = processIdentityOf(child.pid ?? 0)
  fs.writeFileSync(file(), JSON.stringify({owner, id: 'dead', fix: 'rotate'}))
  expect(lockHolder(places, 'gw')?.id).toBe('dead')
  child.kill('SIGKILL')
  await new Promise(resolve => child.once('exit', resolve))
  expect(isAlive(owner)).toBe(false)
  expect(lockHolder(places, 'gw')).toBeNull()
  expect(taken().isOurs()).toBe(true)
})

test('a later process with the same number is not the owner', () => {
  fs.writeFileSync(file(), JSON.stringify({owner: {pid: process.pid, startedAt: 'long ago'}, id: 'dead', fix: 'rotate'}))
  expect(lockHolder(places, 'gw')).toBeNull()
  expect(taken().isOurs()).toBe(true)
})

test('half a lock file is nobody', () => {
  fs.writeFileSync(file(), '{"owner": {"pi')
  expect(taken().isOurs()).toBe(true)
})

test('who has lost the lock knows it, and does not take it from the other', () => {
  const lock = taken()
  const other = JSON.stringify({owner: processIdentityOf(process.pid), id: 'other', fix: 'rotate'})
  fs.writeFileSync(file(), other)
  expect(lock.isOurs()).toBe(false)
  lock.release()
  expect(fs.readFileSync(file(), 'utf8')).toBe(other)
})

test('two gateways do not wait for each other', () => {
  taken()
  expect(isLock(acquireLock(places, 'other', {id: 'q', fix: 'restart'}))).toBe(true)
})

test('of many that want it at once, one gets it', async () => {
  const script = `
    const {acquireLock, isLock} = await import(${JSON.stringify(path.join(import.meta.dirname, '../../src/sources/plans/lock.ts'))})
    const got = acquireLock(${JSON.stringify(places)}, 'gw', {id: 'p', fix: 'rotate'})
    process.stdout.write(isLock(got) ? '1' : '0')
    process.stdin.resume()`
  fs.writeFileSync(file(), JSON.stringify({owner: {pid: 999_999_999, startedAt: 'x'}, id: 'dead', fix: 'rotate'}))
  const children = Array.from({length: 8}, () =>
    spawn(process.execPath, ['--input-type=module', '-e', script], {stdio: ['pipe', 'pipe', 'ignore']}),
  )
  const text = await Promise.all(
    children.map(child => new Promise<string>(resolve => child.stdout.once('data', chunk => resolve(String(chunk))))),
  )
  for (const child of children) child.stdin.end()
  expect(text.filter(word => word === '1')).toHaveLength(1)
})

test('a start time is told for those who live, and for nobody else', () => {
  expect(processStartOf(process.pid)).not.toBeNull()
  expect(processStartOf(999_999_999)).toBeNull()
})

test('a disk without links, as exFAT, has locks all the same', () => {
  const link = vi.spyOn(fs, 'linkSync').mockImplementation(() => {
    throw Object.assign(new Error('operation not supported'), {code: 'ENOTSUP'})
  })
  onTestFinished(() => link.mockRestore())
  const lock = taken()
  expect(take()).toMatchObject({owner: {pid: process.pid}, id: 'p', fix: 'rotate'})
  lock.release()
  expect(fs.readdirSync(places.locks)).toEqual([])
})

test('on macOS the start of a process is one word, in whatever zone it is asked', () => {
  const bin = path.join(root, 'bin')
  fs.mkdirSync(bin)
  fs.writeFileSync(path.join(bin, 'ps'), '#!/bin/sh\necho "$LC_ALL $TZ"\n', {mode: 0o755})
  const platform = Object.getOwnPropertyDescriptor(process, 'platform') as PropertyDescriptor
  Object.defineProperty(process, 'platform', {...platform, value: 'darwin'})
  vi.stubEnv('PATH', `${bin}:/usr/bin:/bin`)
  vi.stubEnv('TZ', 'Asia/Tokyo')
  onTestFinished(() => {
    Object.defineProperty(process, 'platform', platform)
    vi.unstubAllEnvs()
  })
  expect(processStartOf(1)).toBe('C UTC')
})
