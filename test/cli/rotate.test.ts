import {spawn} from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import pty from '@lydell/node-pty'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {type Entry, endEntry, entriesOf} from '../../src/domain/plans/journal.ts'
import {bundle} from '../e2e/built.ts'
import {type Home, startHome} from '../fixtures/stubs/home.ts'
import {sampleProcesses, writtenIn} from '../fixtures/stubs/leaks.ts'
import {startScripted} from '../fixtures/stubs/scripted.ts'

let home: Home

beforeEach(async () => {
  home = await startHome()
})

afterEach(() => home.end())

const kinds = (entries: readonly Entry[]): string[] => entries.map(({kind}) => kind)
const steps = (entries: readonly Entry[]): string[] => entriesOf(entries, 'step-started').map(({step}) => step)

describe('rotate', () => {
  test('writes a new token, proves it, and leaves no trace of either', async () => {
    const old = home.token()
    const sampling = sampleProcesses()
    const {code, entries, stdout, stderr} = await home.run(['rotate', '--yes', '--json'])
    const {argv, environ} = sampling.stop()
    const fresh = home.token()
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(fresh).toMatch(/^[0-9a-f]{48}$/)
    expect(fresh).not.toBe(old)
    expect(await home.ask(fresh)).toBe(400)
    expect(await home.ask(old)).toBe(401)
    expect(kinds(entries).at(0)).toBe('planned')
    expect(steps(entries)).toEqual([
      'unchanged',
      'command',
      'accepted',
      'back-up',
      'try',
      'write',
      'wait',
      'prove',
      'health',
      'devices',
      'tell',
    ])
    expect(entriesOf(entries, 'proved').map(({what, ok}) => `${what.replace(/\S+…\S+/, 'X')} ${ok}`)).toEqual([
      'X is accepted true',
      'the new token X is accepted true',
      'the old token X is refused true',
      'a random token is refused true',
      'the new token X is accepted true',
      'the command of OpenClaw signs in true',
    ])
    expect(endEntry(entries)).toMatchObject({outcome: 'done', changed: true})
    const traces = [stdout, argv, environ, writtenIn(home.state), fs.readFileSync(home.log, 'utf8')]
    expect(traces.filter(text => text.includes(old) || text.includes(fresh))).toEqual([])
    expect(argv).toContain('run-plan')
  })

  test('asks OpenClaw without a token among its arguments or in its environment', async () => {
    await home.run(['rotate', '--yes'])
    expect(home.calls()).toEqual(
      [
        '--version',
        'config file',
        'config patch --stdin --dry-run',
        'config patch --stdin',
        'gateway health --json',
        'devices list --json',
      ].map(line => ({
        args: line.split(' '),
        stray: [],
      })),
    )
  })

  test('keeps its journal for this user alone', async () => {
    await home.run(['rotate', '--yes'])
    const mode = (...names: string[]) => (fs.statSync(path.join(home.state, ...names)).mode & 0o777).toString(8)
    const [{id = ''} = {}] = home.journals()
    expect([mode(), mode('journals'), mode('backups'), mode('backups', id)]).toEqual(['700', '700', '700', '700'])
    expect([mode('key'), mode('journals', `${id}.ndjson`), mode('backups', id, 'config')]).toEqual(['600', '600', '600'])
    expect(fs.readdirSync(path.join(home.state, 'locks'))).toEqual([])
    expect(fs.readdirSync(path.join(home.state, 'journals'))).toEqual([`${id}.ndjson`])
  })

  test('a dry run shows the plan and changes nothing', async () => {
    const before = fs.readFileSync(home.configFile, 'utf8')
    const {code, stdout} = await home.run(['rotate', '--dry-run'])
    expect(code).toBe(0)
    expect(stdout).toContain('config patch --stdin')
    expect(stdout).not.toContain(home.token())
    expect(fs.readFileSync(home.configFile, 'utf8')).toBe(before)
    expect(home.journals()).toEqual([])
  })

  test('without --yes and without a terminal the plan is printed and nothing is run', async () => {
    const old = home.token()
    const {code, stdout, stderr} = await home.run(['rotate'])
    expect([code, home.token()]).toEqual([64, old])
    expect(stdout).toContain('Replace the gateway token')
    expect(stderr).toContain('--yes')
  })

  test('--readonly shows and refuses', async () => {
    const old = home.token()
    const {code, stdout} = await home.run(['rotate', '--yes', '--readonly'])
    expect([code, home.token()]).toEqual([64, old])
    expect(stdout).toContain('Replace the gateway token')
  })

  test('can be taken back, also by its id, and not twice', async () => {
    const old = home.token()
    await home.run(['rotate', '--yes'])
    const fresh = home.token()
    const [{id = ''} = {}] = home.journals()
    const undone = await home.run(['undo', id, '--yes', '--json'])
    expect([undone.code, home.token()]).toEqual([0, old])
    expect([await home.ask(old), await home.ask(fresh)]).toEqual([400, 401])
    const again = await home.run(['undo', '--yes'])
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('nothing to undo')])
  })

  test('is not taken back where somebody has set another token since', async () => {
    await home.run(['rotate', '--yes'])
    const config = JSON.parse(fs.readFileSync(home.configFile, 'utf8'))
    config.gateway.auth.token = 'f'.repeat(48)
    fs.writeFileSync(home.configFile, JSON.stringify(config))
    const {code, stderr} = await home.run(['undo', '--yes'])
    expect([code, home.token()]).toEqual([1, 'f'.repeat(48)])
    expect(stderr).toContain('somebody has changed it since')
  })

  test('comments are kept: the one string is edited', async () => {
    const old = home.token()
    const text = fs.readFileSync(home.configFile, 'utf8')
    fs.writeFileSync(home.configFile, text.replace('"gateway"', '// ours\n  "gateway"'))
    const {stdout} = await home.run(['rotate', '--dry-run'])
    expect(stdout).toContain('Replace that one string')
    expect(stdout).not.toContain('config patch')
    expect(home.journals()).toEqual([])
    expect(fs.readFileSync(home.configFile, 'utf8')).toContain(old)
  })

  test.each(['file', 'folder'])(
    'a config behind a link (of the %s): the plan says so, the file is written, the link stays',
    async kind => {
      const before = fs.readFileSync(home.configFile)
      const link = kind === 'file' ? home.configFile : home.stateDir
      const real = path.join(home.home, 'dotfiles')
      fs.renameSync(link, real)
      fs.symlinkSync(real, link)
      const file = kind === 'file' ? real : path.join(real, 'openclaw.json')
      const {stdout} = await home.run(['rotate', '--dry-run'])
      expect(stdout).toContain(`${link} is a link: ${file} is written, and the link stays.`)
      expect(stdout).not.toContain('config patch')
      const old = home.token()
      expect((await home.run(['rotate', '--yes'])).code).toBe(0)
      expect([fs.lstatSync(link).isSymbolicLink(), await home.ask(old), await home.ask(home.token())]).toEqual([true, 401, 400])
      expect((await home.run(['undo', '--yes'])).code).toBe(0)
      expect([fs.lstatSync(link).isSymbolicLink(), fs.readFileSync(file).equals(before)]).toEqual([true, true])
    },
  )

  test('verify proves without changing anything', async () => {
    const {code, entries} = await home.run(['verify', '--json'])
    expect(code).toBe(0)
    expect(entriesOf(entries, 'proved').map(({ok}) => ok)).toEqual([true, true, true, true])
    expect(endEntry(entries)).toMatchObject({outcome: 'done', changed: false})
  })

  test('goes on when the terminal that started it is gone', async () => {
    const old = home.token()
    const child = spawn(process.execPath, [bundle, 'rotate', '--yes', '--json'], {
      env: home.env({STUB_WRITE: 'waits'}),
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    })
    await new Promise<void>(resolve => child.stdout?.on('data', chunk => String(chunk).includes('"write"') && resolve()))
    process.kill(-(child.pid ?? 0), 'SIGHUP')
    await new Promise(resolve => child.once('exit', resolve))
    home.release()
    await expect.poll(() => endEntry(home.journals()[0]?.entries ?? [])?.outcome, {timeout: 20_000}).toBe('done')
    expect(home.token()).not.toBe(old)
    expect(await home.ask(home.token())).toBe(400)
  })

  test('one plan at a time', async () => {
    const first = home.run(['rotate', '--yes', '--json'], {STUB_WRITE: 'waits'})
    await expect.poll(() => steps(home.journals()[0]?.entries ?? []).includes('write'), {timeout: 20_000}).toBe(true)
    const second = await home.run(['rotate', '--yes'])
    expect([second.code, second.stderr]).toEqual([3, expect.stringContaining('Another plan is running')])
    home.release()
    expect((await first).code).toBe(0)
  })

  test('asks for the word at a terminal, and runs nothing for another', async () => {
    const old = home.token()
    const atTerminal = (typed: string): Promise<{code: number; screen: string}> =>
      new Promise(resolve => {
        const terminal = pty.spawn(process.execPath, [bundle, 'rotate'], {cols: 120, rows: 50, cwd: home.home, env: home.env()})
        let screen = ''
        terminal.onData(data => {
          const asks = /Type rotate/.test(screen)
          screen += data
          if (!asks && /Type rotate/.test(screen)) terminal.write(typed)
        })
        terminal.onExit(({exitCode}) => resolve({code: exitCode, screen}))
      })
    expect(await atTerminal('yes\r')).toMatchObject({code: 0, screen: expect.stringContaining('Nothing was run')})
    expect(await atTerminal('\u0003')).toMatchObject({screen: expect.stringContaining('Nothing was run')})
    expect([home.token(), home.journals()]).toEqual([old, []])
    expect(await atTerminal('rotate\r')).toMatchObject({code: 0, screen: expect.stringContaining('Done.')})
    expect(home.token()).not.toBe(old)
  })

  test('verify that finds nobody says so, and that it could not be found out', async () => {
    await home.stopGateway()
    const {code, entries} = await home.run(['verify', '--json'])
    expect(code).toBe(3)
    expect(endEntry(entries)).toMatchObject({
      outcome: 'failed',
      unknown: true,
      because: expect.stringContaining('nothing listens'),
    })
  })

  test('verify finds a token that the gateway does not take', async () => {
    const fake = await startScripted(home.configFile, {follows: 'pinned'})
    const config = fs.readFileSync(home.configFile, 'utf8').replace(home.token(), 'e'.repeat(48))
    fs.writeFileSync(home.configFile, config)
    const {code, entries} = await home.run(['verify', '--json', '--url', `ws://127.0.0.1:${fake.port}`])
    expect([code, endEntry(entries)?.because]).toEqual([1, 'the token eeee…eeee is refused'])
    await fake.end()
  })
})
