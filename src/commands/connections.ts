import {nameOf} from '../app/client-rows.ts'
import {type Attempt, addressOf} from '../domain/attempt.ts'
import {stateOf} from '../domain/client.ts'
import type {LogLine} from '../domain/event.ts'
import {hear, newWorld, passTime, type World} from '../domain/world.ts'
import {attemptJson, clientJson} from './attempt-json.ts'
import {type Command, type ExitCode, exit, isProblem} from './command.ts'
import type {Flags, Given} from './flags.ts'
import {nowOf} from './known.ts'
import {filesToRead, placesToFollow} from './named-logs.ts'
import {complain, lineWriter} from './output.ts'
import {iso, momentOf} from './time.ts'
import {hearAll, type ToldLines, toldLines} from './told-lines.ts'

const flags = {
  since: {value: 'T', about: 'from then on: ISO 8601, or a length ago such as 15m, 2h, 3d'},
  until: {value: 'T', about: 'up to then'},
  follow: {about: 'go on: a line for each attempt as its fate is known, again when it ends'},
  by: {value: 'client', about: 'one line a client'},
  json: {about: 'NDJSON'},
} satisfies Flags

type Span = {since: number; until: number; now: number}

const spanOf = (given: Given): Span => {
  const now = nowOf(given)
  const at = (flag: 'since' | 'until', or: number): number => momentOf(given.text(flag) ?? '', now) ?? or
  return {since: at('since', -Infinity), until: at('until', Infinity), now}
}

const isIn = ({since, until}: Span, at: number): boolean => at >= since && at <= until

const attemptText = (attempt: Attempt): string => {
  const who = [attempt.client.id ?? 'unnamed', attempt.client.version].filter(Boolean).join(' ')
  const hidden = attempt.alsoHidden > 0 ? `  +${attempt.alsoHidden} hidden` : ''
  const what = attempt.detail ?? attempt.reason ?? ''
  return `${iso(attempt.at)}  ${attempt.outcome.padEnd(9)} ${String(attempt.closeCode ?? '').padEnd(4)} ${what.padEnd(26)} ${who.padEnd(26)} ${addressOf(attempt) ?? ''}${hidden}`
}

const printAttempts = (attempts: readonly Attempt[], given: Given): void => {
  const out = lineWriter(process.stdout)
  for (const attempt of attempts) out.line(given.has('json') ? JSON.stringify(attemptJson(attempt)) : attemptText(attempt))
  out.flush()
}

const printClients = (world: World, given: Given, now: number): void => {
  const out = lineWriter(process.stdout)
  for (const client of Array.from(world.clients.values()).toSorted((a, b) => b.lastAt - a.lastAt)) {
    const counts = `${client.attempts} attempts, ${client.refused} refused${client.hidden > 0 ? `, ${client.hidden} hidden` : ''}`
    const text = () =>
      `${iso(client.lastAt)}  ${stateOf(client, now).padEnd(8)} ${nameOf(client).padEnd(26)} ${(addressOf(client) ?? '').padEnd(16)} ${counts}  ${client.lastReason ?? ''}`
    out.line(given.has('json') ? JSON.stringify(clientJson(client, now)) : text())
  }
  out.flush()
}

const everyAttempt = async (lines: ToldLines, span: Span, given: Given): Promise<void> => {
  const world = newWorld({clients: 1, recent: 1, marks: 1})
  const attempts: Attempt[] = []
  await hearAll(lines, line => {
    const change = hear(world, line)
    if (change?.isNew) attempts.push(change.attempt)
  })
  printAttempts(
    attempts.filter(({at}) => isIn(span, at)).sort((a, b) => a.at - b.at),
    given,
  )
}

const everyClient = async (lines: ToldLines, span: Span, given: Given): Promise<void> => {
  const world = newWorld({clients: 100_000, recent: 1, marks: 1})
  await hearAll(lines, line => {
    if (isIn(span, line.at)) hear(world, line)
  })
  passTime(world, Infinity)
  printClients(world, given, span.now)
}

/** Until it is interrupted, or its pipe ends. */
const follow = async (given: Given, span: Span): Promise<ExitCode> => {
  const {followLogs} = await import('../sources/live-log.ts')
  const world = newWorld()
  const out = lineWriter(process.stdout, 0)
  const print = (attempt: Attempt): void => {
    if (isIn(span, attempt.at)) out.line(given.has('json') ? JSON.stringify(attemptJson(attempt)) : attemptText(attempt))
  }
  const onLines = (lines: readonly LogLine[]) => {
    for (const line of lines) {
      const change = hear(world, line)
      for (const attempt of change?.also ?? []) print(attempt)
      if (change?.settled || change?.ended) print(change.attempt)
    }
  }
  /** Some refusals never get their second line: they are told of when it should have come. */
  const waiting = setInterval(() => passTime(world, Date.now()).forEach(print), 1000)
  return new Promise(resolve => {
    const log = followLogs({
      places: placesToFollow(given),
      consoles: [],
      journal: null,
      piped: given.list('log').includes('-') ? process.stdin : null,
      from: span.since === -Infinity ? 'end' : 'start',
      onLines,
      onSources: () => {},
      onEnd: () => end(exit.fine),
    })
    const end = (code: ExitCode) => {
      clearInterval(waiting)
      passTime(world, Infinity).forEach(print)
      log.close()
      resolve(code)
    }
    process.once('SIGINT', () => end(exit.interrupted))
    process.once('SIGTERM', () => end(exit.interrupted))
    process.stdout.once('error', () => end(exit.fine))
  })
}

const run = async (given: Given): Promise<ExitCode> => {
  const span = spanOf(given)
  const by = given.text('by')
  if (by !== null && by !== 'client') return complain({title: 'Unknown --by', because: 'only --by client is known', from: 'you'})
  if (given.has('follow')) return follow(given, span)
  const every = by === 'client' ? everyClient : everyAttempt
  const files = filesToRead(given)
  if (isProblem(files)) return complain(files)
  await every(toldLines(given, files, span.now), span, given)
  return exit.fine
}

export const connections: Command = {words: 'connections', about: 'every connection attempt with its close code', flags, run}
