import fs from 'node:fs'
import path from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {type Entry, endIn, type NewEntry, readEntries} from '../../domain/plans/journal.ts'
import {journalFile, type StatePlaces} from './journals-place.ts'

export type Journal = {
  /** False: it could not be kept. */
  write: (entry: NewEntry) => boolean
  close: () => void
}

const ballastBytes = 256 * 1024

/** Room that is kept free, so that a disk which fills up while a plan runs cannot keep it from undoing itself and saying so. */
const ballast = (file: string): {drop: () => void} => {
  fs.writeFileSync(file, Buffer.alloc(ballastBytes, ' '), {mode: 0o600})
  return {drop: () => fs.rmSync(file, {force: true})}
}

const syncFolder = (folder: string): void => {
  const fd = fs.openSync(folder, 'r')
  try {
    fs.fsyncSync(fd)
  } catch {
  } finally {
    fs.closeSync(fd)
  }
}

const append = (fd: number, line: string): void => {
  const bytes = Buffer.from(line)
  for (let done = 0; done < bytes.length; ) done += fs.writeSync(fd, bytes, done)
  fs.fsyncSync(fd)
}

/** Each entry is on the disk before the next thing is done. */
export const openJournal = (places: StatePlaces, id: string, onWritten: (count: number) => void = () => {}): Journal => {
  const file = journalFile(places, id)
  const spare = ballast(`${file}.ballast`)
  const fd = fs.openSync(file, 'ax', 0o600)
  syncFolder(path.dirname(file))
  let count = 0
  const put = (line: string): boolean => {
    try {
      append(fd, line)
      return true
    } catch {
      spare.drop()
    }
    try {
      append(fd, `\n${line}`)
      return true
    } catch {
      return false
    }
  }
  return {
    write: entry => {
      const kept = put(`${JSON.stringify({at: new Date().toISOString(), ...entry})}\n`)
      count += 1
      onWritten(count)
      return kept
    },
    close: () => {
      fs.closeSync(fd)
      spare.drop()
    },
  }
}

/** A journal whose writer is gone is brought to its end by another. */
export const endJournal = (places: StatePlaces, id: string, entry: NewEntry): void => {
  fs.rmSync(`${journalFile(places, id)}.ballast`, {force: true})
  const fd = fs.openSync(journalFile(places, id), 'a')
  try {
    append(fd, `\n${JSON.stringify({at: new Date().toISOString(), ...entry})}\n`)
  } finally {
    fs.closeSync(fd)
  }
}

export type Kept = {id: string; entries: readonly Entry[]}

export const readJournal = (places: StatePlaces, id: string): Kept | null => {
  try {
    return {id, entries: readEntries(fs.readFileSync(journalFile(places, id), 'utf8'))}
  } catch {
    return null
  }
}

/** Newest first. */
export const listJournals = (places: StatePlaces): readonly Kept[] => {
  let names: string[] = []
  try {
    names = fs.readdirSync(places.journals)
  } catch {}
  return names
    .filter(name => name.endsWith('.ndjson'))
    .toSorted()
    .toReversed()
    .flatMap(name => readJournal(places, name.slice(0, -'.ndjson'.length)) ?? [])
}

const everyMs = 60

/** Tells each entry as it is written, until the plan has ended, or nobody writes any more. */
export const followEntries = async (
  places: StatePlaces,
  id: string,
  onEntry: (entry: Entry) => void,
  {isWritten, signal}: {isWritten: () => boolean; signal?: AbortSignal},
): Promise<'ended' | 'lost' | 'left'> => {
  let told = 0
  while (signal?.aborted !== true) {
    const mayGrow = isWritten()
    const entries = readJournal(places, id)?.entries ?? []
    for (const entry of entries.slice(told)) onEntry(entry)
    told = entries.length
    if (endIn(entries) !== null) return 'ended'
    if (!mayGrow) return 'lost'
    await pause(everyMs)
  }
  return 'left'
}
