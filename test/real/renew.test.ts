import {execFileSync} from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {endEntry, readEntries} from '../../src/domain/plans/journal.ts'
import {built} from '../e2e/built.ts'
import {digit} from '../e2e/digit.ts'
import {openScreen, type Screen} from '../e2e/screen.ts'

/** Which releases are installed for the script that starts a real gateway; named by GATECRAB_REAL_TOOL. */
const cache = process.env['GATEWAY_CACHE'] ?? path.join(os.homedir(), '.cache/gatecrab-real')
const tool = process.env['GATECRAB_REAL_TOOL'] ?? path.join(import.meta.dirname, '../../../shared/tools/real-gateway')
const release = '2026.9.6'
const isHere = fs.existsSync(tool) && (fs.existsSync(path.join(cache, release)) || process.env['GATECRAB_REAL'] === '1')

const token = (letter: string): string => `sk-ant-oat01-FAKE${letter.repeat(84)}ZZ-BB`
const key = (letter: string): string => `AIzaFAKE${letter.repeat(27)}1234`
const secrets = [token('A'), token('S'), token('Q'), key('k'), key('n')]

const real = {home: '', bin: '', state: ''}

const openclaw = (words: readonly string[], input: string): void => {
  execFileSync(tool, ['cli', real.home, 'models', 'auth', ...words], {input, stdio: ['pipe', 'ignore', 'ignore']})
}

type Rows = Record<string, Record<string, unknown>>

const asked = (file: string, sql: string): unknown => {
  const db = new DatabaseSync(path.join(real.home, '.openclaw', file), {readOnly: true, timeout: 2000})
  const row = db.prepare(sql).get()
  db.close()
  return JSON.parse(String(row?.['json'] ?? '{}'))
}

const rows = (): Rows =>
  (
    asked(
      'state/openclaw.sqlite',
      "SELECT value_json AS json FROM config_machine_state WHERE state_key = 'authProfiles.store'",
    ) as {profiles: Rows}
  ).profiles

/** An agent's own order stands in its own database, wherever the logins are. */
const order = (): unknown =>
  (asked('agents/main/agent/openclaw-agent.sqlite', 'SELECT state_json AS json FROM auth_profile_state') as {order?: Rows})
    .order?.['anthropic']

/** Nothing of OpenClaw makes a token that has ended. */
const end = (id: string): void => {
  const db = new DatabaseSync(path.join(real.home, '.openclaw/state/openclaw.sqlite'), {timeout: 5000})
  const path_ = `$.profiles."${id}".expires`
  db.prepare(
    "UPDATE config_machine_state SET value_json = json_set(value_json, ?, ?) WHERE state_key = 'authProfiles.store'",
  ).run(path_, Date.now() - 3_600_000)
  db.close()
}

const texts = (folder: string, but: string): string =>
  fs
    .readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .filter(name => !name.startsWith(but) && fs.statSync(path.join(folder, name)).isFile())
    .map(name => fs.readFileSync(path.join(folder, name), 'latin1'))
    .join('\n')

const journals = () =>
  fs
    .readdirSync(path.join(real.state, 'journals'))
    .toSorted()
    .map(name => readEntries(fs.readFileSync(path.join(real.state, 'journals', name), 'utf8')))

/** The screen as an operator of that gateway starts it, on the Profiles panel, with one login on it. */
const onLogin = async (profileId: string): Promise<Screen> => {
  const env = {HOME: real.home, PATH: `${real.bin}:/usr/bin:/bin`, GATECRAB_STATE_DIR: real.state}
  const screen = openScreen([], {cols: 140, rows: 40, env})
  await screen.waitFor('Clients')
  screen.press(digit('profiles'))
  await screen.waitFor('30 days |')
  screen.type(`/${profileId}\r`)
  await screen.waitFor(`filter ${profileId}`)
  return screen
}

