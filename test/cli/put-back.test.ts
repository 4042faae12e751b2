import fs from 'node:fs'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {endEntry, entriesOf} from '../../src/domain/plans/journal.ts'
import {type Home, startHome} from '../fixtures/stubs/home.ts'
import {sampleProcesses, writtenIn} from '../fixtures/stubs/leaks.ts'

let home: Home

beforeEach(async () => {
  home = await startHome()
})

afterEach(() => home.end())

type Config = {gateway: {auth?: {token?: string}}}

const edit = (change: (config: Config) => void): void => {
  const config = JSON.parse(fs.readFileSync(home.configFile, 'utf8')) as Config
  change(config)
  fs.writeFileSync(`${home.configFile}.new`, JSON.stringify(config), {mode: 0o600})
  fs.renameSync(`${home.configFile}.new`, home.configFile)
}

const backUp = (name: string, token = home.token()): string => {
  const file = `${home.configFile}${name}`
  fs.writeFileSync(file, JSON.stringify({gateway: {auth: {mode: 'token', token}}}), {mode: 0o600})
  return file
}

const replacedBy = async (token: string): Promise<void> => {
  edit(config => {
    config.gateway.auth = {...config.gateway.auth, token}
  })
  await expect.poll(() => home.ask(token)).toBe(400)
}

const vanished = async (): Promise<string> => {
  const old = home.token()
  edit(config => {
    delete config.gateway.auth
  })
  await expect.poll(() => home.ask(old)).toBe(401)
  return old
}

const other = 'e'.repeat(48)

describe('put-back, where gateway.auth vanished', () => {
  test('writes the token of the backup, proves it, and leaves no trace of it', async () => {
    backUp('.bak')
    const old = await vanished()
    const sampling = sampleProcesses()
    const {code, entries, stdout, stderr} = await home.run(['put-back', '--yes', '--json'])
    const {argv, environ} = sampling.stop()
    expect([code, stderr, home.token(), await home.ask(old)]).toEqual([0, '', old, 400])
    expect(entriesOf(entries, 'proved').map(({what, ok}) => `${what.replace(/\S+…\S+/, 'X')} ${ok}`)).toEqual([
      'the token of before X is accepted true',
      'a random token is refused true',
      'the token of before X is accepted true',
      'the command of OpenClaw signs in true',
    ])
    expect(JSON.parse(fs.readFileSync(home.configFile, 'utf8')).gateway.auth).toEqual({mode: 'token', token: old})
    expect([stdout, argv, environ, writtenIn(home.state)].filter(text => text.includes(old))).toEqual([])
  })

  test('is offered before a new token, by the plan of a rotation', async () => {
    const file = backUp('.bak')
    await vanished()
    const rotation = await home.run(['rotate', '--dry-run'])
    expect(rotation.stdout.replace(/\s+/g, ' ')).toContain(`${file} holds the token of before`)
    expect(rotation.stdout).toContain('gatecrab put-back')
  })

  test('takes the newest backup that no rotation replaced, and says what else there is', async () => {
    const leaked = home.token()
    expect((await home.run(['rotate', '--yes'])).code).toBe(0)
    const current = home.token()
    const good = backUp('.last-good', current)
    fs.utimesSync(good, new Date(0), new Date(0))
    await vanished()
    const {stdout} = await home.run(['put-back', '--dry-run'])
    expect(stdout).toContain(`Put back the token of ${good}`)
    expect(stdout.replace(/\s+/g, ' ')).toContain('Other backups hold other tokens')
    const named = await home.run(['put-back', 'openclaw.json.bak', '--dry-run'])
    expect(named.stdout.replace(/\s+/g, ' ')).toMatch(
      /rotate-?\S* replaced this token: whoever that was to lock out gets in again/,
    )
    expect((await home.run(['put-back', '--yes'])).code).toBe(0)
    expect([home.token(), await home.ask(leaked)]).toEqual([current, 401])
  })

  test('has nothing to take out again: without a token nobody could sign in', async () => {
    backUp('.bak')
    await vanished()
    expect((await home.run(['put-back', '--yes'])).code).toBe(0)
    const {code, stderr} = await home.run(['undo', '--yes'])
    expect([code, stderr]).toEqual([1, expect.stringContaining('the gateway had no token')])
  })
})

describe('put-back, where the token was replaced by accident', () => {
  test('brings the older one back and shuts the newer one out; undo turns that round', async () => {
    const old = home.token()
    backUp('.bak')
    await replacedBy(other)
    const {code, stderr, entries} = await home.run(['put-back', '--yes', '--json'])
    expect([code, stderr, home.token()]).toEqual([0, '', old])
    expect([await home.ask(old), await home.ask(other)]).toEqual([400, 401])
    expect(endEntry(entries)).toMatchObject({outcome: 'done', changed: true})
    expect((await home.run(['undo', '--yes'])).code).toBe(0)
    expect([home.token(), await home.ask(other), await home.ask(old)]).toEqual([other, 400, 401])
  })

  test('a mark that a command wrote back in place of the token is replaced as well', async () => {
    const old = home.token()
    backUp('.bak')
    await replacedBy('__OPENCLAW_REDACTED__')
    expect((await home.run(['put-back', '--yes'])).code).toBe(0)
    expect([home.token(), await home.ask(old)]).toEqual([old, 400])
  })

  test('a backup of gatecrab serves where OpenClaw keeps none', async () => {
    const old = home.token()
    expect((await home.run(['rotate', '--yes'])).code).toBe(0)
    fs.rmSync(`${home.configFile}.bak`)
    const {stdout} = await home.run(['put-back', '--dry-run'])
    expect(stdout).toContain(`Put back the token of ${path.join(home.state, 'backups')}`)
    expect((await home.run(['put-back', '--yes'])).code).toBe(0)
    expect([home.token(), await home.ask(old)]).toEqual([old, 400])
  })
})

describe('put-back is refused', () => {
  test('where no backup holds another token, and rotate is named', async () => {
    const {code, stderr} = await home.run(['put-back', '--yes'])
    expect([code, stderr]).toEqual([1, expect.stringContaining('gatecrab rotate')])
  })

  test('for a file that is no config with a token: wrong usage, and the files that are', async () => {
    const file = backUp('.bak', other)
    const {code, stderr} = await home.run(['put-back', path.join(home.home, 'nowhere.json'), '--yes'])
    expect([code, stderr]).toEqual([64, expect.stringContaining(file)])
  })

  test('while a placeholder is all that the backup has', async () => {
    backUp('.bak', 'changeme')
    expect((await home.run(['put-back', '--dry-run'])).stderr).toContain('No backup holds a token')
  })
})
