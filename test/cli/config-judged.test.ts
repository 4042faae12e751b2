import fs from 'node:fs'
import path from 'node:path'
import {beforeAll, expect, onTestFinished, test} from 'vitest'
import {built} from '../e2e/built.ts'
import {begun, type Ended, type Room, room} from './gatecrab.ts'

beforeAll(built)

const printed = path.join(import.meta.dirname, '../fixtures/config/2026.9.6-invalid.json')

/** A home with a config, and an `openclaw` that prints what a real one printed, and notes each call. */
const homeWith = (config: string): {home: Room; argv: readonly string[]; calls: () => string[]} => {
  const home = room()
  onTestFinished(() => home[Symbol.dispose]())
  home.file('openclaw.json', config)
  const calls = home.file('calls', '')
  const openclaw = home.file('openclaw', `#!/bin/sh\necho "$@" >>'${calls}'\n/bin/cat '${printed}'\nexit 1\n`)
  fs.chmodSync(openclaw, 0o755)
  return {home, argv: ['--openclaw', openclaw], calls: () => fs.readFileSync(calls, 'utf8').split('\n').filter(Boolean)}
}

const run = async (argv: readonly string[], home: Room): Promise<Ended> => {
  using running = begun(argv, home.folder)
  return await running.ended
}

const idsIn = ({stdout}: Ended): string[] => JSON.parse(stdout).problems.map(({id}: {id: string}) => id)

test('check asks OpenClaw about its config only where that is wanted', async () => {
  const {home, argv, calls} = homeWith('{gateway: {port: 1, bind: "nowhere"}}')
  expect(idsIn(await run(['check', '--json', ...argv], home))).not.toContain('config-not-valid')
  expect(calls()).toEqual([])
  expect(idsIn(await run(['check', '--json', '--deep', ...argv], home))).toContain('config-not-valid')
  expect(calls()).toEqual(['config validate --json'])
})

test('an OpenClaw that cannot be asked is told of, and is no verdict', async () => {
  const {home} = homeWith('{gateway: {port: 1}}')
  const ended = await run(['check', '--json', '--deep', '--openclaw', path.join(home.folder, 'none')], home)
  expect(idsIn(ended)).not.toContain('config-not-valid')
  expect(ended.stderr).toContain('OpenClaw could not be asked about its config')
})

test('who watches asks once for a config that cannot be read, and again when it was changed', async () => {
  const {home, argv, calls} = homeWith('{ "gateway": {')
  using running = begun(['check', '--watch', ...argv], home.folder)
  const reportsChange = (text: string): number => text.split('\n').filter(line => line.includes('"config-not-valid"')).length
  await running.until(({stdout}) => reportsChange(stdout) > 0)
  expect(calls()).toEqual(['config validate --json'])
  home.file('openclaw.json', '{ "gateway": { "port": 1')
  home.file('openclaw', '#!/bin/sh\necho \'{"valid":true}\'\n')
  await running.until(({stdout}) => /"gone":\[[^\]]*"config-not-valid"/.test(stdout))
  running.child.kill('SIGINT')
  await running.ended
}, 40_000)

const skippedAt = (at: Date): string =>
  `${JSON.stringify({
    '0': '{"subsystem":"gateway/reload"}',
    '1': 'config reload skipped (invalid config): gateway.port: Invalid input',
    _meta: {logLevelName: 'WARN', name: 'x', parentNames: ['openclaw']},
    time: at.toISOString(),
  })}\n`

test('a config that was refused is no problem any more once a file that parses was written after that', async () => {
  const refusedAt = new Date(Date.now() - 60_000)
  const withFile = async (writtenAt: Date): Promise<string[]> => {
    const {home} = homeWith('{}')
    const log = home.file('gateway.jsonl', skippedAt(refusedAt))
    const config = home.file('openclaw.json', JSON.stringify({gateway: {port: 1}, logging: {file: log}}))
    fs.utimesSync(config, writtenAt, writtenAt)
    return idsIn(await run(['check', '--json'], home))
  }
  expect(await withFile(new Date(refusedAt.getTime() - 5000))).toContain('config-invalid')
  expect(await withFile(new Date(refusedAt.getTime() + 5000))).not.toContain('config-invalid')
})
