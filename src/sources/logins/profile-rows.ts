import type {DatabaseSync} from 'node:sqlite'
import {newestLayout, sharedKeys} from '../../gateway/logins/profile-places.ts'
import {type Fault, isFault} from './profile-fault.ts'
import {askDatabase} from './profile-sqlite.ts'

export type Cell = {json: string; at: number}
export type StoreCells = {store: Cell | null; state: Cell | null}
export type SharedCells = StoreCells & {owner: Cell | null}

type Asked<T> = {layout: number; cells: T | null}

const layoutOf = (db: DatabaseSync): number => Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)

const hasTable = (db: DatabaseSync, table: string): boolean =>
  db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(table) !== undefined

const cellOf = (row: Record<string, unknown> | undefined): Cell | null =>
  typeof row?.['json'] === 'string' ? {json: row['json'], at: Number(row['at'])} : null

const agentCell = (db: DatabaseSync, what: 'store' | 'state'): Cell | null =>
  hasTable(db, `auth_profile_${what}`)
    ? cellOf(
        db.prepare(`SELECT ${what}_json AS json, updated_at AS at FROM auth_profile_${what} WHERE ${what}_key = 'primary'`).get(),
      )
    : null

const sharedCell = (db: DatabaseSync, key: string): Cell | null =>
  cellOf(db.prepare('SELECT value_json AS json, updated_at_ms AS at FROM config_machine_state WHERE state_key = ?').get(key))

const inLayout = <T>(db: DatabaseSync, newest: number, cells: () => T): Asked<T> => {
  const layout = layoutOf(db)
  return {layout, cells: layout > newest ? null : cells()}
}

const settled = <T>(file: string, newest: number, found: Asked<T> | Fault | null): T | Fault | null => {
  if (found === null || isFault(found)) return found
  if (found.cells !== null) return found.cells
  return {fault: 'newer', path: file, detail: `its layout is ${found.layout}, and the newest known is ${newest}`}
}

export const agentCells = async (file: string): Promise<StoreCells | Fault | null> =>
  settled(
    file,
    newestLayout.agent,
    await askDatabase(file, db =>
      inLayout(db, newestLayout.agent, () => ({store: agentCell(db, 'store'), state: agentCell(db, 'state')})),
    ),
  )

const noCells: SharedCells = {owner: null, store: null, state: null}

const sharedIn = (db: DatabaseSync): SharedCells =>
  hasTable(db, 'config_machine_state')
    ? {
        owner: sharedCell(db, sharedKeys.owner),
        store: sharedCell(db, sharedKeys.store),
        state: sharedCell(db, sharedKeys.state),
      }
    : noCells

export const sharedCells = async (file: string): Promise<SharedCells | Fault | null> =>
  settled(file, newestLayout.shared, await askDatabase(file, db => inLayout(db, newestLayout.shared, () => sharedIn(db))))
