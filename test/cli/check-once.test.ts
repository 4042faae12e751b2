import fs from 'node:fs'
import path from 'node:path'
import {afterEach, expect, test, vi} from 'vitest'
import {check} from '../../src/cli/commands/check.ts'
import {readFlags} from '../../src/cli/options.ts'
import {isFailure} from '../../src/domain/failure.ts'
import {locateGateway} from '../../src/runtime/locate.ts'
import {room} from './gatecrab.ts'

const calls = vi.hoisted((): Record<string, number> => ({}))

/** The module as it is, with the calls of one function counted. */
const counted = vi.hoisted(() => async (load: () => Promise<object>, name: string) => {
  const original = (await load()) as Record<string, (...args: unknown[]) => unknown>
  return {
    ...original,
    [name]: (...args: unknown[]) => {
      calls[name] = (calls[name] ?? 0) + 1
      return original[name]?.(...args)
    },
  }
})

vi.mock('../../src/runtime/context.ts', load => counted(load, 'resolveContext'))
vi.mock('../../src/sources/live/gateway-call.ts', load => counted(load, 'probeGateway'))
vi.mock('../../src/sources/token/places.ts', load => counted(load, 'readCopies'))
vi.mock('../../src/sources/logins/reader.ts', load => counted(load, 'readProfiles'))

afterEach(() => {
  vi.restoreAllMocks()
  for (const name of Object.keys(calls)) delete calls[name]
})

const fixture = path.join(import.meta.dirname, '../fixtures/logs/2026.9.6/default-level.jsonl')

test('one check resolves its gateway, reads its log, probes the port and gathers the copies and the logins once', async () => {
  using home = room()
  const log = path.join(home.folder, 'gateway.jsonl')
  fs.copyFileSync(fixture, log)
  const config = {gateway: {port: 1, auth: {mode: 'token', token: 'a-token-of-thirty-two-characters'}}, logging: {file: log}}
  home.file('openclaw.json', JSON.stringify(config))
  const read = {bytes: 0}
  const [open, readBytes] = [fs.openSync, fs.readSync]
  const ofLog = new Set<number>()
  vi.spyOn(fs, 'openSync').mockImplementation((...args) => {
    const fd = open(...args)
    if (args[0] === log) ofLog.add(fd)
    else ofLog.delete(fd)
    return fd
  })
  vi.spyOn(fs, 'readSync').mockImplementation(((...args: Parameters<typeof readBytes>) => {
    const count = readBytes(...args)
    if (ofLog.has(args[0])) read.bytes += count
    return count
  }) as typeof fs.readSync)
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const args = readFlags(['check', '--json', '--state-dir', home.folder], check.flags)
  if (isFailure(args)) throw new Error(args.title)
  await check.run(args, () => locateGateway(args.options))
  expect(JSON.parse(String(write.mock.calls[0]?.[0])).counters).toBeDefined()
  write.mockRestore()
  // A few bytes more, by which a packed log is known.
  expect(read.bytes - fs.statSync(log).size).toBeLessThan(64)
  expect(read.bytes).toBeGreaterThanOrEqual(fs.statSync(log).size)
  expect(calls).toEqual({resolveContext: 1, probeGateway: 1, readCopies: 1, readProfiles: 1})
})
