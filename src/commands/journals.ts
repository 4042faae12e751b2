import {isRefusal} from '../domain/plans/fix.ts'
import {type Entry, endIn, plannedIn} from '../domain/plans/journal.ts'
import {filesWrittenBy} from '../domain/plans/plan.ts'
import {endJournal, type Kept, listJournals} from '../sources/plans/journals.ts'
import {statePlaces} from '../sources/plans/journals-place.ts'
import {unwritableBecause} from '../sources/plans/state-room.ts'
import {sweepAfter} from '../sources/plans/steps-files.ts'
import {surroundings} from '../sources/service/surroundings.ts'
import {type Command, type ExitCode, exit} from './command.ts'
import type {Flags, Given} from './flags.ts'
import {planFlags, told} from './plans/plan-command.ts'
import {makeContinuation} from './plans/plan-make.ts'
import {pastOf, whatNext} from './plans/plan-past.ts'
import {runShown} from './plans/plan-run.ts'
import {entryText} from './plans/plan-text.ts'
import {toJson} from './told/json.ts'
import {complain} from './told/output.ts'
import {foldedForTerminal} from './told/wrapped.ts'

const flags = {
  ...planFlags,
  continue: {about: 'with the id of a plan that was cut off, or without: do the one right thing with it'},
} satisfies Flags

const places = () => statePlaces(surroundings())

const summaryOf = (kept: Kept) => {
  const plan = plannedIn(kept.entries)?.plan
  const end = endIn(kept.entries)
  const next = whatNext(places(), kept)
  return {
    id: kept.id,
    at: plannedIn(kept.entries)?.at ?? null,
    fix: plan?.fix ?? null,
    title: plan?.title ?? null,
    gateway: plan ? {configFile: plan.gateway.configFile, host: plan.gateway.host, port: plan.gateway.port} : null,
    outcome: end?.outcome ?? null,
    changed: end?.changed ?? null,
    because: end?.because ?? null,
    by: end?.by ?? null,
    endedAt: end?.at ?? null,
    next: next && {do: next.do, words: next.words},
  }
}

const lineOf = (kept: Kept): string => {
  const {id, title, outcome, because, next} = summaryOf(kept)
  const state = next === null ? (outcome ?? 'unknown') : next.do === 'wait' ? 'running' : 'CUT OFF'
  const way = next === null || next.do === 'wait' || next.do === 'look' ? '' : ` Run \`gatecrab journals --continue ${id}\`.`
  const told = next === null ? because : `${next.words}${way}`
  return `${id.padEnd(36)} ${state.padEnd(8)} ${title ?? ''}${told === null ? '' : `: ${told}`}`
}

/** Every plan that ran, newest first, a line each. */
export const journalLines = (): string[] => listJournals(places()).map(lineOf)

const list = (given: Given): ExitCode => {
  const all = listJournals(places())
  const because = unwritableBecause(places())
  if (because !== null)
    complain({
      title: `${places().root} cannot be written`,
      because,
      tryThis: 'no plan can run before that is mended',
      from: 'gateway',
    })
  if (given.has('json')) for (const kept of all) process.stdout.write(`${toJson(summaryOf(kept))}\n`)
  else
    process.stdout.write(
      all.length === 0 ? 'No plan has run yet.\n' : all.map(kept => `${foldedForTerminal(lineOf(kept), '    ')}\n`).join(''),
    )
  return exit.fine
}

const showOne = ({entries}: Kept, given: Given): ExitCode => {
  const plan = plannedIn(entries)?.plan
  const toldBy = (entry: Entry): string | null => {
    if (given.has('json')) return toJson(entry)
    const text = plan ? entryText(entry, plan) : null
    return text === null ? null : `${entry.at}  ${text}`
  }
  for (const text of entries.map(toldBy)) if (text !== null) process.stdout.write(`${text}\n`)
  return exit.fine
}

const noSuch = (id: string): ExitCode =>
  complain({title: `No such journal: ${id}`, tryThis: '`gatecrab journals` lists them', from: 'you'})

const close = (kept: Kept, words: string): ExitCode => {
  const plan = plannedIn(kept.entries)?.plan
  if (plan) sweepAfter(filesWrittenBy(plan), plan.backups)
  const ended = {kind: 'ended', outcome: 'failed', changed: false, left: [], by: null, unknown: false} as const
  endJournal(places(), kept.id, {...ended, because: `it was cut off. ${words}`})
  process.stdout.write(`${kept.id}: ${words}\n`)
  return exit.fine
}

const goOn = async (kept: Kept, given: Given): Promise<ExitCode> => {
  const next = whatNext(places(), kept)
  if (next === null || next.do === 'wait' || next.do === 'look') {
    process.stdout.write(`${kept.id}: ${next?.words ?? 'it came to its end; there is nothing to continue.'}\n`)
    return next?.do === 'look' ? exit.unknown : exit.fine
  }
  if (given.has('readonly')) {
    process.stdout.write(`${kept.id}: ${next.words}\n`)
    return exit.usage
  }
  if (next.do === 'close' || next.do === 'again') return close(kept, next.words)
  const past = pastOf(places(), kept)
  const gateway = plannedIn(kept.entries)?.plan.gateway
  if (past === null || !gateway) return close(kept, next.words)
  const {made} = await makeContinuation(given, gateway, past, next.do)
  return isRefusal(made) ? told(made, given) : runShown(made, given)
}

const run = (given: Given): Promise<ExitCode> | ExitCode => {
  const [, id] = given.words
  const all = listJournals(places())
  if (given.has('continue')) {
    const wanted = all.find(kept => (id === undefined ? whatNext(places(), kept) !== null : kept.id.startsWith(id)))
    if (wanted) return goOn(wanted, given)
    return id === undefined ? list(given) : noSuch(id)
  }
  if (id === undefined) return list(given)
  const wanted = all.find(kept => kept.id.startsWith(id))
  return wanted ? showOne(wanted, given) : noSuch(id)
}

export const journals: Command = {
  words: 'journals [ID]',
  about: 'the plans that ran and how they ended; with an id, what one of them did',
  flags,
  run,
}
