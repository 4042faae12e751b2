import fs from 'node:fs'
import path from 'node:path'
import {
  changeTimelineEvent,
  isRecorded,
  journalTimelineEvents,
  manualEditTimelineEvent,
  restartTimelineEvent,
} from '../domain/plans/external-edits.ts'
import type {TimelineEvent} from '../domain/timeline/timeline.ts'
import {type ConfigChange, readChange, readRestartRequest} from '../gateway/change-audit.ts'
import {every} from './every.ts'
import {changedAt} from './files.ts'
import {askDatabase} from './logins/sqlite.ts'
import {isStoreError} from './logins/store-error.ts'
import {listJournals} from './plans/journals.ts'
import type {StatePlaces} from './plans/journals-folder.ts'

export type ChangesPlace = {stateDir: string; configFile: string; places: StatePlaces}

const maxBytes = 512 * 1024
const maxRecords = 200
const maxJournals = 50
const maxEdits = 50

/** The last lines of a file that only grows. */
const lastLines = (file: string): string[] => {
  try {
    const fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
    try {
      const size = fs.fstatSync(fd).size
      const length = Math.min(size, maxBytes)
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
  const found = await askDatabase(file, db => db.prepare(query).all(maxRecords) as {text: unknown}[])
  return found === null || isStoreError(found) ? [] : found.map(({text}) => String(text))
}

const filesOf = ({stateDir, configFile, places}: ChangesPlace) => ({
  config: configFile,
  audit: path.join(stateDir, 'logs', 'config-audit.jsonl'),
  database: path.join(stateDir, 'state', 'openclaw.sqlite'),
  restarts: path.join(stateDir, 'logs', 'gateway-restart.log'),
  journals: places.journals,
})

const isChange = (change: ConfigChange | null): change is ConfigChange => change !== null

/** Who changed the gateway: its own records, the times at which its config file was seen to be written, and what gatecrab did. */
export const readChanges = async (place: ChangesPlace, seenWrites: readonly number[] = []): Promise<TimelineEvent[]> => {
  const files = filesOf(place)
  const texts = [...lastLines(files.audit), ...(await inDatabase(files.database))]
  const changes = texts.map(readChange).filter(isChange)
  const restarts = lastLines(files.restarts).flatMap(line => readRestartRequest(line) ?? [])
  const ours = listJournals(place.places).slice(0, maxJournals)
  const recorded = [
    ...changes.slice(-maxRecords).map(changeTimelineEvent),
    ...ours.flatMap(({entries}) => journalTimelineEvents(entries)),
  ]
  const writes = [...new Set([...seenWrites, changedAt(files.config)])].filter(at => at > 0)
  return [
    ...recorded,
    ...writes.filter(at => !isRecorded(at, recorded)).map(manualEditTimelineEvent),
    ...restarts.slice(-maxRecords).map(restartTimelineEvent),
  ].toSorted((a, b) => a.at - b.at)
}

const everyMs = 5000
const settlesMs = 2000

/** Reads them again when one of their files has changed, but for the database, which a busy gateway writes all the time. */
export const watchChanges = (place: ChangesPlace, onRead: (timeline: TimelineEvent[]) => void): {close: () => void} => {
  const {database: _, ...watched} = filesOf(place)
  const stamp = (): string => Object.values(watched).map(changedAt).join()
  let seen: string | null = null
  let later: NodeJS.Timeout | undefined
  let isClosed = false
  /** A later write takes the time of an edit off the file. */
  let edits: number[] = []
  const read = async (): Promise<void> => {
    const timeline = await readChanges(place, edits).catch(() => [])
    edits = timeline.flatMap(({wrote}) => (wrote?.by === 'unrecorded' ? wrote.at : [])).slice(-maxEdits)
    if (!isClosed) onRead(timeline)
  }
  const look = (): void => {
    const now = stamp()
    if (now === seen) return
    clearTimeout(later)
    later = setTimeout(read, seen === null ? 0 : settlesMs)
    seen = now
  }
  look()
  const stop = every(everyMs, look)
  return {
    close: () => {
      isClosed = true
      stop()
      clearTimeout(later)
    },
  }
}
