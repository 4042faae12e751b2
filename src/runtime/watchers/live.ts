import type {FeedHandlers} from '../../app/effect.ts'
import type {Feed, ScreenServices} from '../../app/feed.ts'
import type {Store} from '../../app/store.ts'
import {unexpectedFailure} from '../../domain/failure.ts'
import type {LogSource} from '../../domain/log-source.ts'
import {applyLine} from '../../domain/world/apply-line.ts'
import {createWorld, type World} from '../../domain/world/world.ts'
import {readContainerLog} from '../../sources/container/container-log.ts'
import {every} from '../../sources/every.ts'
import {filesOf, packedArchives} from '../../sources/log/files.ts'
import {earlierReader, readHistory} from '../../sources/log/history.ts'
import {followLogs} from '../../sources/log/live-log.ts'
import {statePlaces} from '../../sources/plans/journals-folder.ts'
import {configAt} from '../../sources/service/installed.ts'
import type {CopyLocations} from '../../sources/token/places.ts'
import {resolveContext} from '../context.ts'
import type {GatewayTarget} from '../gateway-target.ts'
import {handOverToken} from '../gateway-token.ts'
import {clockOf, type LiveOptions} from '../live-options.ts'
import {planFeed} from '../plans/feed.ts'
import {profileLocation} from '../profiles.ts'
import type {ReportData} from '../report-data.ts'
import {configCheckOptions, configFeed} from './config.ts'
import {copiesFeed} from './copies.ts'
import {devicesFeed} from './devices.ts'
import {gatewayFeed} from './gateway.ts'
import {historyProgress} from './history-progress.ts'
import {hostFeed} from './host.ts'
import {lineHandlers} from './lines.ts'
import {logOwnerFeed} from './log-owner.ts'
import {plansFeed} from './plans.ts'
import {profilesFeed} from './profiles.ts'
import {writeScreenReport} from './report.ts'

/** What the screen can do, and how a report is written. */
type LiveServices = ScreenServices & {reportText: (report: ReportData) => string}

/** No key is pressed where no screen is. */
const withoutScreen: LiveServices = {lend: async work => void (await work()), copy: async () => false, reportText: () => ''}

/** Enough for the last minutes of a busy gateway; the rest is read behind the first screen. */
const firstBytes = 256 * 1024

/** The console of a container is followed from a little before: what its engine still had in hand is not missed. */
const consoleLeadMs = 10_000

/** The system's list may come after the lines of the log. */
const partEveryMs = 1000

const takesConfig: readonly string[] = ['config-applied', 'gateway-listening']

/** The gateway's trusted proxies from now on. */
const readTrustedProxies = ({configFile}: GatewayTarget, store: Store): void => {
  const {config, problem} = configAt(configFile)
  if (problem === null) store.dispatchSoon({type: 'trusted-proxies-read', trustedProxies: config.trustedProxies})
}

