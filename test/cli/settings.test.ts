import fs from 'node:fs'
import path from 'node:path'
import {beforeAll, describe, expect, test} from 'vitest'
import {alertFlags, onChangeOf} from '../../src/cli/on-change/flags.ts'
import {readFlags, withSettings} from '../../src/cli/options.ts'
import {isFailure} from '../../src/domain/failure.ts'
import {readSettings} from '../../src/settings/read.ts'
import {built} from '../e2e/built.ts'
import {begun, type Ended, type Room, room} from './gatecrab.ts'

beforeAll(built)

const fileIn = (home: Room): string => path.join(home.folder, '.config/gatecrab/config.json5')

const settle = (home: Room, text: string, mode = 0o600): void => {
  fs.mkdirSync(path.dirname(fileIn(home)), {recursive: true})
  fs.writeFileSync(fileIn(home), text)
  fs.chmodSync(fileIn(home), mode)
}

const run = async (home: Room, argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> => {
  using running = begun(argv, home.folder, env)
  running.child.stdin.end()
  return await running.ended
}

type Row = {name: string; value: unknown; from: string; flag: string | null; env: string | null; line: number | null}

const rowsOf = ({stdout}: Ended): Record<string, Row> =>
  Object.fromEntries(JSON.parse(stdout).settings.map((row: Row) => [row.name, row]))

describe('gatecrab config', () => {
  test('says of each setting whether a flag, the environment, the file or nobody decides it', async () => {
    using home = room()
    settle(home, "{\n  alert: 'none',\n  openclaw: '/opt/openclaw',\n}")
    const ended = await run(home, ['config', '--json', '--alert', 'title'], {OPENCLAW_STATE_DIR: '/srv/state', NO_COLOR: '1'})
    expect([ended.code, ended.stderr]).toEqual([0, ''])
    expect(rowsOf(ended)).toMatchObject({
      alert: {value: 'title', from: 'flag', flag: 'alert'},
      openclaw: {value: '/opt/openclaw', from: 'file', line: 3},
      stateDir: {value: '/srv/state', from: 'env', env: 'OPENCLAW_STATE_DIR'},
      noColor: {from: 'env', env: 'NO_COLOR'},
      hosts: {value: null, from: 'default'},
    })
    const words = await run(home, ['config', '--no-on-change'])
    expect(words.stdout).toMatch(/^openclaw +config\.json5:3 +\/opt\/openclaw$/m)
  })

  test('looks where XDG_CONFIG_HOME says', async () => {
    using home = room()
    fs.mkdirSync(home.file('xdg/gatecrab'), {recursive: true})
    home.file('xdg/gatecrab/config.json5', '{ascii: true}')
    fs.chmodSync(home.file('xdg/gatecrab/config.json5'), 0o600)
    const ended = await run(home, ['config', '--json'], {XDG_CONFIG_HOME: home.file('xdg')})
    expect(rowsOf(ended)).toMatchObject({ascii: {value: true, from: 'file', line: 1}})
  })

  test('shows no secret of a command', async () => {
    using home = room()
    settle(home, `{onChange: 'curl -H "Authorization: Bearer hunter2hunter2hunter2" https://x'}`)
    for (const argv of [['config'], ['config', '--json']]) expect((await run(home, argv)).stdout).not.toContain('hunter2')
  })

  test('prints an example that it reads without a mistake', async () => {
    using home = room()
    const {stdout} = await run(home, ['config', '--example'])
    settle(home, stdout)
    expect((await run(home, ['config'])).code).toBe(0)
  })
})

describe('a file that others could have written', () => {
  test.each([
    [0o620, 'group'],
    [0o602, 'everybody'],
  ])('is not read with mode %o', async mode => {
    using home = room()
    settle(home, "{alert: 'none'}", mode)
    const ended = await run(home, ['config', '--json'])
    expect(ended.code).toBe(1)
    expect(JSON.parse(ended.stdout).mistakes).toEqual([
      {
        title: `${fileIn(home)} is not read`,
        because: expect.stringContaining('other accounts may write to it'),
        tryThis: expect.stringContaining('chmod go-w'),
      },
    ])
    expect(rowsOf(ended)).toMatchObject({alert: {from: 'default'}})
  })

  test.skipIf(process.getuid?.() !== 0)('is not read where it belongs to another account (as root only)', async () => {
    using home = room()
    settle(home, "{alert: 'none'}")
    fs.chownSync(fileIn(home), 12_345, 12_345)
    const {stdout} = await run(home, ['config', '--json'])
    expect(JSON.parse(stdout).mistakes[0].because).toContain('belongs to another account (uid 12345)')
  })

  test('nor is a folder or a pipe', async () => {
    using home = room()
    fs.mkdirSync(fileIn(home), {recursive: true})
    expect(JSON.parse((await run(home, ['config', '--json'])).stdout).mistakes[0].because).toBe('it is no file')
  })
})

describe('what the file says', () => {
  const log = (home: Room): string => home.file('gw.jsonl', '')

  test('holds for every command, and a mistake in it changes no exit code', async () => {
    using home = room()
    const argv = ['check', '--json', '--log', log(home)]
    const before = await run(home, argv)
    settle(home, "{alert: 'loud'}")
    const {code, stdout, stderr} = await run(home, argv)
    expect([code, JSON.parse(stdout).verdict]).toEqual([before.code, JSON.parse(before.stdout).verdict])
    expect(stderr).toContain('Setting alert is left out')
    expect(stderr.replaceAll(/^gatecrab: Setting alert.*\n/gm, '')).toBe(before.stderr)
  })

  test('is not asked for by --no-config', async () => {
    using home = room()
    settle(home, "{alert: 'loud'}")
    const {stderr} = await run(home, ['check', '--log', log(home), '--no-config'])
    expect(stderr).not.toContain('Setting')
  })

  test('when a login counts as ending soon', async () => {
    using home = room()
    const now = Date.parse('2026-11-21T10:00:00Z')
    const profile = {type: 'token', provider: 'anthropic', token: 'x'.repeat(40), expires: now + 40 * 3_600_000}
    fs.mkdirSync(home.file('.openclaw/agents/main/agent'), {recursive: true})
    home.file('.openclaw/agents/main/agent/auth-profiles.json', JSON.stringify({version: 1, profiles: {'anthropic:a': profile}}))
    home.file('openclaw.json', '{}')
    const argv = ['profiles', '--json', '--now', '2026-11-21T10:00:00Z', '--release', '2026.4.15']
    const stateOf = ({stdout}: Ended) => [JSON.parse(stdout).warnAfterMs, JSON.parse(stdout).profiles[0].state]
    expect(stateOf(await run(home, argv))).toEqual([86_400_000, 'ok'])
    settle(home, "{warnAfter: '2d'}")
    expect(stateOf(await run(home, argv))).toEqual([172_800_000, 'expiring'])
    expect(stateOf(await run(home, [...argv, '--warn-after', '1h']))).toEqual([3_600_000, 'ok'])
  })

  test('in which zone a time is typed and shown', async () => {
    using home = room()
    const argv = ['report', '--json', '--since', '2026-11-20 10:00', '--now', '2026-11-21T10:00:00Z', '--log', log(home)]
    const sinceIn = async () => JSON.parse((await run(home, argv, {TZ: 'Asia/Tokyo'})).stdout).since
    expect(await sinceIn()).toBe('2026-11-20T01:00:00.000Z')
    settle(home, '{utc: true}')
    expect(await sinceIn()).toBe('2026-11-20T10:00:00.000Z')
  })

  test('runs its onChange where something is watched, and does not make `check` or --host a wrong usage', async () => {
    using home = room()
    settle(home, "{onChange: 'cat >/dev/null'}")
    expect((await run(home, ['check', '--log', log(home)])).code).not.toBe(64)
    expect((await run(home, ['check', '--host', 'mini'], {PATH: home.folder})).code).toBe(3)
  })
})

describe('the onChange of the file', () => {
  const argsOf = (argv: readonly string[]) => {
    const typed = readFlags(argv, alertFlags)
    if (isFailure(typed)) throw new Error(typed.title)
    return withSettings(typed, readSettings("{onChange: 'mine'}", 'config.json5'))
  }

  test('is for gateways that are real: neither for the demo nor for a replay, unless it is typed', () => {
    expect(onChangeOf(argsOf([]), true)).toBe('mine')
    expect(onChangeOf(argsOf([]), false)).toBeNull()
    expect(onChangeOf(argsOf(['--on-change', 'typed']), false)).toBe('typed')
  })

  test('is left out by --no-on-change', () => expect(onChangeOf(argsOf(['--no-on-change']), true)).toBeNull())

  test('is run by check --watch', async () => {
    using home = room()
    settle(home, `{onChange: 'echo told >>${home.file('told')}'}`)
    const file = home.file('gw.jsonl', '')
    using running = begun(['check', '--watch', '--log', file], home.folder)
    await expect.poll(() => running.said().stderr, {timeout: 60_000}).toContain('Each change from now on')
  })
})