const runs = async (screen: Screen, word: string): Promise<void> => {
  await screen.waitFor(`Type ${word}`)
  screen.type(`${word}\r`)
  await screen.waitFor('enter or esc closes this', 120_000)
  expect(screen.text()).toMatch(/Done\b/)
  for (const secret of secrets) {
    expect(screen.raw()).not.toContain(secret.slice(8, -8))
    expect(screen.raw()).not.toContain(secret.slice(-8))
  }
  screen.press('enter', 'q')
  expect((await screen.exited).exitCode).toBe(0)
}

describe.skipIf(!isHere)(`logins of a real ${release}, renewed from the screen`, () => {
  beforeAll(async () => {
    await built()
    const text = execFileSync(tool, ['start', release], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']})
    const output = Object.fromEntries(text.split('\n').map(line => line.split('='))) as Record<string, string>
    Object.assign(real, {
      home: output['HOME_OF_GATEWAY'],
      bin: output['BIN'],
      state: path.join(output['HOME_OF_GATEWAY'] ?? '', 'gatecrab'),
    })
    openclaw(['paste-token', '--provider', 'anthropic', '--profile-id', 'anthropic:manual', '--expires-in', '12h'], token('A'))
    openclaw(['paste-token', '--provider', 'anthropic', '--profile-id', 'anthropic:spare', '--expires-in', '30d'], token('S'))
    openclaw(['paste-api-key', '--provider', 'google', '--profile-id', 'google:manual'], key('k'))
  }, 300_000)

  afterAll(() => {
    execFileSync(tool, ['stop', real.home], {stdio: 'ignore'})
    fs.rmSync(real.home, {recursive: true, force: true, maxRetries: 20, retryDelay: 250})
  })

  test('paste-token', async () => {
    const screen = await onLogin('anthropic:manual')
    screen.press('w')
    await screen.waitFor('Paste the token, unseen')
    screen.paste(token('Q'))
    screen.press('enter')
    await screen.waitFor('How long is it good for?')
    screen.type('\u007f'.repeat(4))
    screen.type('90d\r')
    await runs(screen, 'renew')
    const row = rows()['anthropic:manual']
    expect(row?.['token']).toBe(token('Q'))
    expect(Math.abs(Number(row?.['expires']) - Date.now() - 90 * 86_400_000)).toBeLessThan(120_000)
  })

  test('paste-api-key', async () => {
    const screen = await onLogin('google:manual')
    screen.press('w')
    await screen.waitFor('Paste the API key, unseen')
    screen.type(key('n'))
    screen.press('enter')
    await runs(screen, 'renew')
    expect(rows()['google:manual']?.['key']).toBe(key('n'))
  })

  test('order', async () => {
    const screen = await onLogin('anthropic:spare')
    screen.press('o')
    await runs(screen, 'renew')
    expect(order()).toEqual(['anthropic:spare', 'anthropic:manual'])
  })

  test('undo gives the order back', async () => {
    const screen = await onLogin('anthropic:spare')
    await screen.waitFor(/token [0-9a-f]{4}…/)
    screen.press('u')
    await runs(screen, 'undo')
    expect(order()).toBe(undefined)
  })

  test('logout of a dead spare, with its preview', async () => {
    end('anthropic:spare')
    const screen = await onLogin('anthropic:spare')
    await screen.waitFor('expired')
    screen.press('d')
    await screen.waitFor('Remove the dead spare anthropic:spare')
    expect(screen.text()).toContain('No agent uses it now.')
    await runs(screen, 'remove')
    expect(Object.keys(rows()).toSorted()).toEqual(['anthropic:manual', 'google:manual'])
  })

  test('every journal ends well, and none holds a secret', () => {
    expect(journals().map(entries => endEntry(entries)?.outcome)).toEqual(['done', 'done', 'done', 'done', 'done'])
    const written = texts(real.state, 'backups')
    for (const secret of secrets)
      expect([written.includes(secret.slice(8, -8)), written.includes(secret.slice(-8))]).toEqual([false, false])
  })
})
