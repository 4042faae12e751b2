import {spawn} from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import pty from '@lydell/node-pty'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {writeProfiles} from '../../src/demo/demo.ts'
import {endEntry, entriesOf} from '../../src/domain/plans/journal.ts'
import {loginRows} from '../../src/sources/plans/login-rows.ts'
import {bundle} from '../e2e/built.ts'
import {collected, type Ended, type Home, startHome} from '../fixtures/stubs/home.ts'
import {sampleProcesses} from '../fixtures/stubs/leaks.ts'

const token = (letter: string): string => `sk-ant-oat01-FAKE${letter.repeat(86)}-BB`
const key = (letter: string): string => `AIzaFAKE${letter.repeat(27)}1234`

let home: Home

beforeEach(async () => {
  home = await startHome()
  writeProfiles(home.stateDir, Date.now())
})

afterEach(() => home.end())

const fed = (args: readonly string[], secret: string, more: Record<string, string> = {}): Promise<Ended> => {
  const child = spawn(process.execPath, [bundle, ...args], {cwd: home.home, env: home.env(more), stdio: ['pipe', 'pipe', 'pipe']})
  child.stdin.on('error', () => {})
  child.stdin.end(secret)
  return collected(child)
}

const place = () => ({kind: 'sqlite' as const, path: path.join(home.stateDir, 'state/openclaw.sqlite')})
const row = async (id: string): Promise<Record<string, unknown>> => ({...(await loginRows(place()))?.get(id)})

/** Every file gatecrab wrote, but for the backups, which are there to hold a secret. */
const written = (): string =>
  fs
    .readdirSync(home.state, {recursive: true, encoding: 'utf8'})
    .filter(name => !name.startsWith('backups') && fs.statSync(path.join(home.state, name)).isFile())
    .map(name => fs.readFileSync(path.join(home.state, name), 'latin1'))
    .join('\n')

const everySecret = async (): Promise<string[]> =>
  Array.from((await loginRows(place()))?.values() ?? []).flatMap(found =>
    ['token', 'key', 'access', 'refresh'].flatMap(field => (typeof found[field] === 'string' ? [String(found[field])] : [])),
  )

/** Neither whole nor as the eight first and eight last characters that OpenClaw labels it with. */
const expectUnsaid = (text: string, secrets: readonly string[]): void => {
  for (const secret of secrets) {
    expect(text.includes(secret)).toBe(false)
    expect(text.includes(secret.slice(-8))).toBe(false)
    expect(text.includes(`${secret.slice(0, 8)}…`) || text.includes(`${secret.slice(0, 8)}...`)).toBe(false)
  }
}

