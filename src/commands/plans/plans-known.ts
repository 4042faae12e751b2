import type {PlansKnown} from '../../domain/diagnosis/diagnosis-plans.ts'
import {plannedIn} from '../../domain/plans/journal.ts'
import {journalFile, type StatePlaces} from '../../sources/plans/journals-place.ts'
import {unwritableBecause} from '../../sources/plans/state-room.ts'
import {latestCutOff, whatNext} from './plan-past.ts'
import {gatewayKey} from './plan-target.ts'

/** What is to be said of the plans on this gateway, whoever started them. */
export const plansKnown = (places: StatePlaces, configFile: string): PlansKnown => {
  const kept = latestCutOff(places, gatewayKey(configFile))
  const next = kept && whatNext(places, kept)
  const plan = kept && plannedIn(kept.entries)?.plan
  const because = unwritableBecause(places)
  return {
    interrupted:
      kept && next && plan
        ? {id: kept.id, fix: plan.fix, at: Date.parse(kept.entries.at(-1)?.at ?? ''), next, file: journalFile(places, kept.id)}
        : null,
    unwritable: because === null ? null : {folder: places.root, because},
  }
}
