import type {BigIntStats} from 'node:fs'
import {readdir, stat} from 'node:fs/promises'
import path from 'node:path'
import {isMissing} from './follow-events.ts'

/**
 * NAME.2.EXT as the gateway renames, NAME.EXT.2 as logrotate does, NAME.EXT-20261130 as logrotate does with `dateext`. The
 * smaller the age, the newer: a date counts below zero.
 */
type Scheme = 'gateway' | 'logrotate' | 'dated'
export type Archive = {readonly file: string; readonly scheme: Scheme; readonly age: number; readonly stats: BigIntStats}

export const identityOf = (stats: BigIntStats): string => `${stats.dev}:${stats.ino}`

export const statIfThere = async (file: string): Promise<BigIntStats | null> => {
  try {
    return await stat(file, {bigint: true})
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

const ageIn = (entry: string, before: string, after: string): number | null => {
  if (!entry.startsWith(before) || !entry.endsWith(after)) return null
  const age = entry.slice(before.length, entry.length - after.length)
  return /^[1-9]\d{0,3}$/.test(age) ? Number(age) : null
}

const datedAge = (entry: string, before: string, after: string): number | null => {
  if (!entry.startsWith(before) || !entry.endsWith(after)) return null
  const date = entry.slice(before.length, entry.length - after.length)
  return /^\d{4}(?:\d{4}|-\d\d-\d\d)(?:-\d{1,10})?$/.test(date) ? -Number(date.replaceAll('-', '').padEnd(18, '0')) : null
}

/** What the name of an archive of `base` says of it; null for any other name. */
const asArchive = (base: string, entry: string): {scheme: Scheme; age: number} | null => {
  const {name, ext} = path.parse(base)
  const logrotate = ageIn(entry, `${base}.`, '')
  if (logrotate !== null) return {scheme: 'logrotate', age: logrotate}
  const gateway = ageIn(entry, `${name}.`, ext)
  if (gateway !== null) return {scheme: 'gateway', age: gateway}
  const dated = datedAge(entry, `${base}-`, '')
  return dated === null ? null : {scheme: 'dated', age: dated}
}

export async function archivesOf(file: string): Promise<Archive[]> {
  const folder = path.dirname(file)
  const found: Archive[] = []
  for (const entry of await readdir(folder)) {
    const archive = asArchive(path.basename(file), entry)
    const stats = archive && (await statIfThere(path.join(folder, entry)))
    if (archive && stats?.isFile()) found.push({...archive, stats, file: path.join(folder, entry)})
  }
  return found
}

export const byBirth = (a: Archive, b: Archive): number =>
  (a.scheme === b.scheme && b.age - a.age) || Number(a.stats.birthtimeNs - b.stats.birthtimeNs)

/**
 * The archives that are younger than `origin`, oldest first. Where `origin` is itself among them the numbers tell, checked
 * against the births, since some number upwards; where it is gone, only the times of birth and of the last write can.
 */
export function archivesAfter(origin: BigIntStats, archives: readonly Archive[]): Archive[] {
  const own = archives.find(archive => identityOf(archive.stats) === identityOf(origin))
  const follows = ({scheme, age, stats}: Archive): boolean =>
    own ? scheme === own.scheme && age < own.age : stats.mtimeNs > origin.mtimeNs
  return archives.filter(archive => follows(archive) && archive.stats.birthtimeNs >= origin.birthtimeNs).sort(byBirth)
}
