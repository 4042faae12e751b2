import fs from 'node:fs'
import type {LoginWrite} from '../../domain/logins/renewal.ts'
import type {RenewalFacts} from '../../domain/logins/renewal-facts.ts'
import {loginBackup} from '../../domain/logins/renewal-steps.ts'
import {type RenewalPast, undoRenewalPlan} from '../../domain/logins/renewal-undo.ts'
import type {Refusal} from '../../domain/plans/fixes-needs.ts'
import {endIn, every, plannedIn} from '../../domain/plans/journal.ts'
import type {Plan, Step} from '../../domain/plans/plan.ts'
import {type Kept, listJournals} from '../../sources/plans/journals.ts'
import type {StatePlaces} from '../../sources/plans/journals-place.ts'
import type {Ground} from './plan-ground.ts'
import {renewalFacts} from './renew-facts.ts'

type Saved = {step: Step; login: LoginWrite; kind: RenewalPast['kind']}

const savedIn = ({entries}: Kept): Saved | null => {
  const plan = plannedIn(entries)?.plan
  const step = plan?.fix === 'renew' ? plan.steps.find(({act, undo}) => act.do === 'save-login' && undo !== null) : undefined
  if (step?.act.do !== 'save-login') return null
  const {login} = step.act
  if (login.aim.is === 'first') return {step, login, kind: 'order'}
  return {step, login, kind: step.argv?.includes('paste-token') ? 'paste-token' : 'paste-api-key'}
}

const changed = ({entries}: Kept): boolean => endIn(entries)?.changed === true

/** The renewal with this id; else the last one on this gateway that wrote something and was not taken back. */
export const renewalToUndo = (places: StatePlaces, key: string, id: string | null): Kept | null => {
  const all = listJournals(places).filter(({entries}) => plannedIn(entries)?.plan.gateway.key === key)
  const takenBack = new Set(
    all.flatMap(({entries}) => (endIn(entries)?.outcome === 'done' ? (plannedIn(entries)?.plan.undoes ?? []) : [])),
  )
  const wanted = id === null ? all.filter(kept => !takenBack.has(kept.id)) : all.filter(kept => kept.id.startsWith(id))
  return wanted.find(kept => savedIn(kept) !== null && changed(kept)) ?? null
}

type Backup = {row: Record<string, unknown> | null; order: readonly string[] | null}

const backupOf = (folder: string): Backup | null => {
  try {
    return JSON.parse(fs.readFileSync(loginBackup(folder), 'utf8')) as Backup
  } catch {
    return null
  }
}

const typeIn = (row: Record<string, unknown>): string => String(row['type'] ?? row['mode'] ?? '').replace('apiKey', 'api_key')

const isAsWritten = ({entries}: Kept, {step, login, kind}: Saved, facts: RenewalFacts): boolean => {
  if (kind === 'order') return login.aim.is === 'first' && JSON.stringify(facts.order.stored) === JSON.stringify(login.aim.order)
  const wrote = every(entries, 'step-ended').findLast(entry => entry.step === step.id)?.wrote
  return wrote != null && wrote.seal === facts.seal
}

const pastOf = (kept: Kept, saved: Saved, plan: Plan, backup: Backup, facts: RenewalFacts): RenewalPast => {
  const {row} = backup
  const expires = Number(row?.['expires'])
  return {
    id: kept.id,
    kind: saved.kind,
    backups: plan.backups,
    before: row && {
      endsAt: Number.isFinite(expires) && expires > 0 ? expires : null,
      isSameType: typeIn(row) === (saved.kind === 'paste-token' ? 'token' : 'api_key'),
    },
    order: backup.order,
    isAsWritten: isAsWritten(kept, saved, facts),
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
export const makeRenewalUndo = async (kept: Kept, ground: Ground): Promise<Plan | Refusal> => {
  const plan = plannedIn(kept.entries)?.plan
  const saved = savedIn(kept)
  const backup = plan ? backupOf(plan.backups) : null
  if (!plan || !saved || !backup) return gone(kept.id)
  const {profileId, agent} = saved.login
  const wanted = {
    profileId,
    agent,
    kind: saved.kind,
    validFor: null,
    ...(saved.kind === 'order' ? {order: backup.order ?? []} : {}),
  }
  const facts = await renewalFacts(ground, wanted, Date.now())
  return 'refused' in facts ? facts : undoRenewalPlan(facts, pastOf(kept, saved, plan, backup, facts))
}
