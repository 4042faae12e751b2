import {existsSync, readFileSync, rmSync, statSync} from 'node:fs'
import path from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {afterEach, expect, test, vi} from 'vitest'
import {type Demo, startDemo} from '../../src/demo/demo.ts'
import {writeConfig} from '../../src/demo/server/settings.ts'
import {invoke, messages, newFolder, tokenOf} from './demo-client.ts'

const demos: Demo[] = []

const start = async (options: Parameters<typeof startDemo>[0] = {}): Promise<Demo> => {
  const demo = await startDemo(options)
  demos.push(demo)
  return demo
}

afterEach(async () => {
  for (const demo of demos.splice(0)) await demo.stop()
})

const saying = ({gateway}: Demo, text: RegExp): string[] => messages(gateway).filter(line => text.test(line))

const laptop = /client=openclaw-control-ui webchat v2026\.9\.6 .*platform=MacIntel .*reason=token_mismatch/

test('its first screen is not empty: half an hour lies behind it', async () => {
  const demo = await start()
  expect(saying(demo, laptop).length).toBeGreaterThan(200)
  expect(saying(demo, /^(loading configuration|restart mode|config hot reload applied)/)).toHaveLength(3)
  expect(saying(demo, /^embedded run agent end/)).toHaveLength(1)
})

test('the cast plays: who is in, who is refused, who comes back after a restart and a rotation', {timeout: 90_000}, async () => {
  const demo = await start({speed: 40, seed: 7})
  const before = messages(demo.gateway).length
  const later = (text: RegExp): string[] =>
    messages(demo.gateway)
      .slice(before)
      .filter(line => text.test(line))
  await vi.waitFor(() => expect(later(/^restart mode/)).toHaveLength(1), {timeout: 20_000})
  await vi.waitFor(() => expect(later(/^webchat connected/)).toHaveLength(2), {timeout: 20_000})
  await vi.waitFor(() => expect(later(laptop).length).toBeGreaterThan(10), {timeout: 20_000})
  for (const seen of [
    /reason=token_missing/,
    /fwd=203\.0\.113\.50 .*origin not allowed/,
    /code=1005 reason=n\/a phase=ws_upgrade_started$/,
    /^embedded run agent end/,
  ])
    await vi.waitFor(() => expect(later(seen)).not.toEqual([]), {timeout: 20_000})
  const config = JSON.parse(readFileSync(demo.gateway.configFile, 'utf8'))
  config.gateway.auth.token = 'f'.repeat(48)
  writeConfig(demo.gateway.configFile, config)
  await vi.waitFor(() => expect(later(/^webchat connected/)).toHaveLength(4), {timeout: 20_000})
  const [rotated, refused, healed] = [/hot reload applied/, laptop, /^webchat connected/].map(text =>
    messages(demo.gateway).findLastIndex(line => text.test(line)),
  )
  expect([rotated, refused, healed]).toEqual([rotated, refused, healed].toSorted((a, b) => Number(a) - Number(b)))
  expect(await invoke(demo.gateway, 'f'.repeat(48))).toBe(400)
})

test('its profiles: a key, one that renews itself, one that ends in 11 hours, one that has ended, one that is lost', async () => {
  const {folder} = await start()
  const db = new DatabaseSync(path.join(folder, 'state', 'openclaw.sqlite'), {readOnly: true})
  const rows = db.prepare('SELECT state_key, value_json FROM config_machine_state').all()
  db.close()
  const {profiles} = JSON.parse(String(rows.find(row => row['state_key'] === 'authProfiles.store')?.['value_json']))
  const hoursLeft = ({expires}: {expires?: number}) => expires && Math.round((expires - Date.now()) / 3_600_000)
  expect(
    Object.fromEntries(
      Object.entries<{type: string; refresh?: string; expires?: number}>(profiles).map(([id, profile]) => [
        id,
        [profile.type, hoursLeft(profile)],
      ]),
    ),
  ).toEqual({
    'google:manual': ['api_key', undefined],
    'openai:ops@example.com': ['oauth', 6],
    'anthropic:manual': ['token', 11],
    'anthropic:spare': ['token', -48],
    'xai:default': ['oauth', expect.any(Number)],
  })
  expect([profiles['xai:default'].expires, profiles['xai:default'].refresh]).toEqual([1, expect.stringContaining(':failed:')])
  expect(profiles['openai:ops@example.com'].refresh).toContain('FAKE')
})

test('two stand side by side, each in a folder of its own that is gone when it stops', async () => {
  const [one, other] = [await start(), await start()]
  expect(one.folder).not.toBe(other.folder)
  expect(statSync(one.folder).mode & 0o777).toBe(0o700)
  expect([await invoke(one.gateway, tokenOf(one.gateway)), await invoke(one.gateway, tokenOf(other.gateway))]).toEqual([400, 401])
  await one.stop()
  expect([existsSync(one.folder), existsSync(other.folder)]).toEqual([false, true])
  expect(await invoke(other.gateway, tokenOf(other.gateway))).toBe(400)
})

test('a folder that was given stays', async () => {
  const folder = newFolder()
  const demo = await start({folder})
  await demo.stop()
  expect(existsSync(path.join(folder, 'openclaw.json'))).toBe(true)
  rmSync(folder, {recursive: true})
})

test('a stopped demo leaves no timer and no socket', async () => {
  const busy = (): string[] => process.getActiveResourcesInfo().filter(kind => /Timeout|TCP/.test(kind))
  const before = busy()
  const demo = await start({speed: 20})
  await vi.waitFor(() => expect(messages(demo.gateway).at(-1)).toMatch(/MacIntel|100\.64/))
  await demo.stop()
  await vi.waitFor(() => expect(busy().length).toBeLessThanOrEqual(before.length))
})
