import path from 'node:path'
import type {ProfileReading} from '../../domain/logins/reading.ts'
import {agentPlace, sharedPlace} from '../../gateway/logins/store.ts'
import {stampOf} from '../files.ts'
import {type FolderWatch, watchFolder} from '../log/folder-watch.ts'
import {agentsOnDisk} from './agents.ts'
import {configTree} from './config-file.ts'
import {dotenvFiles} from './env.ts'
import type {ProfileLocation} from './gathered.ts'
import {readProfiles} from './reader.ts'

export type ProfileWatch = {close(): void}

export type ProfileWatchOptions = {
  location: ProfileLocation
  onRead: (reading: ProfileReading) => void
  now?: () => number
  pollMs?: number
  /** A busy gateway writes its database many times a second, mostly other rows. */
  restMs?: number
}

const foldersOf = (location: ProfileLocation, seen: ProfileReading | null): string[] => {
  const agents = seen?.agents ?? []
  const own = agents.flatMap(agent => (agent.own?.place.path ? [path.dirname(agent.own.place.path)] : []))
  const ids = new Set(['main', ...agentsOnDisk(location.stateDir), ...agents.map(({id}) => id)])
  return [...new Set([...Array.from(ids, id => agentPlace(id, null, location).folder), ...own])]
}

const withLog = (db: string): string[] => [db, `${db}-wal`]

const storesIn = (folder: string): string[] => [
  ...withLog(path.join(folder, 'openclaw-agent.sqlite')),
  path.join(folder, 'auth-profiles.json'),
  path.join(folder, 'auth-state.json'),
]

/** Size and time of every file that decides what is shown; agents that turn up are among them. */
const stampsOf = (location: ProfileLocation, seen: ProfileReading | null): string =>
  [
    ...configTree(location.configFile).files,
    ...dotenvFiles(location.stateDir, location.hostEnv),
    ...withLog(sharedPlace(location.stateDir).db),
    ...foldersOf(location, seen).flatMap(storesIn),
  ]
    .map(file => `${file} ${stampOf(file)}`)
    .join('\n')

/** What could not be read this time stands as it was read last, with its age and the problem. */
const keepLastWhole = (whole: ProfileReading | null, read: ProfileReading): ProfileReading =>
  whole !== null && !read.isWhole ? {...whole, problems: read.problems, isWhole: false} : read

const armWatches = (folders: readonly string[], nudge: () => void): FolderWatch[] => {
  const watches = folders.map(folder => watchFolder(folder, nudge))
  for (const watch of watches) watch.arm()
  return watches
}

/** Runs on its interval or when notified; pauses after each run that found changes. */
const createPacer = (run: () => Promise<boolean>, pollMs: number, restMs: number): {nudge(): void; close(): void} => {
  let isClosed = false
  let isBusy = false
  let timer: NodeJS.Timeout | undefined
  const after = (ms: number): void => {
    clearTimeout(timer)
    if (!isClosed) timer = setTimeout(turn, ms)
  }
  const turn = async (): Promise<void> => {
    isBusy = true
    const isNews = await run()
    isBusy = isNews
    after(isNews ? restMs : pollMs)
  }
  after(0)
  return {
    nudge() {
      if (!isBusy) after(20)
    },
    close() {
      isClosed = true
      clearTimeout(timer)
    },
  }
}

/**
 * Reads again when a store has changed. The watch on folders only saves a wait: what counts is the look at size and time.
 * OpenClaw itself is asked on the first reading at most, never again and again.
 */
export const watchProfiles = ({
  location,
  onRead,
  now = Date.now,
  pollMs = 2000,
  restMs = 1000,
}: ProfileWatchOptions): ProfileWatch => {
  let last: ProfileReading | null = null
  let whole: ProfileReading | null = null
  let stamped = ''
  let watches: FolderWatch[] = []
  let isClosed = false

  const closeWatches = (): void => {
    for (const watch of watches) watch.close()
  }
  const rearm = (): void => {
    closeWatches()
    watches = armWatches(
      [location.stateDir, path.dirname(sharedPlace(location.stateDir).db), ...foldersOf(location, last)],
      pace.nudge,
    )
  }
  const readAgain = async (): Promise<boolean> => {
    const stampedNow = stampsOf(location, last)
    if (isClosed || stampedNow === stamped) return false
    const read = await readProfiles(last === null ? location : {...location, openclaw: null}, now())
    if (isClosed) return false
    last = keepLastWhole(whole, read)
    if (read.isWhole) whole = read
    stamped = read.isWhole ? stampedNow : ''
    rearm()
    onRead(last)
    return read.isWhole
  }
  const pace = createPacer(readAgain, pollMs, restMs)
  return {
    close() {
      isClosed = true
      pace.close()
      closeWatches()
    },
  }
}
