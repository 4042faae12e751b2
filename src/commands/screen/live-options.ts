import fs from 'node:fs'
import os from 'node:os'
import type {Opening} from '../../app/state.ts'
import {dayMs} from '../../domain/durations.ts'
import {newLiveNow} from '../../domain/live/live-now.ts'
import type {Problem} from '../../domain/problem.ts'
import {consoleFiles, systemdUnit} from '../../gateway/paths.ts'
import {filesOf} from '../../sources/log/log-files.ts'
import type {CopiesWanted} from '../../sources/token/token-places.ts'
import type {Given} from '../flags.ts'
import {consoleContainer} from '../known/container-console.ts'
import {containerProblem} from '../known/container-problem.ts'
import {heededIn} from '../known/heeded.ts'
import {placesToFollow} from '../known/named-logs.ts'
import {trustedProxiesOf, type Where, whereOf} from '../known/where.ts'
import {nowOf} from '../span.ts'
import {momentOf} from '../time.ts'
import type {LiveOptions} from './live-feed.ts'

/** The clock: ours, or one that began at `--now`. */
export const clockOf = (given: Given): (() => number) => {
  const ahead = nowOf(given) - Date.now()
  return () => Date.now() + ahead
}

const unitOf = ({wanted, around}: Where): string | null => {
  const unit = systemdUnit(wanted, around)
  return around.platform === 'linux' && fs.existsSync(unit.file) ? unit.name : null
}

/** Where no log is here and the gateway may be in a container, the first thing to know is why that is not seen. */
const unreadProblem = (given: Given, {places}: Where): Problem | null =>
  places.some(place => filesOf(place).length > 0) ? null : containerProblem(given)

const sinceOf = (given: Given): number => {
  const text = given.text('since')
  return (text === null ? null : momentOf(text, nowOf(given))) ?? nowOf(given) - dayMs
}

export const copiesOf = ({wanted, around, release, stateDir, configFile, config}: Where): CopiesWanted => ({
  ...{wanted, around, release, stateDir, configFile},
  port: config.port,
})

/** What is followed of the gateway that was meant: of logs that were named, nothing but them. */
export const liveOptions = (given: Given): {opening: Opening; feed: LiveOptions} => {
  const where = whereOf(given)
  const isNamed = given.list('log').length > 0
  const heeded = heededIn(given, where, copiesOf(where))
  // The logs and copies of this host are not those of a gateway elsewhere.
  const isOurs = !isNamed && heeded?.isLocal === true
  return {
    opening: {
      kind: 'live',
      host: where.remote ? `${os.hostname()}, a client of ${where.remote.host}:${where.remote.port}` : os.hostname(),
      release: isNamed || isOurs ? where.release : null,
      port: heeded?.port ?? null,
      now: nowOf(given),
      readonly: given.has('readonly'),
      problem: isOurs ? (where.problem ?? unreadProblem(given, where)) : null,
      readingHistory: true,
      trustedProxies: trustedProxiesOf(given, where),
      live: heeded && newLiveNow(process.pid),
    },
    feed: {
      places: isNamed || isOurs ? placesToFollow(given) : [],
      consoles: isOurs ? consoleFiles(where.wanted, where.around).filter(file => fs.existsSync(file)) : [],
      journal: isOurs ? unitOf(where) : null,
      piped: given.list('log').includes('-') ? process.stdin : null,
      container: isOurs ? consoleContainer(given, where) : null,
      given,
      since: sinceOf(given),
      gateway: isOurs ? copiesOf(where) : null,
      heeded,
    },
  }
}
