import fs from 'node:fs'
import path from 'node:path'
import {clean} from '../../domain/clean.ts'
import {tokenDigests} from '../../domain/plans/continuation.ts'
import type {BackedUpToken} from '../../domain/plans/facts.ts'
import {endEntry, plannedEntry} from '../../domain/plans/journal.ts'
import {configBackup} from '../../domain/plans/plan.ts'
import {fingerprintOf, type Secret} from '../../domain/secret.ts'
import {placeholderOf} from '../../domain/token/artefacts.ts'
import {isAuthKey, type TokenCopy} from '../../domain/token/copy.ts'
import {readTokenReference} from '../../gateway/token/env-file.ts'
import {openHasher} from '../../sources/plans/digest.ts'
import {type JournalRecord, listJournals} from '../../sources/plans/journals.ts'
import type {StatePlaces} from '../../sources/plans/journals-folder.ts'
import {tokenIn} from '../../sources/plans/secret-place.ts'
import {tokenDigest} from '../../sources/token/file.ts'
import type {CopiesRead} from '../../sources/token/places.ts'
import type {Spot} from './config.ts'
import {isOf} from './previous.ts'

/** A token that a backup holds, with the token itself. */
export type BackupFound = Omit<BackedUpToken, 'isAccepted'> & {token: Secret}

type Looking = {places: StatePlaces; key: string; read: CopiesRead; spot: Spot; requested: string | null}

/** A backup of another file has the token elsewhere; a name that paints the terminal is no backup of OpenClaw's. */
const isBeside = (file: string, tokenFile: string): boolean =>
  path.dirname(file) === path.dirname(tokenFile) &&
  path.basename(file).startsWith(path.basename(tokenFile)) &&
  clean(file) === file

const ofOpenclaw = ({read, spot}: Looking): string[] =>
  read.copies.flatMap(({place, path: file, key, kind}: TokenCopy) =>
    place === 'backup' && isAuthKey(key) && kind === 'literal' && isBeside(file, spot.file) ? [file] : [],
  )

const ofOurs = (records: readonly JournalRecord[], {spot}: Looking): string[] =>
  records.flatMap(({entries}) => {
    const plan = plannedEntry(entries)?.plan
    return plan?.gateway.tokenFile === spot.file ? [configBackup(plan.backups)] : []
  })

/** By what each plan of ours put in its place. */
const replacedTokens = (records: readonly JournalRecord[]): ReadonlyMap<string, string> =>
  new Map(
    records.flatMap(({id, entries}) => {
      const mark = endEntry(entries)?.outcome === 'done' ? tokenDigests(entries).before?.mark : null
      return mark == null || !wroteToken(entries) ? [] : [[mark, id] as const]
    }),
  )

const wroteToken = (entries: Parameters<typeof plannedEntry>[0]): boolean =>
  plannedEntry(entries)?.plan.steps.some(({act}) => act.do === 'write-token') === true

const savedAt = (file: string): number | null => {
  try {
    const stat = fs.statSync(file)
    return stat.isFile() ? Math.round(stat.mtimeMs) : null
  } catch {
    return null
  }
}

const isUsable = (token: Secret): boolean => placeholderOf(token) === null && readTokenReference(token.reveal(), null) === null

/** A name as it was typed; that of a backup alone will do. */
const requestedFile = ({requested, spot}: Looking): string | null => {
  if (requested === null) return null
  const asked = path.resolve(requested)
  return fs.existsSync(asked) || requested.includes('/') ? asked : path.join(path.dirname(spot.file), requested)
}

const bestFirst = (a: BackupFound, b: BackupFound): number =>
  Number(b.isRequested) - Number(a.isRequested) ||
  Number(a.replacedBy !== null) - Number(b.replacedBy !== null) ||
  b.savedAt - a.savedAt

/** Each token once that a backup holds and the config does not: those that no plan of ours replaced come first, then the newest. */
export const backedUpTokens = (looking: Looking): BackupFound[] => {
  const {places, key, spot} = looking
  const records = listJournals(places).filter(record => isOf(key, record))
  const replaced = replacedTokens(records)
  const planThatReplaced = (token: Secret): string | null =>
    replaced.size === 0 ? null : (replaced.get(openHasher(places.key).tokenDigest(token)) ?? null)
  const now = tokenIn(spot.file, {tokenAt: spot.at})
  const requested = requestedFile(looking)
  const files = [...new Set([requested ?? [], ofOpenclaw(looking), ofOurs(records, looking)].flat())]
  const found = files.flatMap((file): BackupFound[] => {
    const token = tokenIn(file, {tokenAt: spot.at})
    const at = savedAt(file)
    if (token === null || at === null || !isUsable(token) || token.reveal().trim() === now?.reveal().trim()) return []
    const replacedBy = planThatReplaced(token)
    return [{file, token, fingerprint: fingerprintOf(token), savedAt: at, isRequested: file === requested, replacedBy}]
  })
  const sorted = found.toSorted(bestFirst)
  return sorted.filter(({token}, i) => sorted.findIndex(other => tokenDigest(other.token) === tokenDigest(token)) === i)
}
