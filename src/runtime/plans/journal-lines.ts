import type {Failure} from '../../domain/failure.ts'
import {type Entry, endEntry, plannedEntry} from '../../domain/plans/journal.ts'
import {type JournalRecord, listJournals} from '../../sources/plans/journals.ts'
import type {StatePlaces} from '../../sources/plans/journals-folder.ts'
import type {StartedPlan} from '../../sources/plans/runner-start.ts'
import {whatNext} from './previous.ts'

export const journalSummary = (record: JournalRecord, places: StatePlaces) => {
  const plan = plannedEntry(record.entries)?.plan
  const end = endEntry(record.entries)
  const next = whatNext(places, record)
  return {
    id: record.id,
    at: plannedEntry(record.entries)?.at ?? null,
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

export const journalLine = (record: JournalRecord, places: StatePlaces): string => {
  const {id, title, outcome, because, next} = journalSummary(record, places)
  const state = next === null ? (outcome ?? 'unknown') : next.do === 'wait' ? 'running' : 'CUT OFF'
  const way = next === null || next.do === 'wait' || next.do === 'look' ? '' : ` Run \`gatecrab journals --continue ${id}\`.`
  const outcomeText = next === null ? because : `${next.words}${way}`
  return `${id.padEnd(36)} ${state.padEnd(8)} ${title ?? ''}${outcomeText === null ? '' : `: ${outcomeText}`}`
}

/** Every plan that ran, newest first, a line each. */
export const journalLines = (places: StatePlaces): string[] => listJournals(places).map(record => journalLine(record, places))

/** The process of a plan is gone, and its journal has no end; where the journal has no beginning either, nothing was done. */
export const lostProblem = async ({plan, gone}: StartedPlan, entries: readonly Entry[]): Promise<Failure> => {
  const because = await gone
  return entries.length === 0
    ? {
        title: 'The plan could not be started',
        because: because ?? 'its process ended before it began',
        tryThis: 'nothing was changed; make room on the disk, or raise `ulimit -n`, then run it again',
        from: 'us',
      }
    : {
        title: 'The process that ran the plan died before the plan ended',
        because: 'its journal has no end; what it had changed by then stands there',
        tryThis: `\`gatecrab journals --continue ${plan.id}\`, or t on the screen, finishes it or takes it back`,
        from: 'us',
      }
}
