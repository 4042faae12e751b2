import path from 'node:path'
import type {Store} from '../../app/store.ts'
import {dayMs} from '../../domain/durations.ts'
import {diskTimelineEvent, hostTimelineEvent} from '../../domain/plans/external-edits.ts'
import type {LogPlace} from '../../gateway/paths.ts'
import {watchChanges} from '../../sources/changes.ts'
import {statePlaces} from '../../sources/plans/journals-folder.ts'
import {recentSleeps, watchHost} from '../../sources/service/host.ts'
import type {GatewayTarget} from '../gateway-target.ts'
import {serviceFeed} from './service.ts'

const folderOf = (places: readonly LogPlace[]): string | null => {
  const [first] = places
  if (first === undefined) return null
  return first.kind === 'file' ? path.dirname(first.file) : (first.folders[0] ?? null)
}

/** Timeline events from outside the log: changes to the gateway's files, and events of its host. */
export const hostFeed = (target: () => GatewayTarget, logs: readonly LogPlace[], store: Store): {end: () => void} => {
  const {gateway, stateDir, configFile} = target()
  const changes = watchChanges({stateDir, configFile, places: statePlaces(gateway.hostEnv)}, timeline =>
    store.dispatchSoon({type: 'changes-read', timeline}),
  )
  const host = watchHost({
    onEvent: event => store.dispatchSoon({type: 'host-told', timeline: [hostTimelineEvent(event)]}),
    onDisk: disk => {
      if (disk.state !== 'ok') store.dispatchSoon({type: 'host-told', timeline: [diskTimelineEvent(disk, Date.now())]})
    },
    folder: folderOf(logs),
  })
  const tellSleeps = async (): Promise<void> => {
    const sleeps = (await recentSleeps()).filter(({at}) => Date.now() - at < dayMs)
    const timeline = sleeps.map(({at, until, because}) => hostTimelineEvent({kind: 'slept', at, until: until ?? at, because}))
    store.dispatchSoon({type: 'host-told', timeline})
  }
  if (process.platform === 'darwin') void tellSleeps()
  const service = serviceFeed(target, store)
  return {
    end: () => {
      changes.close()
      host.close()
      service.end()
    },
  }
}
