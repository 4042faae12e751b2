import fs from 'node:fs'
import os from 'node:os'
import type {Opening} from '../app/state.ts'
import {consoleFiles, systemdUnit} from '../gateway/paths.ts'
import type {Given} from './flags.ts'
import {nowOf} from './known.ts'
import type {LiveOptions} from './live-feed.ts'
import {placesToFollow} from './named-logs.ts'
import {momentOf} from './time.ts'
import {type Where, whereOf} from './where.ts'

const dayMs = 86_400_000

/** The clock: ours, or one that began at `--now`. */
export const clockOf = (given: Given): (() => number) => {
  const ahead = nowOf(given) - Date.now()
  return () => Date.now() + ahead
}

const unitOf = ({wanted, around}: Where): string | null => {
  const unit = systemdUnit(wanted, around)
  return around.platform === 'linux' && fs.existsSync(unit.file) ? unit.name : null
}

const sinceOf = (given: Given): number => {
  const text = given.text('since')
  return (text === null ? null : momentOf(text, nowOf(given))) ?? nowOf(given) - dayMs
}

/** What is followed of the gateway that was meant: of logs that were named, nothing but them. */
export const liveOptions = (given: Given): {opening: Opening; feed: LiveOptions} => {
  const where = whereOf(given)
  const isNamed = given.list('log').length > 0
  return {
    opening: {
      kind: 'live',
      host: os.hostname(),
      release: where.release,
      port: isNamed ? null : where.config.port,
      now: nowOf(given),
      readonly: given.has('readonly'),
      problem: isNamed ? null : where.problem,
      readingHistory: true,
    },
    feed: {
      places: placesToFollow(given),
      consoles: isNamed ? [] : consoleFiles(where.wanted, where.around).filter(file => fs.existsSync(file)),
      journal: isNamed ? null : unitOf(where),
      piped: given.list('log').includes('-') ? process.stdin : null,
      given,
      since: sinceOf(given),
      gateway: isNamed
        ? null
        : {
            wanted: where.wanted,
            around: where.around,
            release: where.release,
            stateDir: where.stateDir,
            configFile: where.configFile,
            port: where.config.port,
          },
    },
  }
}
