import path from 'node:path'
import {parseTimeWithin} from '../../app/typed-time.ts'
import {wholeMoment} from '../../app/words.ts'
import type {LogLine} from '../../domain/attempts/event.ts'
import {isFailure, usageFailure} from '../../domain/failure.ts'
import {readLogLine} from '../../gateway/lines/log-line.ts'
import {resolveContext} from '../../runtime/context.ts'
import {filesToRead} from '../../runtime/named-logs.ts'
import {replayFeed} from '../../runtime/watchers/replay.ts'
import {everyLine} from '../../sources/log/backlog.ts'
import {type Command, type ExitCode, exit} from '../command.ts'
import {isInteractive} from '../interactive.ts'
import {type Args, type Flags, screenFlags} from '../options.ts'
import {printFailure} from '../print/failure-output.ts'
import {printSummary} from '../print/summary.ts'
import {runScreen} from './screen.ts'

const flags = {
  speed: {value: 'N', about: 'times faster than it was (default 1)'},
  at: {value: 'T', about: 'begin there: 03:10, 2026-11-30 03:10, ISO 8601, or a length before its end'},
} satisfies Flags

const linesIn = (files: readonly string[]): LogLine[] => {
  const lines: LogLine[] = []
  for (const file of files) {
    let lastAt = 0
    for (const {raw, line} of everyLine(file)) {
      const read = readLogLine(raw, {file, line}, lastAt, Date.now())
      lastAt = read.at
      lines.push(read)
    }
  }
  return lines.sort((a, b) => a.at - b.at)
}

const run = async (args: Args): Promise<ExitCode> => {
  const options = {...args.options, logs: [...args.options.logs, ...args.positionals.slice(1)]}
  if (options.logs.length === 0)
    return printFailure(
      usageFailure('No such log', {because: 'replay needs to be told which', tryThis: '`gatecrab replay FILE…`'}),
    )
  const speed = Number(args.value('speed') ?? 1)
  if (!(speed > 0)) return printFailure(usageFailure('Unknown --speed', {because: 'it takes a number above 0, such as 60'}))
  const context = resolveContext(options)
  const files = filesToRead(context)
  if (isFailure(files)) return printFailure(files)
  if (!isInteractive(args)) return printSummary(context)
  const lines = linesIn(files).filter(line => line.at > 0)
  const from = lines[0]?.at
  const to = lines.at(-1)?.at
  if (from === undefined || to === undefined)
    return printFailure({title: 'Nothing to replay', because: 'the files hold no line with a time', from: 'you'})
  const typed = args.value('at')
  const at = typed === null ? from : parseTimeWithin(typed, {from, to, at: from})
  if (at === null || at < from || at > to)
    return printFailure(
      usageFailure('--at is not within these logs', {because: `they go from ${wholeMoment(from)} to ${wholeMoment(to)}`}),
    )
  const replay = {from, to, at, speed, playing: true}
  return runScreen(
    args,
    {
      kind: 'replay',
      host: files.map(file => path.basename(file)).join(' '),
      release: options.release ?? context.config.release,
      port: null,
      now: from,
      readonly: true,
      replay,
    },
    store => replayFeed(lines, replay, store, context.hostEnv.home),
  ).then(code => code || exit.fine)
}

export const replay: Command = {
  words: 'replay FILE…',
  about: 'the screen on past logs: pause, speed and seek',
  flags,
  common: [...screenFlags, 'log', 'config', 'release', 'now'],
  run,
}
