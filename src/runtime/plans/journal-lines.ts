import {endEntry, plannedEntry} from '../../domain/plans/journal.ts'
import {type JournalRecord, listJournals} from '../../sources/plans/journals.ts'
import type {StatePlaces} from '../../sources/plans/journals-folder.ts'
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
