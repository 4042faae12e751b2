import fs from 'node:fs'
import path from 'node:path'
import {
  type Continuation,
  continuation,
  filesWritten,
  lastChild,
  type PlanCondition,
  remotesWritten,
  tokenDigests,
} from '../../domain/plans/continuation.ts'
import type {Facts, Leftovers, PreviousFile, PreviousPlan} from '../../domain/plans/facts.ts'
import {type Entry, endEntry, entriesOf, plannedEntry} from '../../domain/plans/journal.ts'
import {configBackup, isFirstToken} from '../../domain/plans/plan.ts'
import {fingerprintOf} from '../../domain/secret.ts'
import {isAuthKey, type TokenCopy} from '../../domain/token/copy.ts'
import {readBytes} from '../../sources/files.ts'
import {type KeyedHasher, openHasher} from '../../sources/plans/digest.ts'
import {type JournalRecord, listJournals} from '../../sources/plans/journals.ts'
import {backupFolder, type StatePlaces} from '../../sources/plans/journals-folder.ts'
import {lockHolder} from '../../sources/plans/lock.ts'
import {isBroken, tokenIn, tokenNow} from '../../sources/plans/secret-place.ts'
import {isAlive} from '../../sources/process-start.ts'

export const busyWith = (places: StatePlaces, key: string): Facts['busy'] => {
  const holder = lockHolder(places, key)
  return holder && {id: holder.id, fix: holder.fix, pid: holder.owner.pid}
}

export const isOf = (key: string, {entries}: JournalRecord): boolean => plannedEntry(entries)?.plan.gateway.key === key

const runnerOf = (entries: readonly Entry[]): PlanCondition['runner'] => {
  const planned = plannedEntry(entries)
  return planned !== null && isAlive(planned.runner) ? 'alive' : 'gone'
}

const isCutOff = ({entries}: JournalRecord): boolean =>
  endEntry(entries) === null && runnerOf(entries) === 'gone' && plannedEntry(entries) !== null

/** An unfinished plan on this gateway whose runner is gone. */
export const latestCutOff = (places: StatePlaces, key: string): JournalRecord | null =>
  cutOffPlan(places, key) ?? listJournals(places).find(record => isOf(key, record) && isCutOff(record)) ?? null

/** An unfinished plan on this gateway whose runner is gone; one that changed nothing is ignored. */
export const cutOffPlan = (places: StatePlaces, key: string): JournalRecord | null =>
  listJournals(places).find(record => isOf(key, record) && isCutOff(record) && whatNext(places, record)?.do !== 'close') ?? null

const tokenState = (entries: readonly Entry[], hasher: KeyedHasher): PlanCondition['token'] => {
  const plan = plannedEntry(entries)?.plan
  const token = plan ? tokenNow(plan.gateway) : null
  if (token === null) {
    if (plan && isBroken(plan.gateway.tokenFile, plan.gateway.form)) return 'broken'
    return plan && isFirstToken(plan) ? 'before' : 'unreadable'
  }
  const {before, after} = tokenDigests(entries)
  const digest = hasher.tokenDigest(token)
  if (digest === before?.mark) return 'before'
  return digest === after?.mark ? 'after' : 'other'
}

const conditionOf = (entries: readonly Entry[], hasher: KeyedHasher): PlanCondition => {
  const child = lastChild(entries)
  return {
    runner: runnerOf(entries),
    child: child !== null && isAlive(child) ? 'alive' : 'gone',
    token: tokenState(entries, hasher),
  }
}

/** What to do with an unfinished plan; null for a finished one. */
export const whatNext = (places: StatePlaces, {entries}: JournalRecord): Continuation | null =>
  endEntry(entries) !== null ? null : continuation(entries, conditionOf(entries, openHasher(places.key)))

const fileState = (file: string, backup: string, seal: string, hasher: KeyedHasher): PreviousFile['now'] => {
  try {
    const now = hasher.digest(readBytes(file))
    if (now === seal) return 'after'
    return now === hasher.digest(readBytes(backup)) ? 'before' : 'other'
  } catch {
    return 'unreadable'
  }
}

