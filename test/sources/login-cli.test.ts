import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {buildProfileReport, profileExitCode} from '../../src/domain/logins/profile-report.ts'
import {readProfiles} from '../../src/sources/logins/reader.ts'
import {fixtures, folder, json, lookAt, moved, named, put, scenario, sharedDb} from './profile-host.ts'

/** An `openclaw` that prints what the real one printed, and notes how it was called. */
const double = (root: string, outputs: Record<string, string>, code = 0): {command: string[]; calls: () => string[][]} => {
  const notes = path.join(root, 'calls')
  const script = `
    const fs = require('node:fs')
    const args = process.argv.slice(2)
    fs.appendFileSync(${JSON.stringify(notes)}, JSON.stringify([...args, process.env.OPENCLAW_STATE_DIR]) + '\\n')
    const outputs = ${JSON.stringify(outputs)}
    const i = args.indexOf('--agent')
    process.stdout.write(fs.readFileSync(outputs[i < 0 ? 'main' : args[i + 1]], 'utf8'))
    process.exitCode = ${code}`
  const file = put(root, 'openclaw.cjs', script)
  const calls = () =>
    fs.existsSync(notes)
      ? fs
          .readFileSync(notes, 'utf8')
          .trim()
          .split('\n')
          .map(line => JSON.parse(line))
      : []
  return {command: [process.execPath, file], calls}
}

const output = (...at: string[]): string => path.join(fixtures, ...at)

/** A store of a layout that nobody knows yet, over a captured state folder. */
const unknownStore = (name: string) => {
  const found = scenario(name)
  fs.rmSync(path.join(found.stateDir, 'state'), {recursive: true})
  sharedDb(found.stateDir, {...moved, 'authProfiles.store': {v: 9}}, 99)
  return found
}

const readWith = async (found: ReturnType<typeof scenario>, openclaw: readonly string[] | null) => {
  const reading = await readProfiles({...lookAt(found.stateDir, found.release), openclaw}, found.now)
  return buildProfileReport(reading, found.now)
}

describe('where the store cannot be read, OpenClaw is asked, if that is allowed', () => {
  test('not allowed: exit 3 and the reason', async () => {
    const board = await readWith(unknownStore('02-expiring'), null)
    expect([board.profiles, profileExitCode(board)]).toEqual([[], 3])
    expect(board.problems[0]?.title).toMatch(/is of a later layout than gatecrab knows$/)
  })

  test('allowed: its answer, its exit, and the one safe command', async () => {
    const found = unknownStore('02-expiring')
    const {command, calls} = double(folder(), {main: output('02-expiring/out/models-status.json')}, 2)
    const board = await readWith(found, command)
    expect(calls()).toEqual([['models', 'status', '--json', '--check', found.stateDir]])
    const listed = json(output('02-expiring/out/models-status.json')).auth.oauth.profiles
    expect(board.profiles).toHaveLength(listed.length)
    expect(named(board, 'anthropic:manual')).toMatchObject({
      state: 'expiring',
      openclawSays: 'expiring',
      hidesShared: false,
      expiresAt: 1795299730369,
      store: {kind: 'cli', path: '/Users/ops/.openclaw/state/openclaw.sqlite'},
    })
    expect(named(board, 'xai:default').why).toBe(
      "OpenClaw's own status calls it expiring; whether it renews itself only its store could tell.",
    )
    expect([profileExitCode(board), board.isWhole]).toEqual([2, true])
  })

  test('several agents: one call each, inherited rows once', async () => {
    const found = unknownStore('05-agents')
    const outputs = Object.fromEntries(
      ['main', 'work', 'home', 'lab'].map(agent => [agent, output(`05-agents/out/models-status.${agent}.json`)]),
    )
    const {command, calls} = double(folder(), outputs)
    const board = await readWith(found, command)
    expect(calls().map(args => args.slice(4, 6))).toEqual([
      ['--agent', 'main'],
      ['--agent', 'work'],
      ['--agent', 'home'],
      ['--agent', 'lab'],
    ])
    expect(named(board, 'google:manual').usedBy).toEqual(['main', 'work', 'home', 'lab'])
    expect(board.profiles.filter(({profileId}) => profileId === 'anthropic:manual').map(({usedBy}) => usedBy)).toEqual([
      ['work'],
      ['main', 'home', 'lab'],
    ])
    expect(board.profiles).toHaveLength(6)
  })

  test('blocks come along, and no part of a secret that stands in its labels', async () => {
    const {command} = double(folder(), {main: output('06-cooldowns/out/models-status.json')}, 1)
    const board = await readWith(unknownStore('06-cooldowns'), command)
    expect(named(board, 'anthropic:paid').blocked).toMatchObject({kind: 'disabled', reason: 'billing', until: 1795257620073})
    expect(JSON.stringify(board)).not.toMatch(/sk-ant|AIza|PPPPP/)
  })

  test.each([
    [
      'a refusal',
      '{"ok":false,"error":{"type":"cli_error","message":"requires legacy credential migration"}}',
      'requires legacy',
    ],
    ['nothing to read', 'Usage: openclaw', 'printed nothing that gatecrab can read'],
    ['another shape', '{"auth":{"oauth":[]}}', 'printed nothing that gatecrab can read'],
  ])('%s is told, and the exit stays 3', async (_what, text, sentence) => {
    const root = folder()
    const {command} = double(root, {main: put(root, 'out', text)}, 1)
    const board = await readWith(unknownStore('02-expiring'), command)
    expect(board.problems.at(-1)?.because).toContain(sentence)
    expect(profileExitCode(board)).toBe(3)
  })

  test('a command that is not there', async () => {
    const board = await readWith(unknownStore('02-expiring'), ['/no/such/openclaw'])
    expect(board.problems.at(-1)?.because).toBe('there is no command /no/such/openclaw')
    expect(profileExitCode(board)).toBe(3)
  })

  test('a store that can be read starts nothing', async () => {
    const {command, calls} = double(folder(), {})
    await readWith(scenario('02-expiring'), command)
    expect(calls()).toEqual([])
  })
})
