import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest'
import {isRefusal, planOf} from '../../src/domain/plans/make-plan.ts'
import type {Plan} from '../../src/domain/plans/plan.ts'
import {writePrivate} from '../../src/sources/plans/backup-files.ts'
import {openHasher} from '../../src/sources/plans/digest.ts'
import {openJournal} from '../../src/sources/plans/journals.ts'
import {journalFile, makePlaces, type StatePlaces, statePlaces} from '../../src/sources/plans/journals-folder.ts'
import {type StartedPlan, startPlan} from '../../src/sources/plans/runner-start.ts'
import {sweepState} from '../../src/sources/plans/state-sweep.ts'
import {processIdentityOf} from '../../src/sources/process-start.ts'
import {factsFor} from '../fixtures/stubs/facts.ts'

let root: string
let places: StatePlaces

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-start-'))
  places = statePlaces({platform: 'linux', home: root, tmp: root, uid: 1, env: {}})
  makePlaces(places)
})

afterEach(() => {
  vi.restoreAllMocks()
  fs.rmSync(root, {recursive: true, force: true})
})

const id = '2026-11-30T12-00-00.999Z-rotate'

const plan = (): Plan => {
  const made = planOf('rotate', {...factsFor('2026.9.6'), id, backups: path.join(places.backups, id)})
  if (isRefusal(made)) throw new Error(made.refused.title)
  return made
}

const start = async (script: string): Promise<StartedPlan> => {
  const started = await startPlan(plan(), places, {}, [process.execPath, '-e', script])
  if ('from' in started) throw new Error(started.title)
  return started
}

describe('starting a plan', () => {
  test('two plans made in the same millisecond get ids and backups of their own', async () => {
    const all = await Promise.all([start('setTimeout(() => {}, 300)'), start('setTimeout(() => {}, 300)')])
    const ids = all.map(one => one.plan.id).toSorted()
    expect(ids).toEqual([id, '2026-11-30T12-00-01.000Z-rotate'])
    for (const one of all) {
      expect(one.plan.backups).toBe(path.join(places.backups, one.plan.id))
      expect(JSON.stringify(one.plan.steps)).toContain(one.plan.backups)
    }
    await Promise.all(all.map(one => one.gone))
  })

  test('one that has told its end is followed until its process is gone: it may have the end of another to write', async () => {
    const [journal, last] = [journalFile(places, id), path.join(root, 'last')]
    const ended = JSON.stringify({
      at: new Date().toISOString(),
      kind: 'ended',
      outcome: 'done',
      changed: false,
      because: null,
      left: [],
    })
    const script = `fs.writeFileSync(${JSON.stringify(journal)}, ${JSON.stringify(`${ended}\n`)}); setTimeout(() => fs.writeFileSync(${JSON.stringify(last)}, ''), 300)`
    expect(await (await start(script)).follow(() => {})).toBe('ended')
    expect(fs.existsSync(last)).toBe(true)
  })

  test.each([
    ['process.exit(24)', 'ulimit -n'],
    ['process.exit(28)', 'the disk is full'],
    ['process.kill(process.pid, "SIGABRT")', 'ended by SIGABRT'],
  ])('one whose process ends before it begins (%s) is told with the reason, and leaves nothing', async (script, because) => {
    const started = await start(script)
    expect(await started.follow(() => {})).toBe('lost')
    expect(await started.gone).toContain(because)
    expect(fs.readdirSync(places.journals)).toEqual([])
  })
})

describe('what was left by runs that were killed', () => {
  const old = (file: string): string => {
    fs.writeFileSync(file, 'x')
    fs.utimesSync(file, 1, 1)
    return path.basename(file)
  }

  test('is deleted at the next run, and what belongs to a living process stays', () => {
    const dead = 4_194_303
    old(`${journalFile(places, 'a')}.ballast`)
    old(path.join(places.root, `key.${dead}`))
    old(path.join(places.locks, `gw.lock.${dead}`))
    const journal = openJournal(places, 'b')
    journal.write({kind: 'planned', plan: plan(), runner: processIdentityOf(process.pid)})
    fs.utimesSync(`${journalFile(places, 'b')}.ballast`, 1, 1)
    const remaining = [old(path.join(places.locks, `gw.lock.${process.pid}`)), 'b.ndjson', 'b.ndjson.ballast']
    sweepState(places)
    const left = [places.journals, places.locks].flatMap(folder => fs.readdirSync(folder)).toSorted()
    expect(left).toEqual(remaining.toSorted())
    expect(fs.readdirSync(places.root).toSorted()).toEqual(['backups', 'journals', 'locks'])
    journal.close()
  })
})

describe('what must survive a power cut', () => {
  const synced = (work: () => void): string[] => {
    const names: string[] = []
    const [open, sync] = [fs.openSync, fs.fsyncSync]
    const opened = new Map<number, string>()
    vi.spyOn(fs, 'openSync').mockImplementation((...args) => {
      const fd = open(...args)
      opened.set(fd, String(args[0]))
      return fd
    })
    vi.spyOn(fs, 'fsyncSync').mockImplementation(fd => {
      names.push(opened.get(fd) ?? '?')
      sync(fd)
    })
    work()
    return names
  }

  test('a backup is synced, its folder, and the folder of that', () => {
    const folder = path.join(places.backups, 'p')
    const file = path.join(folder, 'config')
    expect(synced(() => writePrivate(file, 'text'))).toEqual([places.backups, file, folder])
  })

  test('the sealing key is synced, and its folder', () => {
    expect(synced(() => void openHasher(places.key))).toEqual([`${places.key}.${process.pid}`, places.root])
    expect(fs.readFileSync(places.key).length).toBe(32)
  })
})
