import fs from 'node:fs'
import type {LogSource} from '../../domain/log-source.ts'
import type {LogPlace} from '../../gateway/paths.ts'
import {accountName} from '../account-names.ts'

const isReadable = (folder: string): boolean => {
  try {
    fs.accessSync(folder, fs.constants.R_OK | fs.constants.X_OK)
    return true
  } catch {
    return false
  }
}

const nameOf = (uid: number): string => accountName(uid) ?? `user ${uid}`

/**
 * Why the gateway would not write its log into this folder, by the test that OpenClaw makes itself; null where it would, or where there
 * is no folder. The names are predictable and lie in a folder that everybody may write into, so any account can make them first.
 */
export const refusalOf = (folder: string, owners: readonly number[] | null): string | null => {
  const found = owners === null ? undefined : fs.lstatSync(folder, {throwIfNoEntry: false})
  if (owners === null || found === undefined) return null
  if (found.isSymbolicLink()) return 'left out: it is a symbolic link, and OpenClaw writes no log through one'
  // Root may run a gateway from another account's config. A folder of root's that is closed to us is as likely another gateway's.
  const isOwned = found.uid === owners[0] || (owners.includes(found.uid) && isReadable(folder))
  if (!isOwned)
    return `left out: it belongs to ${nameOf(found.uid)}, not to ${nameOf(owners[0] ?? 0)}, the account of the gateway`
  if ((found.mode & 0o022) !== 0)
    return 'left out: other accounts can write into it, and OpenClaw writes no log into such a folder'
  return null
}

/** The default folders of a log that are there and not read. */
export const leftOut = (places: readonly LogPlace[]): LogSource[] =>
  places.flatMap(place => {
    if (place.kind === 'file') return []
    return place.folders.flatMap((name): LogSource[] => {
      const because = refusalOf(name, place.owners)
      return because === null ? [] : [{name, state: 'left-out', because, lastLineAt: null}]
    })
  })