/** What a plan left that can be restored, and its state now. */
export const previousPlanOf = (places: StatePlaces, {id, entries}: JournalRecord): PreviousPlan | null => {
  const plan = plannedEntry(entries)?.plan
  if (!plan) return null
  const hasher = openHasher(places.key)
  const {after} = tokenDigests(entries)
  const wrote = entriesOf(entries, 'step-started').some(({step}) =>
    plan.steps.some(one => one.id === step && one.act.do === 'write-token'),
  )
  const old = tokenIn(configBackup(plan.backups), plan.gateway)
  const token =
    wrote && after !== null
      ? {
          before: old && fingerprintOf(old),
          after: after.fingerprint,
          mark: after.mark,
          isFirst: isFirstToken(plan),
          needsPerson: plan.steps.some(({act}) => act.do === 'wait-restarted'),
          now: tokenState(entries, hasher),
        }
      : null
  const files = filesWritten(entries).map(written => ({
    ...written,
    now: fileState(written.file, written.backup, written.seal, hasher),
  }))
  return {id, fix: plan.fix, backups: plan.backups, token, files, remotes: remotesWritten(entries)}
}

const wroteSomething = (previous: PreviousPlan | null): previous is PreviousPlan =>
  previous !== null && (previous.token !== null || previous.files.length > 0)

/** The plan with this id; otherwise the last one on this gateway that wrote something and was not undone. */
export const planToUndo = (places: StatePlaces, key: string, id: string | null): PreviousPlan | null => {
  const all = listJournals(places).filter(record => isOf(key, record))
  const undone = new Set(
    all.flatMap(({entries}) => (endEntry(entries)?.outcome === 'done' ? (plannedEntry(entries)?.plan.undoes ?? []) : [])),
  )
  const candidates =
    id === null ? all.filter(record => isDone(record) && !undone.has(record.id)) : all.filter(record => record.id.startsWith(id))
  return candidates.map(record => previousPlanOf(places, record)).find(wroteSomething) ?? null
}

const isDone = ({entries}: JournalRecord): boolean => {
  const fix = plannedEntry(entries)?.plan.fix
  return (fix === 'rotate' || fix === 'put-back' || fix === 'propagate') && endEntry(entries)?.changed === true
}

/** Where the config cannot be parsed: the last plan that wrote it, if that one did not end well and has the file of before. */
export const restorablePlan = (places: StatePlaces, key: string): {record: JournalRecord; previous: PreviousPlan} | null => {
  for (const record of listJournals(places)) {
    const end = endEntry(record.entries)
    const previous = isOf(key, record) && end !== null ? previousPlanOf(places, record) : null
    if (previous === null || previous.token === null) continue
    const isWhole = !isBroken(configBackup(previous.backups))
    return end?.outcome === 'failed' && previous.token.now === 'broken' && isWhole ? {record: record, previous: previous} : null
  }
  return null
}

export const restorableFile = (places: StatePlaces, key: string): Facts['restorable'] => {
  const found = restorablePlan(places, key)
  return found && {id: found.previous.id, backup: configBackup(found.previous.backups)}
}

const ownBackups = (places: StatePlaces): Leftovers['own'] => {
  let names: string[] = []
  try {
    names = fs.readdirSync(places.backups)
  } catch {}
  return names.toSorted().map(plan => ({plan, folder: backupFolder(places, path.basename(plan))}))
}

export const leftoversOf = (places: StatePlaces, copies: readonly TokenCopy[]): Leftovers => ({
  backups: copies.filter(
    ({place, verdict, kind, key}) => place === 'backup' && verdict === 'differs' && kind === 'literal' && isAuthKey(key),
  ),
  audits: [...new Set(copies.filter(({place, kind}) => place === 'audit-log' && kind === 'literal').map(copy => copy.path))],
  own: ownBackups(places),
})
