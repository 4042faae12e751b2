import type {DatabaseSync} from 'node:sqlite'
import {newestLayout, sharedKeys} from '../../gateway/logins/store.ts'
import {askDatabase} from './sqlite.ts'
import {isStoreError, type StoreError} from './store-error.ts'

export type StoreCell = {json: string; at: number}
export type StoreCells = {store: StoreCell | null; state: StoreCell | null}
export type SharedCells = StoreCells & {owner: StoreCell | null}

type LayoutReading<T> = {layout: number; cells: T | null}

const layoutOf = (db: DatabaseSync): number => Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)

const hasTable = (db: DatabaseSync, table: string): boolean =>
  db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(table) !== undefined

const cellOf = (row: Record<string, unknown> | undefined): StoreCell | null =>
  typeof row?.['json'] === 'string' ? {json: row['json'], at: Number(row['at'])} : null

const agentCell = (db: DatabaseSync, what: 'store' | 'state'): StoreCell | null =>
  hasTable(db, `auth_profile_${what}`)
    ? cellOf(
        db.prepare(`SELECT ${what}_json AS json, updated_at AS at FROM auth_profile_${what} WHERE ${what}_key = 'primary'`).get(),
      )
    : null

const sharedCell = (db: DatabaseSync, key: string): StoreCell | null =>
  cellOf(db.prepare('SELECT value_json AS json, updated_at_ms AS at FROM config_machine_state WHERE state_key = ?').get(key))

const inLayout = <T>(db: DatabaseSync, newest: number, cells: () => T): LayoutReading<T> => {
  const layout = layoutOf(db)
  return {layout, cells: layout > newest ? null : cells()}
}

const checkLayout = <T>(file: string, newest: number, found: LayoutReading<T> | StoreError | null): T | StoreError | null => {
  if (found === null || isStoreError(found)) return found
  if (found.cells !== null) return found.cells
  return {fault: 'newer', path: file, detail: `its layout is ${found.layout}, and the newest known is ${newest}`}
}

export const agentCells = async (file: string): Promise<StoreCells | StoreError | null> =>
  checkLayout(
    file,
    newestLayout.agent,
    await askDatabase(file, db =>
      inLayout(db, newestLayout.agent, () => ({store: agentCell(db, 'store'), state: agentCell(db, 'state')})),
    ),
  )

const emptyCells: SharedCells = {owner: null, store: null, state: null}

const sharedIn = (db: DatabaseSync): SharedCells =>
  hasTable(db, 'config_machine_state')
    ? {
        owner: sharedCell(db, sharedKeys.owner),
        store: sharedCell(db, sharedKeys.store),
        state: sharedCell(db, sharedKeys.state),
      }
    : emptyCells

export const sharedCells = async (file: string): Promise<SharedCells | StoreError | null> =>
  checkLayout(file, newestLayout.shared, await askDatabase(file, db => inLayout(db, newestLayout.shared, () => sharedIn(db))))
