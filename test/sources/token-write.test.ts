import {spawn} from 'node:child_process'
import {once} from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest'
import {Secret} from '../../src/domain/secret.ts'
import type {TokenCopy} from '../../src/domain/token/copy.ts'
import {type WriteResult, writeCopy} from '../../src/sources/token/write.ts'
import {configText, copyIn, gaveAway, type Home, newHome, readings, tokens} from './token-home.ts'

let home: Home
beforeEach(() => {
  home = newHome()
})
afterEach(() => {
  vi.restoreAllMocks()
  home.remove()
})

const {now, old, fresh} = tokens
const name = 'OPENCLAW_GATEWAY_TOKEN'
const file = '.openclaw/openclaw.json'
const write = (copy: TokenCopy): Promise<WriteResult> => writeCopy(copy, new Secret(fresh))

const configCopy = async (): Promise<TokenCopy> => copyIn(await home.copies(), 'config')

const because = (result: WriteResult): string | undefined => (result.ok ? 'it was written' : result.problem.because)

/** Nothing has changed, and nothing was left behind. */
const expectUntouched = (text: string, result: WriteResult): void => {
  expect(result.ok).toBe(false)
  expect(home.read(file)).toBe(text)
  expect(fs.readdirSync(home.state)).toEqual(['openclaw.json'])
  expect(gaveAway(JSON.stringify(result))).toEqual([])
}

