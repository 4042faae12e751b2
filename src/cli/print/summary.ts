import {clientEntries} from '../../app/rows/client-entries.ts'
import {ago, clock, plural} from '../../app/words.ts'
import {addressOf} from '../../domain/attempts/attempt.ts'
import {nameOf} from '../../domain/attempts/client-name.ts'
import {droppedText} from '../../domain/attempts/eviction-policy.ts'
import {dayMs} from '../../domain/durations.ts'
import {isFailure} from '../../domain/failure.ts'
import type {Tallies} from '../../domain/log-source.ts'
import {adviceOf, reasonById} from '../../domain/reasons/reason.ts'
import {applyLine} from '../../domain/world/apply-line.ts'
import {createWorld, type World} from '../../domain/world/world.ts'
import {consoleFailure, consoleProblem, readConsole} from '../../runtime/container-console.ts'
import {type GatewayContext, trustedProxiesOf} from '../../runtime/context.ts'
import {eventBatches, readEvents} from '../../runtime/event-batches.ts'
import {logStates, misreadProblems} from '../../runtime/log-state.ts'
import {filesToRead} from '../../runtime/named-logs.ts'
import {currentTime, isPiped, namedLogs} from '../../runtime/options.ts'
import {readOwnSockets} from '../../runtime/snapshot.ts'
import {type ExitCode, exit} from '../command.ts'
import {printFailure} from './failure-output.ts'
import {folded, wrapped} from './word-wrap.ts'

const maxRows = 20

const clientsText = (world: World, now: number): string[] => {
  const entries = clientEntries(world.clients.byKey.values(), now)
  const rows = entries.slice(0, maxRows).map(({client, tally, state, lastAt}) => {
    const what = tally
      ? `${tally.count + tally.hidden} × ${tally.detail ?? tally.reason} (${tally.code ?? 'no code'})`
      : plural(client.connected, 'visit')
    const row = `  ${clock(lastAt)}  ${state.padEnd(7)} ${nameOf(client).padEnd(18)} ${(addressOf(client) ?? '').padEnd(15)} ${what}`
    return folded(row, ' '.repeat(12))
  })
  const dropped = droppedText(world.clients.dropped.clients)
  return [
    ...rows,
    ...(entries.length > maxRows
      ? [`  … and ${entries.length - maxRows} more; gatecrab connections --by client lists them`]
      : []),
    ...(dropped === '' ? [] : [`  … ${dropped}`]),
  ]
}

const adviceText = (world: World, now: number): string[] => {
  const [worst] = clientEntries(world.clients.byKey.values(), now)
  if (!worst?.tally || worst.state === 'out' || worst.state === 'back') return []
  const row = reasonById(worst.tally.detail ?? worst.tally.reason)
  return ['', wrapped(`Why: ${row.means}`), wrapped(`Do: ${adviceOf(row, worst.tally.last.requestId, world.life.release)}`)]
}

const linesText = (world: World, firstAt: number, now: number): string =>
  `${plural(world.lines, 'relevant log line')} since ${new Date(firstAt).toISOString()}; the newest ${ago(world.newestAt, now)}`

const report = (world: World, now: number, names: readonly string[]): string =>
  [
    folded(`gatecrab, one look at ${names.join(', ')}`, '  '),
    folded(world.firstAt === null ? 'no relevant log lines' : linesText(world, world.firstAt, now), '  '),
    folded(
      `${plural(world.refused + world.hidden, 'failed connection')} (${world.hidden} of them only summarised by the gateway), ${plural(world.providerFailures, 'provider failure')}`,
      '  ',
    ),
    ...clientsText(world, now),
    ...adviceText(world, now),
    '',
  ].join('\n')

/** Prints a summary of the screen once, when stdout is not a terminal. */
export const printSummary = async (context: GatewayContext): Promise<ExitCode> => {
  const {options} = context
  const now = currentTime(options)
  const files = filesToRead(context)
  if (isFailure(files)) return printFailure(files)
  const tallies: Tallies = new Map()
  const console = readConsole(context, now - dayMs)
  const {world} = await readOwnSockets(context, console === null, async ownPort => {
    const lines = eventBatches(options, files, now, ownPort === null ? {tallies, console} : {})
    const read = createWorld({}, trustedProxiesOf(context), ownPort)
    await readEvents(lines, line => void applyLine(read, line))
    return {world: read}
  })
  const failure = consoleFailure(console, tallies)
  if (console && failure) printFailure(consoleProblem(console.name, failure))
  process.stdout.write(report(world, now, isPiped(options) ? [...files, 'standard input'] : console ? [console.name] : files))
  for (const problem of misreadProblems(logStates(tallies, namedLogs(options)))) printFailure(problem)
  return exit.fine
}
