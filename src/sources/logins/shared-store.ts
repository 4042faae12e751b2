import type {StoreRows} from '../../domain/logins/credential.ts'
import {sharedPlace} from '../../gateway/logins/store.ts'
import {rowsOfCells} from './agents.ts'
import {type SharedCells, sharedCells} from './rows.ts'
import {isStoreError, type StoreError} from './store-error.ts'

/** Until it has moved, the shared store is what one agent keeps. */
export type SharedStore = {hasMoved: boolean; rows: StoreRows | null; storeError: StoreError | null; exists: boolean}

const readHasMoved = ({owner}: SharedCells): boolean | null => {
  if (owner === null) return false
  try {
    const {location} = JSON.parse(owner.json) as {location?: unknown}
    return location === 'state-db' || (location === 'legacy-main' ? false : null)
  } catch {
    return null
  }
}

const ofCells = (db: string, cells: SharedCells): SharedStore => {
  const hasMoved = readHasMoved(cells)
  if (hasMoved === null) {
    const detail = 'its switch auth.sharedStore says neither state-db nor legacy-main'
    return {hasMoved: true, rows: null, storeError: {fault: 'shape', path: db, detail}, exists: true}
  }
  const rows = hasMoved ? rowsOfCells(db, cells) : null
  return isStoreError(rows)
    ? {hasMoved, rows: null, storeError: rows, exists: true}
    : {hasMoved, rows, storeError: null, exists: true}
}

export const readShared = async (stateDir: string): Promise<SharedStore> => {
  const {db} = sharedPlace(stateDir)
  const cells = await sharedCells(db)
  if (cells === null) return {hasMoved: false, rows: null, storeError: null, exists: false}
  return isStoreError(cells) ? {hasMoved: true, rows: null, storeError: cells, exists: true} : ofCells(db, cells)
}