describe('what is written', () => {
  const json5 = `// the gateway
{
  // do not touch
  gateway: {auth: {mode: 'token', token: '${now}',},}, /* ${now} */
  "meta": {"lastTouchedVersion": "2026.9.6"},
}
`

  test('the token, and not a byte more', async () => {
    home.write(file, json5)
    const result = await write(await configCopy())
    expect(result).toMatchObject({ok: true, file: home.config})
    expect(home.read(file)).toBe(json5.replace(now, fresh))
    expect(readings(await home.copies(), 'config')).toEqual(['openclaw.json gateway.auth.token literal fresh'])
  })

  test('mode and owner are kept, and no other file is left', async () => {
    home.write(file, json5, 0o700)
    // The gateway's account is that of its state folder.
    if (process.getuid?.() === 0) for (const one of [home.state, home.config]) fs.chownSync(one, 12345, 23456)
    const before = fs.statSync(home.config)
    await write(await configCopy())
    const after = fs.statSync(home.config)
    expect([after.mode, after.uid, after.gid]).toEqual([before.mode, before.uid, before.gid])
    expect(after.ino).not.toBe(before.ino)
    expect(fs.readdirSync(home.state)).toEqual(['openclaw.json'])
  })

  test('what a link leads to; the link stays', async () => {
    const real = home.write('dotfiles/gw.json5', json5)
    fs.symlinkSync(real, home.config)
    await write(await configCopy())
    expect(fs.lstatSync(home.config).isSymbolicLink()).toBe(true)
    expect(home.read('dotfiles/gw.json5')).toBe(json5.replace(now, fresh))
    expect(fs.readdirSync(path.dirname(real))).toEqual(['gw.json5'])
  })

  test('the file that a section is included from, not the one that includes it', async () => {
    home.write(file, '{gateway: {$include: "gw.json5"}}')
    home.write('.openclaw/gw.json5', `{auth: {token: '${now}'}} // mine\n`)
    await write(copyIn(await home.copies(), 'include'))
    expect(home.read('.openclaw/gw.json5')).toBe(`{auth: {token: '${fresh}'}} // mine\n`)
    expect(home.read(file)).toBe('{gateway: {$include: "gw.json5"}}')
  })

  test('gateway.remote.token and env.vars', async () => {
    const text = `{gateway:{remote:{token:"${now}"}},env:{vars:{${name}:'${old}'}}}`
    home.write(file, text)
    await write(copyIn(await home.copies(), 'remote-config'))
    await write(copyIn(await home.copies(), 'config-env'))
    expect(home.read(file)).toBe(text.replace(now, fresh).replace(old, fresh))
  })

  test.each([
    ['.openclaw/.env', 'dotenv', `# mine\nA=1\n${name}="${now}" # here\n`],
    ['.config/openclaw/gateway.env', 'dotenv-fallback', `${name}=${now}\r\nB=2\r\n`],
  ] as const)('%s', async (where, place, text) => {
    home.write(where, text)
    await write(copyIn(await home.copies(), place))
    expect(home.read(where)).toBe(text.replace(now, fresh))
  })

  test('of two lines the one that counts', async () => {
    home.write('.openclaw/.env', `${name}=${old}\n${name}=${now}\n`)
    await write(copyIn(await home.copies(), 'dotenv'))
    expect(home.read('.openclaw/.env')).toBe(`${name}=${old}\n${name}=${fresh}\n`)
  })

  test('not into a file that has become readable by others, or another account, since it was looked at', async () => {
    const file = home.write('.openclaw/.env', `${name}=${now}\n`)
    const copy = copyIn(await home.copies(), 'dotenv')
    fs.chmodSync(file, 0o640)
    expect(await writeCopy(copy, new Secret(fresh))).toMatchObject({
      ok: false,
      problem: {because: expect.stringContaining('mode 0640'), tryThis: expect.stringContaining('chmod 600')},
    })
    fs.chmodSync(file, 0o600)
    if (copy.spot === undefined) throw new Error('no spot')
    const trusted = (copy.spot.trusted ?? []).map(uid => uid + 1)
    if (process.getuid?.() !== 0)
      expect(await writeCopy({...copy, spot: {...copy.spot, trusted}}, new Secret(fresh))).toMatchObject({ok: false})
    expect(home.read('.openclaw/.env')).toBe(`${name}=${now}\n`)
  })

  test('.env of a compose folder, and what a launchd wrapper sources', async () => {
    home.write('gw/compose.yaml', 'services:\n  gw:\n    image: openclaw\n')
    home.write('gw/.env', `${name}=${now}\n`)
    await write(copyIn(await home.copies({compose: [path.join(home.folder, 'gw')]}), 'compose'))
    expect(home.read('gw/.env')).toBe(`${name}=${fresh}\n`)
    const env = '.openclaw/service-env/ai.openclaw.gateway.env'
    home.write(env, `# Generated by OpenClaw.\nexport HOME='/x'\nexport ${name}='${now}'\n`)
    await write(copyIn(await home.copies({hostEnv: home.hostEnv({platform: 'darwin'})}), 'service-env'))
    expect(home.read(env)).toBe(`# Generated by OpenClaw.\nexport HOME='/x'\nexport ${name}='${fresh}'\n`)
  })

  test('a systemd environment file', async () => {
    home.write('.config/systemd/user/openclaw-gateway.service', `[Service]\nEnvironmentFile=${home.folder}/gw.env\n`)
    home.write('gw.env', `${name}="${now}"\nB=2\n`)
    await write(copyIn(await home.copies(), 'systemd-env-file'))
    expect(home.read('gw.env')).toBe(`${name}="${fresh}"\nB=2\n`)
  })

  test('a folder that cannot be synced is no failure: the file is replaced by then', async () => {
    home.write(file, json5)
    const sync = fs.fsyncSync
    vi.spyOn(fs, 'fsyncSync').mockImplementation(fd => {
      if (fs.fstatSync(fd).isDirectory()) throw Object.assign(new Error('EINVAL'), {code: 'EINVAL'})
      sync(fd)
    })
    expect((await write(await configCopy())).ok).toBe(true)
    expect(home.read(file)).toBe(json5.replace(now, fresh))
  })

  test('what was written can be written again by what the result says', async () => {
    home.write(file, json5)
    const copy = await configCopy()
    const result = await write(copy)
    if (!result.ok || !copy.spot) throw new Error('it was refused')
    const back = await writeCopy({...copy, spot: {...copy.spot, digest: result.digest}}, new Secret(now))
    expect(back.ok).toBe(true)
    expect(home.read(file)).toBe(json5)
  })
})

describe('killed at any moment', () => {
  const writing = `
    import {readCopies} from '${path.resolve(import.meta.dirname, '../../src/sources/token/places.ts')}'
    import {writeCopy} from '${path.resolve(import.meta.dirname, '../../src/sources/token/write.ts')}'
    import {Secret} from '${path.resolve(import.meta.dirname, '../../src/domain/secret.ts')}'
    const hostEnv = {platform: 'linux', home: process.env.HOME, tmp: '/tmp', uid: null, env: {PATH: ''}}
    const overrides = {stateDir: null, configFile: null, profile: null}
    for (let n = 0; ; n += 1) {
      const {copies} = await readCopies({overrides, hostEnv, release: null, pid: null})
      await writeCopy(copies.find(({place}) => place === 'config'), new Secret(n % 2 === 0 ? '${fresh}' : '${old}'))
      if (n === 0) process.stdout.write('.')
    }`

  test('the file is whole, old or new, and the next writer clears what was left', async () => {
    const text = configText(now)
    home.write(file, text)
    const whole = [text, configText(fresh), configText(old)]
    for (let round = 0; round < 6; round += 1) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', writing], {
        env: {HOME: home.folder},
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      await once(child.stdout, 'data')
      child.kill('SIGKILL')
      await once(child, 'close')
      expect(whole).toContain(home.read(file))
    }
    home.write('.openclaw/.openclaw.json.4194305-0123abcd.gatecrab', 'left')
    home.write('.openclaw/.openclaw.json.mine', 'not ours')
    expect((await write(await configCopy())).ok).toBe(true)
    expect(fs.readdirSync(home.state).toSorted()).toEqual(['.openclaw.json.mine', 'openclaw.json'])
  })
})

