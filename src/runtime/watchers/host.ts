import path from 'node:path'
import {gatewayStatusOf} from '../../app/gateway-status-words.ts'
import type {Store} from '../../app/store.ts'
import {dayMs} from '../../domain/durations.ts'
import {diskTimelineEvent, hostTimelineEvent} from '../../domain/plans/external-edits.ts'
import type {LogPlace} from '../../gateway/paths.ts'
import {watchChanges} from '../../sources/changes.ts'
import {every} from '../../sources/every.ts'
import {statePlaces} from '../../sources/plans/journals-folder.ts'
import {recentSleeps, watchHost} from '../../sources/service/host.ts'
import {readService} from '../../sources/service/service.ts'
import type {GatewayTarget} from '../gateway-target.ts'

const lookMs = 5000
const everyMs = 300_000
const unhealthy: readonly string[] = ['stopped', 'killed', 'starting', 'restarting', 'unreachable']

/** Asks the service manager now and then, and each time the gateway fares otherwise: a service that loops is seen between two looks. */
const serviceFeed = (target: () => GatewayTarget, store: Store): {end: () => void} => {
  let readAt = Number.NEGATIVE_INFINITY
  let before = ''
  let isEnded = false
  const read = async (): Promise<void> => {
    readAt = performance.now()
    const asked = target()
    const {gateway, address, stateDir, configFile, port} = asked
    const {overrides, hostEnv} = gateway
    const facts = await readService({overrides: overrides, hostEnv, stateDir, configFile, address, port: port ?? 0}).catch(
      () => null,
    )
    if (facts && !isEnded && asked === target()) store.dispatchSoon({type: 'service-read', facts})
  }
  const look = (): void => {
    const {is} = gatewayStatusOf(store.state())
    const isNews = is !== before && before !== ''
    before = is
    if (isNews || unhealthy.includes(is) || performance.now() - readAt >= everyMs) void read()
  }
  const stop = every(lookMs, look)
  void read()
  return {
    end: () => {
      isEnded = true
      stop()
    },
  }
}

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
    onEvent: event => store.dispatchSoon({type: 'host-events-read', timeline: [hostTimelineEvent(event)]}),
    onDisk: disk => {
      if (disk.state !== 'ok') store.dispatchSoon({type: 'host-events-read', timeline: [diskTimelineEvent(disk, Date.now())]})
    },
    folder: folderOf(logs),
  })
  const tellSleeps = async (): Promise<void> => {
    const sleeps = (await recentSleeps()).filter(({at}) => Date.now() - at < dayMs)
    const timeline = sleeps.map(({at, until, because}) => hostTimelineEvent({kind: 'slept', at, until: until ?? at, because}))
    store.dispatchSoon({type: 'host-events-read', timeline})
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
