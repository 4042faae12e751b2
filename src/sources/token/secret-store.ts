import {Secret} from '../../domain/secret.ts'
import {askDatabaseNow} from '../logins/sqlite.ts'
import {isStoreError} from '../logins/store-error.ts'

const query =
  "SELECT value FROM secret_store_entries WHERE scope_kind = 'team' AND scope_id = '' AND name = ? AND deleted_at_ms IS NULL"

/**
 * A value of OpenClaw's secret store. It lies in clear text in the database of its state, which only its account can read;
 * OpenClaw's command sets it and shows it to nobody. Null where it is not there, or lies there in another way.
 */
export const storedSecret = (database: string, name: string): Secret | null => {
  try {
    const row = askDatabaseNow(database, db => db.prepare(query).get(name) as {value?: unknown} | undefined)
    const value = row === null || row === undefined || isStoreError(row) ? null : row.value
    return typeof value === 'string' && value !== '' ? new Secret(value) : null
  } catch {
    return null
  }
}
