import fs from 'node:fs'
import {accountsIn} from '../gateway/service/socket-proc.ts'
import {stdoutNow} from './run-process.ts'

const nameByUid = new Map<number, string | null>()

/** People of a Mac stand in its directory service and not in /etc/passwd; id asks that. */
const byId = (uid: number): string | null => stdoutNow(['id', '-un', String(uid)], {env: process.env})?.trim() || null

const passwd = (): ReadonlyMap<number, string> => {
  try {
    return accountsIn(fs.readFileSync('/etc/passwd', 'utf8'))
  } catch {
    return new Map()
  }
}

/** What an account is called; null where this machine does not know it. */
export const accountName = (uid: number): string | null => {
  const name =
    nameByUid.get(uid) ?? passwd().get(uid) ?? (process.platform === 'darwin' && !nameByUid.has(uid) ? byId(uid) : null)
  nameByUid.set(uid, name)
  return name
}
