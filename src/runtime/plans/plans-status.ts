import type {PlansState} from '../../domain/diagnosis/plan-problems.ts'
import {plannedEntry} from '../../domain/plans/journal.ts'
import {unwritableBecause} from '../../sources/plans/journals.ts'
import {journalFile, type StatePlaces} from '../../sources/plans/journals-folder.ts'
import {latestCutOff, whatNext} from './previous.ts'
import {gatewayKey} from './target.ts'

/** The state of the plans on this gateway, including those of other processes. */
export const plansState = (places: StatePlaces, configFile: string): PlansState => {
  const record = latestCutOff(places, gatewayKey(configFile))
  const next = record && whatNext(places, record)
  const plan = record && plannedEntry(record.entries)?.plan
  const because = unwritableBecause(places)
  return {
    interrupted:
      record && next && plan
        ? {
            id: record.id,
            fix: plan.fix,
            at: Date.parse(record.entries.at(-1)?.at ?? ''),
            next,
            file: journalFile(places, record.id),
          }
        : null,
    unwritable: because === null ? null : {folder: places.root, because},
  }
}
