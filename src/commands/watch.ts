import fs from 'node:fs'
import os from 'node:os'
import type {Problem} from '../domain/problem.ts'
import {consoleFiles, systemdUnit} from '../gateway/paths.ts'
import {filesOf} from '../sources/log-files.ts'
import type {Command, ExitCode} from './command.ts'
import {runDemo} from './demo.ts'
import type {Flags, Given} from './flags.ts'
import {glance} from './glance.ts'
import {nowOf} from './known.ts'
import {liveFeed} from './live-feed.ts'
import {placesToFollow} from './named-logs.ts'
import {runScreen} from './screen.ts'
import {isInteractive} from './terminal.ts'
import {momentOf} from './time.ts'
import {type Where, whereOf} from './where.ts'

const flags = {
  since: {value: 'T', about: 'count from then on (default 24h)'},
} satisfies Flags

const dayMs = 86_400_000

/** A gateway that has never been here leaves neither a config nor a log. */
const hasGateway = (given: Given): boolean => {
  if (given.list('log').length > 0) return true
  const where = whereOf(given)
  return where.hasConfig || where.places.some(place => filesOf(place).length > 0)
}

/** The clock of the screen: ours, or one that began at `--now`. */
const clockOf = (given: Given): (() => number) => {
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

const run = async (given: Given): Promise<ExitCode> => {
  if (!hasGateway(given)) return runDemo(given, 'No OpenClaw gateway was found on this host, so this is the built-in demo.')
  if (!isInteractive(given)) return glance(given)
  const where = whereOf(given)
  const isNamed = given.list('log').length > 0
  const problem: Problem | null = isNamed ? null : where.problem
  return runScreen(
    given,
    {
      kind: 'live',
      host: os.hostname(),
      release: where.release,
      port: isNamed ? null : where.config.port,
      now: nowOf(given),
      readonly: given.has('readonly'),
      problem,
      readingHistory: true,
    },
    store => ({
      ...liveFeed(
        {
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
        store,
      ),
      now: clockOf(given),
    }),
  )
}

export const watch: Command = {
  words: 'watch',
  about: 'the screen, on the gateway of this host (what plain gatecrab does)',
  flags,
  run,
}