describe('what is refused, with nothing changed', () => {
  const text = configText(now)

  test('somebody changed the file since', async () => {
    home.write(file, text)
    const copy = await configCopy()
    const theirs = configText(old)
    home.write(file, theirs)
    const result = await write(copy)
    expectUntouched(theirs, result)
    expect(because(result)).toBe('somebody changed it since it was read')
  })

  test('somebody changes it between our look and our rename', async () => {
    home.write(file, text)
    const copy = await configCopy()
    const theirs = configText(old)
    const sync = fs.fsyncSync
    vi.spyOn(fs, 'fsyncSync').mockImplementationOnce(fd => {
      sync(fd)
      fs.writeFileSync(home.config, theirs)
    })
    const result = await write(copy)
    expectUntouched(theirs, result)
    expect(because(result)).toBe('somebody changed it since it was read')
  })

  test.each([
    ['fsyncSync', 'ENOSPC', 'the disk is full'],
    ['writeFileSync', 'ENOSPC', 'the disk is full'],
    ['writeFileSync', 'EDQUOT', 'the quota of this user is used up'],
    ['openSync', 'EACCES', 'this user may not write there'],
    ['openSync', 'EROFS', 'the file system is read-only'],
    ['fchmodSync', 'EPERM', 'this user may not write there, or the file is locked against changes'],
    ['renameSync', 'EBUSY', 'the file is mounted by itself, as into a container, and cannot be replaced'],
    ['renameSync', 'EIO', 'the disk failed'],
  ] as const)('%s says %s', async (call, code, sentence) => {
    home.write(file, text)
    const copy = await configCopy()
    vi.spyOn(fs, call).mockImplementationOnce(() => {
      throw Object.assign(new Error(`${code}: it failed`), {code})
    })
    const result = await write(copy)
    vi.restoreAllMocks()
    expectUntouched(text, result)
    expect(because(result)).toBe(sentence)
  })

  test.runIf(process.getuid?.() !== 0)('a folder that may not be written to', async () => {
    home.write(file, text)
    const copy = await configCopy()
    fs.chmodSync(home.state, 0o500)
    const result = await write(copy)
    fs.chmodSync(home.state, 0o700)
    expectUntouched(text, result)
  })

  test('the file is gone', async () => {
    home.write(file, text)
    const copy = await configCopy()
    fs.rmSync(home.config)
    expect(because(await write(copy))).toBe('the file is gone')
    expect(fs.readdirSync(home.state)).toEqual([])
  })

  test('it is not UTF-8', async () => {
    home.write(file, text)
    fs.appendFileSync(home.config, Buffer.from([0x2f, 0x2f, 0xff, 0xfe]))
    const before = fs.readFileSync(home.config)
    expect(because(await write(await configCopy()))).toBe('it is not UTF-8')
    expect(fs.readFileSync(home.config).equals(before)).toBe(true)
  })

  test('a reference, a backup, a unit: each says what to do instead', async () => {
    home.write(file, configText(`$${'{'}GW}`))
    home.write(`${file}.bak`, configText(old))
    home.write('.config/systemd/user/openclaw-gateway.service', `[Service]\nEnvironment=${name}=${now}\n`)
    const read = await home.copies()
    for (const place of ['config', 'backup', 'systemd-unit'] as const) {
      const result = await write(copyIn(read, place))
      expect(result).toMatchObject({ok: false, problem: {title: expect.stringMatching(/not for gatecrab to write$/)}})
      if (!result.ok) expect(result.problem.tryThis?.length).toBeGreaterThan(10)
    }
    expect(home.read(`${file}.bak`)).toBe(configText(old))
  })
})