describe('renew', () => {
  test('saves a token that came on standard input, proves it, and leaves no trace of it', async () => {
    const before = await everySecret()
    const sampling = sampleProcesses(home.home)
    const {code, entries, stdout, stderr} = await fed(
      ['renew', 'anthropic:manual', '--yes', '--json', '--expires-in', '30d'],
      `${token('Q')}\n`,
    )
    const {argv} = sampling.stop()
    expect([code, stderr, endEntry(entries)?.outcome]).toEqual([0, '', 'done'])
    expect(entriesOf(entries, 'proved').map(({what, ok}) => [what, ok])).toEqual([
      ['anthropic:manual stands in the store as it was given', true],
      ['the other 4 logins of that store are as they were', true],
    ])
    const saved = await row('anthropic:manual')
    expect(saved['token']).toBe(token('Q'))
    expect(Math.abs(Number(saved['expires']) - Date.now() - 30 * 86_400_000)).toBeLessThan(60_000)
    expect(home.calls().at(-1)?.args).toEqual([
      ...['models', 'auth', 'paste-token', '--provider', 'anthropic', '--profile-id', 'anthropic:manual', '--expires-in', '30d'],
    ])
    expectUnsaid([stdout, argv, written()].join('\n'), [...before, ...(await everySecret())])
  })

  test('a key, and undo gives the old one back', async () => {
    const old = await row('google:manual')
    expect((await fed(['renew', 'google:manual', '--yes'], key('n'))).code).toBe(0)
    expect(await row('google:manual')).toEqual({...old, key: key('n')})
    const undone = await home.run(['undo', '--yes', '--json'])
    expect([undone.code, undone.stderr, await row('google:manual')]).toEqual([0, '', old])
    expectUnsaid(undone.stdout + written(), [key('n'), String(old['key'])])
    expect((await home.run(['undo', '--yes'])).stderr).toContain('There is nothing to undo')
  })

  test('undo keeps the end of the token that it gives back', async () => {
    const old = await row('anthropic:manual')
    await fed(['renew', 'anthropic:manual', '--yes'], token('Q'))
    const undone = await home.run(['undo', '--yes', '--json'])
    expect(undone.code).toBe(0)
    const back = await row('anthropic:manual')
    expect(back['token']).toBe(old['token'])
    expect(Math.abs(Number(back['expires']) - Number(old['expires']))).toBeLessThan(120_000)
  })

  test('what somebody changed since is not taken back', async () => {
    await fed(['renew', 'anthropic:manual', '--yes'], token('Q'))
    await fed(['renew', 'anthropic:manual', '--yes'], token('R'))
    const [first] = home.journals()
    const undone = await home.run(['undo', first?.id ?? '', '--yes'])
    expect([undone.code, undone.stderr]).toEqual([1, expect.stringContaining('somebody has changed anthropic:manual since')])
    expect((await row('anthropic:manual'))['token']).toBe(token('R'))
  })

  test('order: put first, and back to none', async () => {
    const order = async (): Promise<unknown> => JSON.parse((await home.run(['profiles', '--json'])).stdout).profiles.length
    expect(await order()).toBe(5)
    await fed(['renew', 'anthropic:spare', '--yes'], token('S'))
    const ran = await home.run(['renew', 'anthropic:spare', '--by', 'order', '--yes', '--json'])
    expect([ran.code, entriesOf(ran.entries, 'proved')[0]?.what]).toEqual([
      0,
      'the order of anthropic is anthropic:spare, anthropic:manual',
    ])
    const undone = await home.run(['undo', '--yes', '--json'])
    expect([undone.code, entriesOf(undone.entries, 'proved')[0]?.what]).toEqual([0, 'the order of anthropic is none of its own'])
  })

  test('logout removes a dead spare, and only that', async () => {
    const model = {primary: 'anthropic/claude-opus-4-5', fallbacks: ['openai/gpt-5']}
    const config = {...JSON.parse(fs.readFileSync(home.configFile, 'utf8')), agents: {defaults: {model}}}
    fs.writeFileSync(home.configFile, JSON.stringify(config), {mode: 0o600})
    expect((await home.run(['renew', 'anthropic:manual', '--by', 'logout', '--yes'])).stderr).toContain(
      'anthropic:manual is in use',
    )
    expect((await home.run(['renew', 'openai:ops@example.com', '--by', 'logout', '--yes'])).stderr).toContain('is in use')
    const ran = await home.run(['renew', 'anthropic:spare', '--by', 'logout', '--yes', '--json'])
    expect([ran.code, ran.stderr, await row('anthropic:spare')]).toEqual([0, '', {}])
  })

  test('a dry run shows the plan, asks for no secret and changes nothing', async () => {
    const before = await everySecret()
    const {code, stdout} = await home.run(['renew', 'anthropic:manual', '--dry-run'])
    expect(code).toBe(0)
    expect(stdout).toContain(
      'paste-token --provider anthropic --profile-id anthropic:manual --expires-in 365d   < the token, from the masked field',
    )
    expect(await everySecret()).toEqual(before)
    expectUnsaid(stdout, before)
    expect((await home.run(['renew', 'anthropic:manual', '--readonly'])).code).toBe(64)
  })

  test.each([
    ['', 'no token was given'],
    ['sk-ant-api03-something', 'this token begins with sk-ant-oat01-'],
    [`${token('Q')} ${token('Q')}`, 'a token has no white space in it'],
  ])('what cannot be the secret runs nothing: %j', async (secret, because) => {
    const ran = await fed(['renew', 'anthropic:manual', '--yes'], secret)
    expect(ran.code).not.toBe(0)
    expect(ran.stderr).toContain(because)
    expect(ran.stderr).not.toContain('something')
    expect(home.journals()).toEqual([])
  })

  test.each([
    [['renew'], 'Unknown profile'],
    [['renew', 'anthropic:manual', '--by', 'magic'], 'Unknown --by magic'],
    [['renew', 'anthropic:manual', '--expires-in', '1y'], 'Unknown --expires-in 1y'],
    [['renew', 'anthropic:none'], 'No such profile: anthropic:none'],
    [['renew', 'anthropic:manual', '--agent', 'lab'], 'No such profile: anthropic:manual of agent lab'],
  ])('wrong usage: %j', async (args, text) => {
    const ran = await home.run(args)
    expect([ran.code, ran.stderr]).toEqual([64, expect.stringContaining(text)])
  })

  test('what renews itself is left alone, and an OAuth login wants a person', async () => {
    expect((await home.run(['renew', 'openai:ops@example.com'])).stderr).toContain('renews itself')
    const lost = await home.run(['renew', 'xai:default', '--yes'])
    expect([lost.code, lost.stderr]).toEqual([
      64,
      expect.stringContaining('its command speaks with a person, and there is no terminal'),
    ])
    expect(home.journals()).toEqual([])
  })

  test('a command that fails, and one that says done and did nothing', async () => {
    const failed = await fed(['renew', 'anthropic:manual', '--yes', '--json'], token('Q'), {STUB_LOGIN: 'fails'})
    expect([failed.code, endEntry(failed.entries)?.changed]).toEqual([1, false])
    expectUnsaid(failed.stdout + written(), [token('Q')])
    const nothing = await fed(['renew', 'anthropic:manual', '--yes', '--json'], token('Q'), {STUB_LOGIN: 'nothing'})
    expect([nothing.code, endEntry(nothing.entries)?.because]).toEqual([
      1,
      'the store holds another secret than the one that was given',
    ])
  })
})

