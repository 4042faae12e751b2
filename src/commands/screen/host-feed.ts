import path from 'node:path'
import type {Store} from '../../app/store.ts'
import {dayMs} from '../../domain/durations.ts'
import {diskMark, hostMark} from '../../domain/mark-beside.ts'
import type {LogPlace} from '../../gateway/paths.ts'
import {watchChanges} from '../../sources/changes.ts'
import {statePlaces} from '../../sources/plans/journals-place.ts'
import {recentSleeps, watchHost} from '../../sources/service/host.ts'
import type {Heeded} from '../known/heeded.ts'
import {serviceFeed} from './service-feed.ts'

const folderOf = (places: readonly LogPlace[]): string | null => {
  const [first] = places
  if (first === undefined) return null
  return first.kind === 'file' ? path.dirname(first.file) : (first.folders[0] ?? null)
}

/** What happened beside the log, for the timeline: who changed the gateway, and what befell its host. */
export const hostFeed = (heeded: () => Heeded, logs: readonly LogPlace[], store: Store): {end: () => void} => {
  const {gateway, stateDir, configFile} = heeded()
  const changes = watchChanges({stateDir, configFile, places: statePlaces(gateway.around)}, marks =>
    store.dispatchSoon({type: 'changes-read', marks}),
  )
  const host = watchHost({
    onEvent: event => store.dispatchSoon({type: 'host-told', marks: [hostMark(event)]}),
    onDisk: disk => {
      if (disk.state !== 'ok') store.dispatchSoon({type: 'host-told', marks: [diskMark(disk, Date.now())]})
    },
    folder: folderOf(logs),
  })
  const tellSleeps = async (): Promise<void> => {
    const sleeps = (await recentSleeps()).filter(({at}) => Date.now() - at < dayMs)
    const marks = sleeps.map(({at, until, because}) => hostMark({kind: 'slept', at, until: until ?? at, because}))
    store.dispatchSoon({type: 'host-told', marks})
  }
  if (process.platform === 'darwin') void tellSleeps()
  const service = serviceFeed(heeded, store)
  return {
    end: () => {
      changes.close()
      host.close()
      service.end()
    },
  }
}
