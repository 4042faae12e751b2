import type {LoginWrite} from '../../domain/logins/renewal.ts'
import {endEntry, entriesOf, plannedEntry} from '../../domain/plans/journal.ts'
import type {Plan, Step} from '../../domain/plans/plan.ts'
import type {Refusal} from '../../domain/plans/preconditions.ts'
import type {RenewalFacts} from '../../domain/plans/renewal/facts.ts'
import {loginBackup} from '../../domain/plans/renewal/steps.ts'
import {type PreviousRenewal, undoRenewalPlan} from '../../domain/plans/renewal/undo.ts'
import {readText} from '../../sources/files.ts'
import {type JournalRecord, listJournals} from '../../sources/plans/journals.ts'
import type {StatePlaces} from '../../sources/plans/journals-folder.ts'
import type {PlanContext} from './context.ts'
import {renewalFacts} from './renewal-facts.ts'

type Saved = {step: Step; login: LoginWrite; kind: PreviousRenewal['kind']}

const savedIn = ({entries}: JournalRecord): Saved | null => {
  const plan = plannedEntry(entries)?.plan
  const step = plan?.fix === 'renew' ? plan.steps.find(({act, undo}) => act.do === 'save-login' && undo !== null) : undefined
  if (step?.act.do !== 'save-login') return null
  const {login} = step.act
  if (login.aim.is === 'first') return {step, login, kind: 'order'}
  return {step, login, kind: step.argv?.includes('paste-token') ? 'paste-token' : 'paste-api-key'}
}

const changed = ({entries}: JournalRecord): boolean => endEntry(entries)?.changed === true

/** The renewal with this id; otherwise the last one on this gateway that wrote something and was not undone. */
export const renewalToUndo = (places: StatePlaces, key: string, id: string | null): JournalRecord | null => {
  const all = listJournals(places).filter(({entries}) => plannedEntry(entries)?.plan.gateway.key === key)
  const takenBack = new Set(
    all.flatMap(({entries}) => (endEntry(entries)?.outcome === 'done' ? (plannedEntry(entries)?.plan.undoes ?? []) : [])),
  )
  const candidates =
    id === null ? all.filter(record => !takenBack.has(record.id)) : all.filter(record => record.id.startsWith(id))
  return candidates.find(record => savedIn(record) !== null && changed(record)) ?? null
}

type Backup = {row: Record<string, unknown> | null; order: readonly string[] | null}

const backupOf = (folder: string): Backup | null => {
  try {
    return JSON.parse(readText(loginBackup(folder))) as Backup
  } catch {
    return null
  }
}

const typeIn = (row: Record<string, unknown>): string => String(row['type'] ?? row['mode'] ?? '').replace('apiKey', 'api_key')

const isAsWritten = ({entries}: JournalRecord, {step, login, kind}: Saved, facts: RenewalFacts): boolean => {
  if (kind === 'order') return login.aim.is === 'first' && JSON.stringify(facts.order.stored) === JSON.stringify(login.aim.order)
  const wrote = entriesOf(entries, 'step-ended').findLast(entry => entry.step === step.id)?.wrote
  return wrote != null && wrote.seal === facts.seal
}

const previousPlanOf = (
  record: JournalRecord,
  saved: Saved,
  plan: Plan,
  backup: Backup,
  facts: RenewalFacts,
): PreviousRenewal => {
  const {row} = backup
  const expires = Number(row?.['expires'])
  return {
    id: record.id,
    kind: saved.kind,
    backups: plan.backups,
    before: row && {
      endsAt: Number.isFinite(expires) && expires > 0 ? expires : null,
      isSameType: typeIn(row) === (saved.kind === 'paste-token' ? 'token' : 'api_key'),
    },
    order: backup.order,
    isAsWritten: isAsWritten(record, saved, facts),
  }
}

const gone = (id: string): Refusal => ({
  refused: {
    title: `Nothing of ${id} can be put back`,
    because: 'its backup is gone',
    tryThis: '`gatecrab profiles` shows how things stand',
    from: 'you',
  },
  unknown: false,
})

/** The plan that takes a renewal back. */
export const makeRenewalUndo = async (record: JournalRecord, planContext: PlanContext): Promise<Plan | Refusal> => {
  const plan = plannedEntry(record.entries)?.plan
  const saved = savedIn(record)
  const backup = plan ? backupOf(plan.backups) : null
  if (!plan || !saved || !backup) return gone(record.id)
  const {profileId, agent} = saved.login
  const candidates = {
    profileId,
    agent,
    kind: saved.kind,
    validFor: null,
    ...(saved.kind === 'order' ? {order: backup.order ?? []} : {}),
  }
  const facts = await renewalFacts(planContext, candidates, Date.now())
  return 'refused' in facts ? facts : undoRenewalPlan(facts, previousPlanOf(record, saved, plan, backup, facts))
}
