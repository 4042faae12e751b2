import fs from 'node:fs'
import path from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {type Entry, endEntry, type NewEntry, readEntries, sequenceIn} from '../../domain/plans/journal.ts'
import {errorWords} from '../error-words.ts'
import {readText, syncFolder} from '../files.ts'
import {fileErrorCode} from '../token/file.ts'
import {journalFile, type StatePlaces} from './journals-folder.ts'

export type Journal = {
  /** False: it could not be kept. */
  write: (entry: NewEntry) => boolean
  close: () => void
}

const ballastBytes = 256 * 1024

const ballastOf = (places: StatePlaces, id: string): string => `${journalFile(places, id)}.ballast`

/** Room that is kept free, so that a disk which fills up while a plan runs cannot keep it from undoing itself and saying so. */
const ballast = (file: string): {drop: () => void} => {
  const drop = (): void => fs.rmSync(file, {force: true})
  try {
    fs.writeFileSync(file, Buffer.alloc(ballastBytes, ' '), {mode: 0o600})
    return {drop}
  } catch (error) {
    drop()
    throw error
  }
}

/** Takes the name of a journal, with the room that it needs, for the process that will write it. Throws EEXIST where it is taken. */
export const reserveJournal = (places: StatePlaces, id: string): void => {
  fs.closeSync(fs.openSync(journalFile(places, id), 'wx', 0o600))
  try {
    ballast(ballastOf(places, id))
  } catch (error) {
    fs.rmSync(journalFile(places, id), {force: true})
    throw error
  }
}

/** Gives up a journal in which nothing was ever written. */
export const dropEmptyJournal = (places: StatePlaces, id: string): void => {
  const file = journalFile(places, id)
  try {
    if (fs.statSync(file).size > 0) return
    fs.rmSync(file, {force: true})
    fs.rmSync(ballastOf(places, id), {force: true})
  } catch {}
}

/** A name that was reserved is an empty file; what has a line in it is another plan's. */
const openReserved = (file: string): number => {
  try {
    return fs.openSync(file, 'ax', 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && fs.statSync(file).size === 0) return fs.openSync(file, 'a')
    throw error
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
  const fd = openReserved(file)
  const spare = ballast(ballastOf(places, id))
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
      const record = put(`${JSON.stringify({at: new Date().toISOString(), ...entry})}\n`)
      count += 1
      onWritten(count)
      return record
    },
    close: () => {
      fs.closeSync(fd)
      spare.drop()
    },
  }
}

/** A journal whose writer is gone is brought to its end by another. */
export const endJournal = (places: StatePlaces, id: string, entry: NewEntry): void => {
  fs.rmSync(ballastOf(places, id), {force: true})
  const fd = fs.openSync(journalFile(places, id), 'a')
  try {
    append(fd, `\n${JSON.stringify({at: new Date().toISOString(), ...entry})}\n`)
  } finally {
    fs.closeSync(fd)
  }
}

export type JournalRecord = {id: string; entries: readonly Entry[]}

export const readJournal = (places: StatePlaces, id: string): JournalRecord | null => {
  try {
    return {id, entries: readEntries(readText(journalFile(places, id)))}
  } catch {
    return null
  }
}

/** Newest first. */
export const listJournals = (places: StatePlaces): readonly JournalRecord[] => {
  let names: string[] = []
  try {
    names = fs.readdirSync(places.journals)
  } catch {}
  return names
    .filter(name => name.endsWith('.ndjson'))
    .toSorted()
    .toReversed()
    .flatMap(name => readJournal(places, name.slice(0, -'.ndjson'.length)) ?? [])
    .filter(({entries}) => entries.length > 0)
    .toSorted((a, b) => sequenceIn(b.entries) - sequenceIn(a.entries))
}

/** For the plan that begins now. */
export const nextSequence = (places: StatePlaces): number => sequenceIn(listJournals(places)[0]?.entries ?? []) + 1

const everyMs = 60

/** Reports each entry as it is written, until the plan ends or its writer is gone. */
export const followEntries = async (
  places: StatePlaces,
  id: string,
  onEntry: (entry: Entry) => void,
  {isWritten, signal}: {isWritten: () => boolean; signal?: AbortSignal},
): Promise<'ended' | 'lost' | 'left'> => {
  let reportedCount = 0
  while (signal?.aborted !== true) {
    const mayGrow = isWritten()
    const entries = readJournal(places, id)?.entries ?? []
    for (const entry of entries.slice(reportedCount)) onEntry(entry)
    reportedCount = entries.length
    if (endEntry(entries) !== null) return 'ended'
    if (!mayGrow) return 'lost'
    await pause(everyMs)
  }
  return 'left'
}

/** The folder, or the nearest one above it that exists. */
const nearestFolder = (folder: string): string =>
  fs.existsSync(folder) || folder === path.dirname(folder) ? folder : nearestFolder(path.dirname(folder))

/** Why no plan could keep its journal now; null where it could. Writes nothing. */
export const unwritableBecause = ({root}: StatePlaces): string | null => {
  try {
    const folder = nearestFolder(root)
    fs.accessSync(folder, fs.constants.W_OK)
    const {bavail, bsize, files, ffree} = fs.statfsSync(folder)
    if (bavail * bsize < ballastBytes || (files > 0 && ffree === 0)) return 'the disk is full'
    return null
  } catch (error) {
    return fileErrorCode(error) === 'EACCES' ? 'this user may not write there' : errorWords(error)
  }
}
