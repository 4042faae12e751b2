import fs from 'node:fs'
import path from 'node:path'
import {configBackup} from '../../domain/plans/fixes-token.ts'
import {type Entry, endIn, every, plannedIn} from '../../domain/plans/journal.ts'
import {
  type Continuation,
  continuation,
  filesWritten,
  type Look,
  lastChild,
  remotesWritten,
  tokenMarks,
} from '../../domain/plans/journal-continuation.ts'
import {isFirstToken} from '../../domain/plans/plan.ts'
import type {Facts, Leftovers, Past, PastFile} from '../../domain/plans/plan-facts.ts'
import {fingerprintOf} from '../../domain/secret.ts'
import type {TokenCopy} from '../../domain/token/token-copy.ts'
import {type Kept, listJournals} from '../../sources/plans/journals.ts'
import {backupFolder, type StatePlaces} from '../../sources/plans/journals-place.ts'
import {type Sealer, sealerOf} from '../../sources/plans/journals-seal.ts'
import {holderOf} from '../../sources/plans/plan-lock.ts'
import {isAlive} from '../../sources/plans/plan-lock-owner.ts'
import {tokenIn, tokenNow} from '../../sources/plans/steps-files.ts'
import {isBroken} from '../../sources/plans/steps-restore.ts'

export const busyWith = (places: StatePlaces, key: string): Facts['busy'] => {
  const held = holderOf(places, key)
  return held && {id: held.id, fix: held.fix, pid: held.owner.pid}
}

export const isOf = (key: string, {entries}: Kept): boolean => plannedIn(entries)?.plan.gateway.key === key

const runnerOf = (entries: readonly Entry[]): Look['runner'] => {
  const planned = plannedIn(entries)
  return planned !== null && isAlive(planned.runner) ? 'alive' : 'gone'
}

const isCutOff = ({entries}: Kept): boolean =>
  endIn(entries) === null && runnerOf(entries) === 'gone' && plannedIn(entries) !== null

/** A plan on this gateway that has no end and nobody who runs it. */
export const latestCutOff = (places: StatePlaces, key: string): Kept | null =>
  cutOffPlan(places, key) ?? listJournals(places).find(kept => isOf(key, kept) && isCutOff(kept)) ?? null

/** A plan on this gateway that has no end and nobody who runs it; one that had changed nothing is in nobody's way. */
export const cutOffPlan = (places: StatePlaces, key: string): Kept | null =>
  listJournals(places).find(kept => isOf(key, kept) && isCutOff(kept) && whatNext(places, kept)?.do !== 'close') ?? null

const tokenStands = (entries: readonly Entry[], sealer: Sealer): Look['token'] => {
  const plan = plannedIn(entries)?.plan
  const token = plan ? tokenNow(plan.gateway) : null
  if (token === null) {
    if (plan && isBroken(plan.gateway.tokenFile)) return 'broken'
    return plan && isFirstToken(plan) ? 'before' : 'unreadable'
  }
  const {before, after} = tokenMarks(entries)
  const mark = sealer.mark(token)
  if (mark === before?.mark) return 'before'
  return mark === after?.mark ? 'after' : 'other'
}

const lookAt = (entries: readonly Entry[], sealer: Sealer): Look => {
  const child = lastChild(entries)
  return {
    runner: runnerOf(entries),
    child: child !== null && isAlive(child) ? 'alive' : 'gone',
    token: tokenStands(entries, sealer),
  }
}

/** What is to be done with a plan that has no end; null where it has one. */
export const whatNext = (places: StatePlaces, {entries}: Kept): Continuation | null =>
  endIn(entries) !== null ? null : continuation(entries, lookAt(entries, sealerOf(places.key)))

const fileStands = (file: string, backup: string, seal: string, sealer: Sealer): PastFile['now'] => {
  try {
    const now = sealer.seal(fs.readFileSync(file))
    if (now === seal) return 'after'
    return now === sealer.seal(fs.readFileSync(backup)) ? 'before' : 'other'
  } catch {
    return 'unreadable'
  }
}

/** What a plan left that can be put back, and what has become of it. */
export const pastOf = (places: StatePlaces, {id, entries}: Kept): Past | null => {
  const plan = plannedIn(entries)?.plan
  if (!plan) return null
  const sealer = sealerOf(places.key)
  const {after} = tokenMarks(entries)
  const wrote = every(entries, 'step-started').some(({step}) =>
    plan.steps.some(one => one.id === step && one.act.do === 'write-token'),
  )
  const old = tokenIn(configBackup(plan.backups), plan.gateway.tokenAt)
  const token =
    wrote && after !== null
      ? {
          before: old && fingerprintOf(old),
          after: after.fingerprint,
          mark: after.mark,
          isFirst: isFirstToken(plan),
          now: tokenStands(entries, sealer),
        }
      : null
  const files = filesWritten(entries).map(written => ({
    ...written,
    now: fileStands(written.file, written.backup, written.seal, sealer),
  }))
  return {id, fix: plan.fix, backups: plan.backups, token, files, remotes: remotesWritten(entries)}
}

const wroteSomething = (past: Past | null): past is Past => past !== null && (past.token !== null || past.files.length > 0)

/** The plan with this id; else the last one on this gateway that wrote something and was not taken back. */
export const pastToUndo = (places: StatePlaces, key: string, id: string | null): Past | null => {
  const all = listJournals(places).filter(kept => isOf(key, kept))
  const takenBack = new Set(
    all.flatMap(({entries}) => (endIn(entries)?.outcome === 'done' ? (plannedIn(entries)?.plan.undoes ?? []) : [])),
  )
  const wanted =
    id === null ? all.filter(kept => isDone(kept) && !takenBack.has(kept.id)) : all.filter(kept => kept.id.startsWith(id))
  return wanted.map(kept => pastOf(places, kept)).find(wroteSomething) ?? null
}

const isDone = ({entries}: Kept): boolean => {
  const fix = plannedIn(entries)?.plan.fix
  return (fix === 'rotate' || fix === 'propagate') && endIn(entries)?.changed === true
}

/** Where the config cannot be parsed: the last plan that wrote it, if that one did not end well and has the file of before. */
export const restorablePlan = (places: StatePlaces, key: string): {kept: Kept; past: Past} | null => {
  for (const kept of listJournals(places)) {
    const end = endIn(kept.entries)
    const past = isOf(key, kept) && end !== null ? pastOf(places, kept) : null
    if (past === null || past.token === null) continue
    const isWhole = !isBroken(configBackup(past.backups))
    return end?.outcome === 'failed' && past.token.now === 'broken' && isWhole ? {kept, past} : null
  }
  return null
}

export const restorableFile = (places: StatePlaces, key: string): Facts['restorable'] => {
  const found = restorablePlan(places, key)
  return found && {id: found.past.id, backup: configBackup(found.past.backups)}
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
    ({place, verdict, kind, key}) =>
      place === 'backup' && verdict === 'differs' && kind === 'literal' && key === 'gateway.auth.token',
  ),
  audits: [...new Set(copies.filter(({place, kind}) => place === 'audit-log' && kind === 'literal').map(copy => copy.path))],
  own: ownBackups(places),
})
