import fs from 'node:fs'
import path from 'node:path'
import {endEntry, plannedEntry} from '../../domain/plans/journal.ts'
import {isAlive, processStartOf} from '../process-start.ts'
import {readJournal} from './journals.ts'
import type {StatePlaces} from './journals-folder.ts'

/** What is younger may belong to a plan that is just beginning. */
const minAgeMs = 60_000

const isOld = (file: string): boolean => Math.abs(Date.now() - fs.statSync(file).mtimeMs) > minAgeMs

const hasWriter = (places: StatePlaces, id: string): boolean => {
  const entries = readJournal(places, id)?.entries ?? []
  const planned = plannedEntry(entries)
  return planned !== null && endEntry(entries) === null && isAlive(planned.runner)
}

/** A file name ending in a pid belongs to that process, and is stale once that has exited. */
const isOrphan = (name: string): boolean => {
  const pid = /^(?:key|.*\.lock|.*\.lock\.dead)\.(\d+)$/.exec(name)?.[1]
  return pid !== undefined && processStartOf(Number(pid)) === null
}

const isStale = (places: StatePlaces, file: string): boolean => {
  const name = path.basename(file)
  if (name.endsWith('.ndjson.ballast')) return !hasWriter(places, name.slice(0, -'.ndjson.ballast'.length)) && isOld(file)
  if (name.endsWith('.ndjson')) return fs.statSync(file).size === 0 && isOld(file)
  return isOrphan(name)
}

/** Deletes what runs that were killed left in the folder of gatecrab: spare room, half a key, half a lock, a name without a journal. */
export const sweepState = (places: StatePlaces): void => {
  for (const folder of [places.root, places.journals, places.locks]) {
    try {
      for (const name of fs.readdirSync(folder)) {
        const file = path.join(folder, name)
        if (isStale(places, file)) fs.rmSync(file, {force: true})
      }
    } catch {}
  }
}