/** As a host that lay idle for a day: the next thing that asks the gateway makes it renew that login. */
const endOpenai = (): void => {
  const db = new DatabaseSync(place().path)
  const sql = "UPDATE config_machine_state SET value_json = json_set(value_json, ?, ?) WHERE state_key = 'authProfiles.store'"
  db.prepare(sql).run('$.profiles."openai:ops@example.com".expires', Date.now() - 3_600_000)
  db.close()
}

describe('a save that may cost another login', () => {
  test('is named in the plan, has a word of its own, and is not run by --yes alone', async () => {
    endOpenai()
    const shown = await home.run(['renew', 'anthropic:manual', '--dry-run', '--json'])
    const {plan} = JSON.parse(shown.stdout)
    expect([plan.confirm, plan.asks.atRisk]).toEqual(['risk', ['openai:ops@example.com']])
    expect(plan.interrupts[0]).toContain('openai:ops@example.com is past its end')
    const refused = await fed(['renew', 'anthropic:manual', '--yes'], token('Q'))
    expect([refused.code, refused.stderr, home.journals()]).toEqual([
      64,
      expect.stringContaining('it may cost another login'),
      [],
    ])
  })

  test('releases before 2026.9.5 renew nothing on the way', async () => {
    endOpenai()
    const ran = await fed(['renew', 'anthropic:manual', '--yes', '--release', '2026.9.4'], token('Q'), {STUB_RELEASE: '2026.9.4'})
    expect(ran.code).toBe(0)
  })
})

test('a runner that is killed while OpenClaw saves leaves nothing in the way', async () => {
  const dies = await fed(['renew', 'anthropic:manual', '--yes', '--json'], token('Q'), {
    GATECRAB_DIE_AFTER: '13',
    STUB_LOGIN: 'waits',
  })
  expect(dies.code).toBe(1)
  const listed = await home.run(['journals'])
  expect(listed.stdout).toMatch(/CUT OFF|running/)
  home.release()
  for (let i = 0; i < 100 && (await row('anthropic:manual'))['token'] !== token('Q'); i += 1)
    await new Promise(resolve => setTimeout(resolve, 50))
  const settled = await home.run(['journals', '--continue'])
  expect(settled.stdout).toContain('does so whole or not at all')
  expect((await fed(['renew', 'anthropic:manual', '--yes'], token('R'))).code).toBe(0)
  expectUnsaid(written(), [token('Q'), token('R')])
})

