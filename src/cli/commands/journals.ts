import {usageFailure} from '../../domain/failure.ts'
import {type Entry, plannedEntry} from '../../domain/plans/journal.ts'
import {isRefusal} from '../../domain/plans/make-plan.ts'
import {filesWrittenBy} from '../../domain/plans/plan.ts'
import {journalLine, journalSummary} from '../../runtime/plans/journal-lines.ts'
import {makeContinuation} from '../../runtime/plans/make.ts'
import {previousPlanOf, whatNext} from '../../runtime/plans/previous.ts'
import {sweepAfter} from '../../sources/plans/backup-files.ts'
import {endJournal, type JournalRecord, listJournals, unwritableBecause} from '../../sources/plans/journals.ts'
import {statePlaces} from '../../sources/plans/journals-folder.ts'
import {readHostEnv} from '../../sources/service/host-env.ts'
import {type Command, type ExitCode, exit, type Locate} from '../command.ts'
import {type Args, type Flags, planningFlags} from '../options.ts'
import {planFlags, printRefusal} from '../plans/command.ts'
import {runShown} from '../plans/run.ts'
import {printFailure} from '../print/failure-output.ts'
import {toJson} from '../print/json.ts'
import {entryText} from '../print/plan.ts'
import {foldedForTerminal} from '../print/word-wrap.ts'

const flags = {
  ...planFlags,
  continue: {about: 'with the id of a plan that was cut off, or without: resume or roll back the interrupted plan'},
} satisfies Flags

const places = () => statePlaces(readHostEnv())

const list = (args: Args): ExitCode => {
  const all = listJournals(places())
  const because = unwritableBecause(places())
  if (because !== null)
    printFailure({
      title: `${places().root} cannot be written`,
      because,
      tryThis: 'no plan can run before that is mended',
      from: 'gateway',
    })
  if (args.flag('json')) for (const record of all) process.stdout.write(`${toJson(journalSummary(record, places()))}\n`)
  else
    process.stdout.write(
      all.length === 0
        ? 'No plan has run yet.\n'
        : all.map(record => `${foldedForTerminal(journalLine(record, places()), '    ')}\n`).join(''),
    )
  return exit.fine
}

const showOne = ({entries}: JournalRecord, args: Args): ExitCode => {
  const plan = plannedEntry(entries)?.plan
  const entryDetails = (entry: Entry): string | null => {
    if (args.flag('json')) return toJson(entry)
    const text = plan ? entryText(entry, plan) : null
    return text === null ? null : `${entry.at}  ${text}`
  }
  for (const text of entries.map(entryDetails)) if (text !== null) process.stdout.write(`${text}\n`)
  return exit.fine
}

const noSuch = (id: string): ExitCode =>
  printFailure(usageFailure(`No such journal: ${id}`, {tryThis: '`gatecrab journals` lists them'}))

const close = (record: JournalRecord, words: string): ExitCode => {
  const plan = plannedEntry(record.entries)?.plan
  if (plan) sweepAfter(filesWrittenBy(plan), plan.backups)
  const ended = {kind: 'ended', outcome: 'failed', changed: false, left: [], by: null, unknown: false} as const
  endJournal(places(), record.id, {...ended, because: `it was cut off. ${words}`})
  process.stdout.write(`${record.id}: ${words}\n`)
  return exit.fine
}

const goOn = async (record: JournalRecord, args: Args, locate: Locate): Promise<ExitCode> => {
  const next = whatNext(places(), record)
  if (next === null || next.do === 'wait' || next.do === 'look') {
    process.stdout.write(`${record.id}: ${next?.words ?? 'it has finished; there is nothing to continue.'}\n`)
    return next?.do === 'look' ? exit.unknown : exit.fine
  }
  if (args.flag('readonly')) {
    process.stdout.write(`${record.id}: ${next.words}\n`)
    return exit.usage
  }
  if (next.do === 'close' || next.do === 'again') return close(record, next.words)
  const previous = previousPlanOf(places(), record)
  const gateway = plannedEntry(record.entries)?.plan.gateway
  if (previous === null || !gateway) return close(record, next.words)
  const {made} = await makeContinuation(await locate(), gateway, previous, next.do)
  return isRefusal(made) ? printRefusal(made, args) : runShown(made, args)
}

const run = (args: Args, locate: Locate): Promise<ExitCode> | ExitCode => {
  const [, id] = args.positionals
  const all = listJournals(places())
  if (args.flag('continue')) {
    const query = all.find(record => (id === undefined ? whatNext(places(), record) !== null : record.id.startsWith(id)))
    if (query) return goOn(query, args, locate)
    return id === undefined ? list(args) : noSuch(id)
  }
  if (id === undefined) return list(args)
  const query = all.find(record => record.id.startsWith(id))
  return query ? showOne(query, args) : noSuch(id)
}

export const journals: Command = {
  words: 'journals [ID]',
  about: 'the plans that ran and how they ended; with an id, what one of them did',
  flags,
  common: planningFlags,
  run,
}