/** Follows the logs into the store: the end at once, the history behind it, and further back when asked. */
export const liveFeed = (
  {places, consoles, systemdUnit: journal, piped, container, since, gateway, target, context}: LiveOptions,
  store: Store,
  services: LiveServices = withoutScreen,
): Feed => {
  const ending = new AbortController()
  const listened = target && gatewayFeed(context, target, store, () => copies?.read())
  const locationsNow = (locations: CopyLocations): CopyLocations => {
    const port = listened?.now().port ?? null
    return port === null ? locations : {...locations, port}
  }
  const {hostEnv} = context
  const consoleFrom = Date.now() - consoleLeadMs
  let read: readonly LogSource[] = []
  let other: LogSource | null = null
  /** A log of somebody else is not read, whatever is followed of it. */
  const tellSources = (): void => void store.dispatchSoon({type: 'sources-changed', sources: other ? [other] : read})
  const emptyWorld = (): World => createWorld({}, store.state().world.attempts.trustedProxies)
  /** Two gateways may write into one log, and the second may begin to at any time: from then on only the sockets of ours count. */
  const partPorts = (): void => {
    const {world, readingHistory} = store.state()
    const found = listened?.ownPort(owner.ports()) ?? null
    if (found === null || found === world.ownPort) return
    store.dispatch({type: 'own-port-found', port: found})
    const isMixed = [...world.ports].some(port => port !== found)
    if (isMixed && !readingHistory) history(since).catch(withoutHistory(since))
  }
  const owner = logOwnerFeed(context, places, found => {
    other = found
    tellSources()
    if (found === null) history(since).catch(withoutHistory(since))
    else store.dispatch({type: 'history-read', world: emptyWorld(), since})
  })
  const log = followLogs({
    places,
    consoles,
    systemdUnit: journal,
    piped,
    container: container && {container, since: consoleFrom, hostEnv},
    from: {lastBytes: firstBytes},
    onLines: lines => {
      lines.forEach(owner.record)
      if (!owner.isOurs()) return
      partPorts()
      store.dispatchSoon({type: 'lines-received', lines})
      listened?.onLines(lines)
      config?.onLines(lines)
      devices?.onLines(lines)
      if (lines.some(({event}) => event?.kind === 'config-applied')) copies?.read()
      if (lines.some(({event}) => event !== null && takesConfig.includes(event.kind))) listened?.look()
      if (target?.isLocal && lines.some(({event}) => event !== null && takesConfig.includes(event.kind)))
        readTrustedProxies(target, store)
    },
    onSources: sources => {
      read = sources
      tellSources()
    },
  })
  const earlier = earlierReader(places, log.starts)

  const history = async (from: number): Promise<void> => {
    await log.caughtUp()
    const {signal} = ending
    const console = container && readContainerLog(container, {since: from, until: consoleFrom, signal}, hostEnv).stream
    const {ownPort, attempts} = store.state().world
    const world = await readHistory(places, log.starts, from, signal, attempts.trustedProxies, {
      ...{ownPort, console},
      onLine: owner.record,
      onProgress: historyProgress(progress => store.dispatch({type: 'history-progressed', progress})),
    })
    if (!world) return
    await owner.judge()
    if (!owner.isOurs()) return store.dispatch({type: 'history-read', world: emptyWorld(), since: from})
    partPorts()
    if (store.state().world.ownPort !== ownPort) return history(from)
    for (const line of store.state().log.lines) if (line.id > 0) applyLine(world, line)
    store.dispatch({type: 'history-read', world, since: from, packed: packedArchives(places.flatMap(filesOf)).length})
  }
  const failed = (error: unknown): void =>
    store.dispatch({type: 'failed', problem: unexpectedFailure('History cannot be read', error)})

  /** A file that may not be read says so in its own words; what counts then is what was heard since. */
  const withoutHistory = (from: number) => (error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') failed(error)
    store.dispatch({type: 'history-read', world: store.state().world, since: from})
  }

  history(since).catch(withoutHistory(since))
  const stopParting = every(partEveryMs, partPorts)
  const copies = gateway && copiesFeed(() => locationsNow(gateway), store)
  const host = gateway && listened && hostFeed(listened.now, places, store)
  const profiles = gateway && profilesFeed({...profileLocation(context), openclaw: null}, store, context.options)
  const devices = gateway && devicesFeed(context.stateDir, gateway.release, store, clockOf(context.options))
  const config =
    gateway && target && configFeed(configCheckOptions(context.options, {...gateway, configFile: target.configFile}), store)
  const journals = target?.isLocal ? plansFeed(statePlaces(hostEnv), target.configFile, store) : null
  const plans = planFeed(
    () => resolveContext(context.options),
    store,
    services.lend,
    () => {
      journals?.read()
      copies?.read()
      devices?.read()
      listened?.retryNow()
    },
  )
  const readEarlier = (): void => {
    earlier().then(
      ({lines, hasMore}) => store.dispatch({type: 'earlier-read', lines, hasMore}),
      error => {
        failed(error)
        store.dispatch({type: 'earlier-read', lines: [], hasMore: false})
      },
    )
  }
  const handlers: FeedHandlers = {
    ...plans,
    'read-earlier': readEarlier,
    'read-history': effect => void history(effect.since).catch(withoutHistory(effect.since)),
    ...lineHandlers(store, hostEnv.home),
    'write-report': () => writeScreenReport(store, hostEnv, services.reportText),
    'copy-token': () => gateway && handOverToken(locationsNow(gateway), store, services.copy),
    // The present cannot be sought or hurried.
    seek: () => {},
    'set-speed': () => {},
  }
  return {
    handlers,
    end: () => {
      ending.abort()
      stopParting()
      log.close()
      owner.end()
      listened?.end()
      copies?.end()
      profiles?.end()
      devices?.end()
      host?.end()
      config?.end()
      journals?.end()
    },
  }
}
