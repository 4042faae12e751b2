import {execFileSync} from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import type {Plan} from '../../src/domain/plans/plan.ts'
import {Secret} from '../../src/domain/secret.ts'
import {openHasher} from '../../src/sources/plans/digest.ts'
import {followEntries, listJournals, nextSequence, openJournal, readJournal} from '../../src/sources/plans/journals.ts'
import {journalFile, makePlaces, type StatePlaces, statePlaces} from '../../src/sources/plans/journals-folder.ts'
import {processIdentityOf} from '../../src/sources/process-start.ts'

let root: string
let places: StatePlaces

const placesIn = (home: string, env: Record<string, string> = {}): StatePlaces =>
  statePlaces({platform: 'linux', home, tmp: home, uid: 1, env})

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-journals-'))
  places = placesIn(root)
  makePlaces(places)
})

afterEach(() => fs.rmSync(root, {recursive: true, force: true}))

const started = (step: string) => ({kind: 'step-started', step}) as const
const ended = {kind: 'ended', outcome: 'done', changed: false, because: null, left: [], by: null, unknown: false} as const

test('where gatecrab keeps things', () => {
  expect(placesIn('/h').root).toBe('/h/.local/state/gatecrab')
  expect(placesIn('/h', {XDG_STATE_HOME: '/x'}).root).toBe('/x/gatecrab')
  expect(placesIn('/h', {XDG_STATE_HOME: 'relative'}).root).toBe('/h/.local/state/gatecrab')
  expect(placesIn('/h', {XDG_STATE_HOME: '/x', GATECRAB_STATE_DIR: '/g'}).root).toBe('/g')
})

describe('a journal', () => {
  test('is followed entry by entry until it ends', async () => {
    const journal = openJournal(places, 'a')
    const seen: string[] = []
    const following = followEntries(places, 'a', ({kind}) => seen.push(kind), {isWritten: () => true})
    journal.write(started('one'))
    await expect.poll(() => seen).toEqual(['step-started'])
    journal.write(ended)
    expect(await following).toBe('ended')
    expect(seen).toEqual(['step-started', 'ended'])
    journal.close()
  })

  test('whose writer is gone is lost, with what it had said', async () => {
    const journal = openJournal(places, 'a')
    journal.write(started('one'))
    const seen: string[] = []
    expect(await followEntries(places, 'a', ({kind}) => seen.push(kind), {isWritten: () => false})).toBe('lost')
    expect(seen).toEqual(['step-started'])
    journal.close()
  })

  test('survives a line that was torn', () => {
    const journal = openJournal(places, 'a')
    journal.write(started('one'))
    journal.close()
    fs.appendFileSync(journalFile(places, 'a'), '{"at":"2026","kind":"step-st')
    fs.appendFileSync(journalFile(places, 'a'), '\n{"kind":"unheard of"}\nnonsense\n')
    expect(readJournal(places, 'a')?.entries.map(({kind}) => kind)).toEqual(['step-started'])
  })

  test('is not written over', () => {
    const journal = openJournal(places, 'a')
    journal.write(started('one'))
    journal.close()
    expect(() => openJournal(places, 'a')).toThrow('EEXIST')
  })

  test('newest first', () => {
    for (const id of ['2026-01-01-rotate', '2026-01-03-undo', '2026-01-02-verify']) {
      const journal = openJournal(places, id)
      journal.write(started('one'))
      journal.close()
    }
    expect(listJournals(places).map(({id}) => id)).toEqual(['2026-01-03-undo', '2026-01-02-verify', '2026-01-01-rotate'])
    expect(listJournals(placesIn('/nowhere'))).toEqual([])
  })
})

test('newest is what ran last, also where the clock went back meanwhile', () => {
  const write = (id: string): void => {
    const plan = {id} as Plan
    const sequence = nextSequence(places)
    const journal = openJournal(places, id)
    journal.write({kind: 'planned', plan, runner: processIdentityOf(process.pid), sequence})
    journal.close()
  }
  for (const id of ['2026-01-04-rotate', '2026-01-01-rotate', '2026-01-02-undo']) write(id)
  expect(listJournals(places).map(({id}) => id)).toEqual(['2026-01-02-undo', '2026-01-01-rotate', '2026-01-04-rotate'])
})

const tinyDisk = (): string | null => {
  const folder = path.join(root, 'disk')
  fs.mkdirSync(folder)
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], {stdio: 'ignore'})
    return folder
  } catch {
    return null
  }
}

test('a disk that fills up meanwhile: what is kept free is used to tell the end', context => {
  const disk = tinyDisk()
  if (disk === null) return context.skip('no small disk can be made here')
  try {
    const small = placesIn(disk)
    makePlaces(small)
    const journal = openJournal(small, 'a')
    const fd = fs.openSync(path.join(disk, 'filler'), 'w')
    expect(() => {
      for (;;) fs.writeSync(fd, Buffer.alloc(4096))
    }).toThrow('ENOSPC')
    fs.closeSync(fd)
    const words = {kind: 'step-said', step: 's', text: 'x'.repeat(5000), child: null, mark: null} as const
    expect(journal.write(words)).toBe(true)
    expect(journal.write(ended)).toBe(true)
    journal.close()
    expect(readJournal(small, 'a')?.entries.map(({kind}) => kind)).toEqual(['step-said', 'ended'])
  } finally {
    execFileSync('/bin/umount', [disk])
  }
})

test('a seal tells tomorrow what was sealed today, and nothing without the key', () => {
  const sealer = openHasher(places.key)
  const again = openHasher(places.key)
  expect(sealer.digest('text')).toBe(again.digest('text'))
  expect(sealer.tokenDigest(new Secret(' token '))).toBe(again.tokenDigest(new Secret('token')))
  expect(sealer.digest('text')).not.toBe(openHasher(path.join(root, 'another')).digest('text'))
  expect(fs.statSync(places.key).mode & 0o777).toBe(0o600)
})
