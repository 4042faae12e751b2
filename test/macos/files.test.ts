import {spawn} from 'node:child_process'
import {once} from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import {beforeAll, expect, onTestFinished, test} from 'vitest'
import {makePlaces, statePlaces} from '../../src/sources/plans/journals-folder.ts'
import {acquireLock, isLock} from '../../src/sources/plans/lock.ts'
import {readHostEnv} from '../../src/sources/service/host-env.ts'
import {gatecrab, jsonLines} from '../cli/gatecrab.ts'
import {built, bundle} from '../e2e/built.ts'
import {captured} from '../stories/captures.ts'
import {onMac} from './proof.ts'

beforeAll(built)

const log = (): string => fs.readFileSync(captured('2026.9.6', 'password.jsonl'), 'utf8')

const scratchIn = (folder: string): string => {
  const made = fs.mkdtempSync(path.join(folder, 'gatecrab-mac-'))
  onTestFinished(() => fs.rmSync(made, {recursive: true, force: true}))
  return made
}

onMac('files', () => {
  test('/tmp and /private/tmp are one log, read once', async () => {
    const file = path.join(scratchIn('/tmp'), 'gateway.log')
    fs.writeFileSync(file, log())
    const attempts = async (...named: string[]): Promise<unknown[]> =>
      jsonLines((await gatecrab(['connections', '--json', ...named.flatMap(one => ['--log', one])])).stdout)
    const once = await attempts(file)
    expect(once.length).toBeGreaterThan(0)
    expect((await attempts(file, `/private${file}`)).length).toBe(once.length)
  })

  test('the same folder in other letters is one lock, where the disk takes them for the same', () => {
    const folder = scratchIn(process.env['TMPDIR'] ?? '/tmp')
    const upper = path.join(path.dirname(folder), path.basename(folder).toUpperCase())
    if (!fs.existsSync(upper)) return
    const placesIn = (root: string) => {
      const places = statePlaces({...readHostEnv(), env: {GATECRAB_STATE_DIR: root}})
      makePlaces(places)
      return places
    }
    expect(isLock(acquireLock(placesIn(folder), 'gateway', {id: 'a', fix: 'rotate'}))).toBe(true)
    expect(isLock(acquireLock(placesIn(upper), 'gateway', {id: 'b', fix: 'rotate'}))).toBe(false)
  })

  test('a line through a descriptor that is held open is told within 1.5 s', async () => {
    const folder = path.join(scratchIn('/tmp'), 'openclaw')
    const file = path.join(folder, 'gateway.log')
    const lines = log().split('\n').filter(Boolean)
    fs.mkdirSync(folder)
    fs.writeFileSync(file, '')
    const child = spawn(process.execPath, [bundle, 'connections', '--follow', '--json', '--since', '3650d', '--log', file], {
      env: {HOME: folder, PATH: '/usr/bin:/bin', TZ: 'UTC'},
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const told = async (write: () => void): Promise<number> => {
      const began = performance.now()
      write()
      await once(child.stdout, 'data')
      return performance.now() - began
    }
    await once(child, 'spawn')
    const held = fs.openSync(file, 'a')
    // The first is told as soon as the program has started, however long that took.
    await told(() => fs.writeSync(held, `${lines.join('\n')}\n`))
    const renamed = lines.map(line => line.replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}/g, id => id.split('').reverse().join('')))
    expect(await told(() => fs.writeSync(held, `${renamed.join('\n')}\n`))).toBeLessThan(1500)
    fs.closeSync(held)
  })
})
