import fs from 'node:fs'
import path from 'node:path'
import {afterEach, beforeEach, expect, onTestFinished, test, vi} from 'vitest'
import type {Clocks, Disk, HostEvent} from '../../src/domain/timeline/timeline.ts'
import {diskUnder, recentSleeps, watchHost} from '../../src/sources/service/host.ts'
import {scratchFolder} from '../stress/recorder.ts'

const fixture = path.join(import.meta.dirname, '../fixtures/service/pmset-log.txt')

beforeEach(() => {
  vi.useFakeTimers({toFake: ['setInterval', 'clearInterval']})
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

const watching = (more: Partial<Parameters<typeof watchHost>[0]> = {}) => {
  const clocks: Clocks = {wall: 1_000_000, steady: 0, booted: 0}
  const events: HostEvent[] = []
  const disks: Disk[] = []
  const host = watchHost({
    onEvent: event => void events.push(event),
    onDisk: disk => void disks.push(disk),
    clocks: () => ({...clocks}),
    platform: 'linux',
    ...more,
  })
  onTestFinished(host.close)
  const pass = (wall: number, steady: number, booted: number): void => {
    clocks.wall += wall
    clocks.steady += steady
    clocks.booted += booted
    vi.advanceTimersByTime(1000)
  }
  return {clocks, events, disks, host, pass}
}

test('a quiet night is no news', () => {
  const {events, pass} = watching()
  for (let i = 0; i < 100; i += 1) pass(1000, 1000, 1000)
  expect(events).toEqual([])
})

test('a sleep is told once', async () => {
  const {events, pass} = watching()
  pass(1000, 1000, 1000)
  pass(301_000, 1000, 301_000)
  pass(1000, 1000, 1000)
  await vi.waitFor(() => expect(events).toMatchObject([{kind: 'slept', at: 1_001_000, until: 1_302_000}]))
})

test('on macOS the power management is asked why', async () => {
  const folder = scratchFolder()
  fs.writeFileSync(path.join(folder, 'pmset'), `#!/bin/sh\n[ "$*" = "-g log" ] && exec cat '${fixture}'\n`, {mode: 0o755})
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`)
  const {clocks, events, pass} = watching({platform: 'darwin'})
  clocks.wall = Date.parse('2026-09-21T10:36:00Z')
  pass(0, 1000, 1000)
  pass(915_000, 915_000, 915_000)
  await vi.waitFor(() => expect(events).toContainEqual(expect.objectContaining({kind: 'slept', because: 'Clamshell Sleep'})), {
    timeout: 5000,
  })
})

test('what lies behind is read from the same log', async () => {
  const folder = scratchFolder()
  fs.writeFileSync(path.join(folder, 'pmset'), `#!/bin/sh\nexec cat '${fixture}'\n`, {mode: 0o755})
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`)
  expect(await recentSleeps()).toHaveLength(3)
})

test('without pmset a stall stays a stall', async () => {
  vi.stubEnv('PATH', scratchFolder())
  const {events, pass} = watching({platform: 'darwin'})
  pass(60_000, 60_000, 60_000)
  await vi.waitFor(() => expect(events).toMatchObject([{kind: 'stalled', because: null}]))
})

test('closed, it says nothing', () => {
  const {events, host, pass} = watching()
  host.close()
  pass(301_000, 1000, 301_000)
  expect(events).toEqual([])
})

test('the disk under the log', async () => {
  const folder = scratchFolder()
  const {disks} = watching({folder})
  await vi.waitFor(() => expect(disks).toMatchObject([{path: folder, freeBytes: expect.any(Number)}]))
  const {bavail, bsize, blocks} = fs.statfsSync(folder)
  expect(disks[0]?.totalBytes).toBe(blocks * bsize)
  expect(Math.abs((disks[0]?.freeBytes ?? 0) - bavail * bsize)).toBeLessThan(1e9)
  expect(await diskUnder(path.join(folder, 'nowhere'))).toBeNull()
})

test.runIf(fs.existsSync('/proc/self'))('what is no disk is never full', async () => {
  expect(await diskUnder('/proc/self')).toBeNull()
})
