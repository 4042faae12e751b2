import fs from 'node:fs/promises'
import type {FileProblem, OwnedFile} from '../../domain/service/service.ts'
import {accountName} from '../account-names.ts'

/** A file, and whether secrets stand in it. */
export type FileCheck = {what: string; path: string; isSecret: boolean}

const fileProblemOf = (mode: number, uid: number, gatewayUid: number | null, isSecret: boolean): FileProblem | null => {
  // No owner bars root: in a container it is the usual account, beside files of whoever mounted them.
  const isBarred = gatewayUid !== null && gatewayUid !== 0 && uid !== gatewayUid
  if (isBarred && (uid !== 0 || isSecret)) return 'other-owner'
  if ((mode & 0o022) !== 0 && (mode & 0o1000) === 0) return 'others-can-write'
  return isSecret && (mode & 0o044) !== 0 ? 'others-can-read' : null
}

const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, '0')

/** Owner and mode of each file that is there, measured by the account that the gateway runs under. */
export const ownedFiles = async (wishes: readonly FileCheck[], gatewayUid: number | null): Promise<OwnedFile[]> => {
  const found = await Promise.all(
    wishes.map(async ({what, path, isSecret}): Promise<OwnedFile | null> => {
      const stat = await fs.stat(path).catch(() => null)
      if (stat === null) return null
      const isReadable = await fs.access(path, fs.constants.R_OK).then(
        () => true,
        () => false,
      )
      const fileProblem = isReadable ? fileProblemOf(stat.mode, stat.uid, gatewayUid, isSecret) : 'unreadable'
      return {
        what,
        path,
        uid: stat.uid,
        owner: accountName(stat.uid) ?? String(stat.uid),
        mode: octal(stat.mode),
        problem: fileProblem,
      }
    }),
  )
  return found.filter(one => one !== null)
}
