import fs from 'node:fs'
import path from 'node:path'
import type {Mark} from '../domain/mark.ts'
import {byHandMark, changeMark, isRecorded, journalMarks, restartAskedMark} from '../domain/mark-beside.ts'
import {type Change, readChange, readRestartAsked} from '../gateway/change-audit.ts'
import {changedAt} from './file-stamp.ts'
import {isFault} from './logins/profile-fault.ts'
import {askDatabase} from './logins/profile-sqlite.ts'
import {listJournals} from './plans/journals.ts'
import type {StatePlaces} from './plans/journals-place.ts'

export type ChangesPlace = {stateDir: string; configFile: string; places: StatePlaces}

const mostBytes = 512 * 1024
const mostRecords = 200
const mostJournals = 50
const maxEdits = 50

/** The last lines of a file that only grows. */
const lastLines = (file: string): string[] => {
  try {
    const fd = fs.openSync(file, 'r')
    try {
      const size = fs.fstatSync(fd).size
      const length = Math.min(size, mostBytes)
      const buffer = Buffer.alloc(length)
      const read = fs.readSync(fd, buffer, 0, length, size - length)
      const lines = buffer.toString('utf8', 0, read).split('\n')
      return length < size ? lines.slice(1) : lines
    } finally {
      fs.closeSync(fd)
    }
  } catch {
    return []
  }
}

const query = "SELECT payload_json AS text FROM diagnostic_events WHERE scope = 'config-audit' ORDER BY created_at DESC LIMIT ?"

/** Later releases keep the same records in their database; one without that table keeps none there. */
const inDatabase = async (file: string): Promise<string[]> => {
  const found = await askDatabase(file, db => db.prepare(query).all(mostRecords) as {text: unknown}[])
  return found === null || isFault(found) ? [] : found.map(({text}) => String(text))
}

const filesOf = ({stateDir, configFile, places}: ChangesPlace) => ({
  config: configFile,
  audit: path.join(stateDir, 'logs', 'config-audit.jsonl'),
  database: path.join(stateDir, 'state', 'openclaw.sqlite'),
  restarts: path.join(stateDir, 'logs', 'gateway-restart.log'),
  journals: places.journals,
})

const isChange = (change: Change | null): change is Change => change !== null

/** Who changed the gateway: its own records, the times at which its config file was seen to be written, and what gatecrab did. */
export const readChanges = async (place: ChangesPlace, seenWrites: readonly number[] = []): Promise<Mark[]> => {
  const files = filesOf(place)
  const texts = [...lastLines(files.audit), ...(await inDatabase(files.database))]
  const changes = texts.map(readChange).filter(isChange)
  const restarts = lastLines(files.restarts).flatMap(line => readRestartAsked(line) ?? [])
  const ours = listJournals(place.places).slice(0, mostJournals)
  const recorded = [...changes.slice(-mostRecords).map(changeMark), ...ours.flatMap(({entries}) => journalMarks(entries))]
  const writes = [...new Set([...seenWrites, changedAt(files.config)])].filter(at => at > 0)
  return [
    ...recorded,
    ...writes.filter(at => !isRecorded(at, recorded)).map(byHandMark),
    ...restarts.slice(-mostRecords).map(restartAskedMark),
  ].toSorted((a, b) => a.at - b.at)
}

const everyMs = 5000
const settlesMs = 2000

/** Reads them again when one of their files has changed, but for the database, which a busy gateway writes all the time. */
export const watchChanges = (place: ChangesPlace, onRead: (marks: Mark[]) => void): {close: () => void} => {
  const {database: _, ...watched} = filesOf(place)
  const stamp = (): string => Object.values(watched).map(changedAt).join()
  let seen: string | null = null
  let later: NodeJS.Timeout | undefined
  let isClosed = false
  /** A later write takes the time of an edit off the file. */
  let edits: number[] = []
  const read = async (): Promise<void> => {
    const marks = await readChanges(place, edits).catch(() => [])
    edits = marks.flatMap(({wrote}) => (wrote?.by === 'unrecorded' ? wrote.at : [])).slice(-maxEdits)
    if (!isClosed) onRead(marks)
  }
  const look = (): void => {
    const now = stamp()
    if (now === seen) return
    clearTimeout(later)
    later = setTimeout(read, seen === null ? 0 : settlesMs)
    seen = now
  }
  look()
  const timer = setInterval(look, everyMs)
  return {
    close: () => {
      isClosed = true
      clearInterval(timer)
      clearTimeout(later)
    },
  }
}
