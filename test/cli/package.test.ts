import {execFileSync, spawnSync} from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {beforeAll, describe, expect, onTestFinished, test} from 'vitest'
import {built} from '../e2e/built.ts'

const root = path.join(import.meta.dirname, '../..')

type Packed = {filename: string; unpackedSize: number; files: {path: string}[]}

const npm = (args: readonly string[], cwd = root): string =>
  execFileSync('npm', [...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {...process.env, npm_config_offline: 'true'},
  })

const scratch = (): string => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-package-'))
  onTestFinished(() => fs.rmSync(folder, {recursive: true, force: true}))
  return folder
}

beforeAll(built)

describe('the package', () => {
  test('is one package of less than 3 MB, which brings no other and has the licences of what it holds', () => {
    const [packed] = JSON.parse(npm(['pack', '--dry-run', '--json', '--ignore-scripts'])) as Packed[]
    expect(packed?.unpackedSize).toBeLessThan(3_000_000)
    const files = packed?.files.map(file => file.path)
    expect(files).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'bin/gatecrab.js', 'dist/gatecrab.js', 'dist/THIRD-PARTY.txt']),
    )
    expect(files?.filter(file => /^(?:src|test)\/|\.map$|isolate/.test(file))).toEqual([])
    const described = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as Record<string, unknown>
    expect(described['dependencies']).toBeUndefined()
    // npm warns of each of these whoever installs the tarball.
    for (const script of ['preinstall', 'install', 'postinstall', 'prepare'])
      expect(described['scripts']).not.toHaveProperty(script)
    const notices = fs.readFileSync(path.join(root, 'dist/THIRD-PARTY.txt'), 'utf8')
    for (const name of ['execa', 'ink', 'json5', 'prom-client', 'react', 'string-width', 'tail', 'ws', 'zod', 'yoga-layout'])
      expect(notices).toMatch(new RegExp(`^${name} \\d[\\d.]* \\((?:MIT|ISC|Apache-2\\.0)\\)\\n\\n`, 'm'))
  })

  test('is ASCII, so that V8 keeps its text at a byte each', () => {
    for (const name of ['gatecrab.js', 'reading-thread.js'])
      expect(fs.readFileSync(path.join(root, 'dist', name)).every(byte => byte < 0x80)).toBe(true)
  })

  test('installed into an empty prefix, it runs, and says in one sentence what is wrong on an old Node', () => {
    const folder = scratch()
    const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder])) as Packed[]
    const tarball = path.join(folder, packed?.filename ?? '')
    const installing = spawnSync('npm', ['install', '--global', '--prefix', folder, tarball], {
      cwd: folder,
      encoding: 'utf8',
      // npm runs on the Node that it finds first, and warns where the package needs a newer one.
      env: {...process.env, PATH: `${path.dirname(process.execPath)}:${process.env['PATH']}`, npm_config_offline: 'true'},
    })
    expect([installing.status, installing.stderr]).toEqual([0, ''])
    const program = path.join(folder, 'bin/gatecrab')
    const env = {PATH: process.env['PATH'], HOME: folder}
    expect(fs.readdirSync(path.join(folder, 'lib/node_modules'))).toEqual(['gatecrab'])
    expect(fs.existsSync(path.join(folder, 'lib/node_modules/gatecrab/node_modules'))).toBe(false)
    expect(fs.readFileSync(path.join(folder, 'share/man/man1/gatecrab.1'), 'utf8')).toMatch(/^\.TH GATECRAB 1 /)
    expect(execFileSync(process.execPath, [program, '--version'], {env, encoding: 'utf8'})).toMatch(/^\d+\.\d+\.\d+\n$/)
    const log = path.join(root, 'test/fixtures/logs/2026.9.6/default-level.jsonl')
    const run = ['connections', '--log', log, '--by', 'client', '--json', '--now', '2026-11-21T10:20:00Z']
    expect(execFileSync(process.execPath, [program, ...run], {env, encoding: 'utf8'}).split('\n').length).toBeGreaterThan(5)
    const old = `Object.defineProperty(process, 'versions', {value: {...process.versions, node: '20.11.0'}}); Object.defineProperty(process, 'version', {value: 'v20.11.0'})`
    const preload = `data:text/javascript,${encodeURIComponent(old)}`
    expect(() =>
      execFileSync(process.execPath, ['--import', preload, program, 'check'], {env, encoding: 'utf8', stdio: 'pipe'}),
    ).toThrow(/gatecrab needs Node 22\.19 or newer; this is v20\.11\.0\. .*Node 24/)
  })
})