describe('the two tracks are kept apart', () => {
  const waitFor = async (done: () => boolean): Promise<void> => {
    for (let i = 0; i < 400 && !done(); i += 1) await new Promise(resolve => setTimeout(resolve, 25))
  }

  test('while a login is renewed, the token of the gateway is not touched', async () => {
    const renewing = fed(['renew', 'anthropic:manual', '--yes', '--json'], token('Q'), {STUB_LOGIN: 'waits'})
    await waitFor(() => fs.existsSync(home.log) && fs.readFileSync(home.log, 'utf8').includes('paste-token'))
    const rotated = await home.run(['rotate', '--yes'])
    expect([rotated.code, rotated.stderr]).toEqual([
      3,
      expect.stringContaining("A login at a model provider is being renewed: the gateway's token is not touched meanwhile"),
    ])
    home.release()
    expect((await renewing).code).toBe(0)
  })

  test('while the token is rotated, no login is touched', async () => {
    const rotating = home.run(['rotate', '--yes', '--json'], {STUB_WRITE: 'waits'})
    await waitFor(() => fs.existsSync(`${home.log}.writing`))
    const renewed = await fed(['renew', 'anthropic:manual', '--yes'], token('Q'))
    expect([renewed.code, renewed.stderr]).toEqual([
      3,
      expect.stringContaining('A plan on the gateway itself is under way (rotate): provider logins are not touched meanwhile'),
    ])
    home.release()
    expect((await rotating).code).toBe(0)
  })
})

describe('at a terminal', () => {
  const atTerminal = async (args: readonly string[], answers: readonly (readonly [string, string])[]) => {
    const shown = {text: ''}
    const child = pty.spawn(process.execPath, [bundle, ...args], {
      cwd: home.home,
      env: home.env({TERM: 'xterm'}),
      cols: 200,
      rows: 50,
    })
    const waiting = [...answers]
    child.onData(chunk => {
      shown.text += chunk
      const [next] = waiting
      if (next && shown.text.includes(next[0])) {
        waiting.shift()
        child.write(next[1])
      }
    })
    const code = await new Promise<number>(resolve => child.onExit(({exitCode}) => resolve(exitCode)))
    return {code, text: shown.text}
  }

  test('the secret is typed unseen', async () => {
    const {code, text} = await atTerminal(
      ['renew', 'anthropic:manual'],
      [
        ['Type renew', 'renew\r'],
        ['it is not shown', `\u001b[200~${token('T')}\u001b[201~\r`],
      ],
    )
    expect([code, (await row('anthropic:manual'))['token']]).toEqual([0, token('T')])
    expect(text).toContain('(106)')
    expectUnsaid(text, [token('T')])
  })

  test('a sign-in is lent the terminal and gives it back', async () => {
    const {code, text} = await atTerminal(
      ['renew', 'xai:default'],
      [
        ['Type renew', 'renew\r'],
        ['Press enter once the browser', '\r'],
      ],
    )
    expect(text).toContain('enter the code DEMO-1234')
    expect([code, text.includes('a new login for xai stands in the store')]).toEqual([0, true])
    expect((await row('xai:default'))['type']).toBe('oauth')
    expectUnsaid(text + written(), await everySecret())
  })

  test('Ctrl-C in a sign-in ends that, and nothing is changed', async () => {
    const before = await row('xai:default')
    const {code, text} = await atTerminal(
      ['renew', 'xai:default'],
      [
        ['Type renew', 'renew\r'],
        ['Press enter once the browser', '\u0003'],
      ],
    )
    expect([code, await row('xai:default')]).toEqual([1, before])
    expect(text).toContain('was not finished')
  })
})
