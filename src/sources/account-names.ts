import {execFileSync} from 'node:child_process'
import fs from 'node:fs'
import {accountsIn} from '../gateway/service/socket-proc.ts'

const nameByUid = new Map<number, string | null>()

/** People of a Mac stand in its directory service and not in /etc/passwd; id asks that. */
const byId = (uid: number): string | null => {
  try {
    return (
      execFileSync('id', ['-un', String(uid)], {encoding: 'utf8', timeout: 2000, stdio: ['ignore', 'pipe', 'ignore']}).trim() ||
      null
    )
  } catch {
    return null
  }
}

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
