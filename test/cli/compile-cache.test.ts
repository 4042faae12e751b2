import {spawnSync} from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {beforeEach, describe, expect, it, onTestFinished} from 'vitest'

const launcher = fileURLToPath(new URL('../../bin/gatecrab.js', import.meta.url))
const isRoot = process.getuid?.() === 0
const untrusted = 54_321

let home = ''
let tmp = ''

const folderOfOwn = (): string => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-cache-'))
  onTestFinished(() => fs.rmSync(folder, {recursive: true, force: true}))
  return folder
}

/** Node says on standard error which byte code it reads and keeps, and where. */
const start = (env: NodeJS.ProcessEnv = {}): {code: number | null; cache: string[]} => {
  const {status, stdout, stderr} = spawnSync(process.execPath, [launcher, 'explain', '1008'], {
    cwd: home,
    encoding: 'utf8',
    env: {PATH: process.env['PATH'], HOME: home, TMPDIR: tmp, NODE_DEBUG_NATIVE: 'COMPILE_CACHE', ...env},
  })
  const text = `${stdout}\n${stderr}`.split('\n')
  return {code: status, cache: text.filter(line => line.startsWith('[compile cache] resolved path'))}
}

const cacheIn = (folder: string): string[] => (fs.existsSync(folder) ? fs.readdirSync(folder) : [])
const modeOf = (folder: string): number => fs.lstatSync(folder).mode & 0o777

/** A cache that somebody has filled before: what is in it would be run. */
const planted = (mode = 0o700): string => {
  const folder = path.join(home, '.cache/gatecrab')
  fs.mkdirSync(folder, {recursive: true, mode: 0o700})
  fs.chmodSync(folder, mode)
  return folder
}

beforeEach(() => {
  home = folderOfOwn()
  tmp = folderOfOwn()
})

describe('the compile cache', () => {
  it('lies in a folder of this account alone, and nothing lies in the temporary folder', () => {
    expect(start()).toMatchObject({code: 0, cache: [expect.stringContaining(path.join(home, '.cache/gatecrab'))]})
    expect(modeOf(path.join(home, '.cache/gatecrab'))).toBe(0o700)
    expect(cacheIn(path.join(home, '.cache/gatecrab'))).toHaveLength(1)
    expect(cacheIn(tmp)).toEqual([])
  })

  it('lies in XDG_CACHE_HOME where that is absolute', () => {
    const named = folderOfOwn()
    expect(start({XDG_CACHE_HOME: named}).cache).toEqual([expect.stringContaining(path.join(named, 'gatecrab'))])
    expect(cacheIn(path.join(home, '.cache'))).toEqual([])
  })

  it('ignores a relative XDG_CACHE_HOME, as the XDG rules say', () => {
    expect(start({XDG_CACHE_HOME: 'here'}).cache).toEqual([expect.stringContaining(path.join(home, '.cache/gatecrab'))])
    expect(cacheIn(path.join(home, 'here'))).toEqual([])
  })

  it('is not used when others can write into it', () => {
    const folder = planted(0o777)
    expect(start()).toEqual({code: 0, cache: []})
    expect(cacheIn(folder)).toEqual([])
    expect(modeOf(folder)).toBe(0o777)
  })

  it('is not used when others can write into a folder above it', () => {
    planted()
    fs.chmodSync(path.join(home, '.cache'), 0o777)
    expect(start()).toEqual({code: 0, cache: []})
  })

  it.each(['.cache/gatecrab', '.cache'])('is not used when %s is a symlink', name => {
    const elsewhere = folderOfOwn()
    fs.mkdirSync(path.dirname(path.join(home, name)), {recursive: true, mode: 0o700})
    // Root may link /home elsewhere; this test's links must be someone else's.
    fs.symlinkSync(elsewhere, path.join(home, name))
    if (isRoot) fs.lchownSync(path.join(home, name), untrusted, untrusted)
    expect(start()).toEqual({code: 0, cache: []})
    expect(cacheIn(elsewhere)).toEqual([])
  })

  it.skipIf(!isRoot)('is not used when the folder belongs to another account (needs root)', () => {
    const folder = planted()
    fs.chownSync(folder, untrusted, untrusted)
    expect(start()).toEqual({code: 0, cache: []})
    expect(cacheIn(folder)).toEqual([])
  })

  it.skipIf(!isRoot)('is not made in the home of another account, as sudo may leave it (needs root)', () => {
    fs.chownSync(home, untrusted, untrusted)
    expect(start()).toEqual({code: 0, cache: []})
    expect(cacheIn(home)).toEqual([])
  })

  it('is not made for a home that does not exist', () => {
    expect(start({HOME: path.join(home, 'missing')})).toEqual({code: 0, cache: []})
    expect(cacheIn(home)).toEqual([])
  })

  it('leaves NODE_COMPILE_CACHE and NODE_DISABLE_COMPILE_CACHE to Node', () => {
    const named = folderOfOwn()
    expect(start({NODE_COMPILE_CACHE: named}).cache).toEqual([expect.stringContaining(named)])
    expect(start({NODE_DISABLE_COMPILE_CACHE: '1'}).cache).toEqual([])
    expect(cacheIn(path.join(home, '.cache'))).toEqual([])
  })
})
