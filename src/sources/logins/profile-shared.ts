import type {StoreRows} from '../../domain/logins/credential.ts'
import {sharedPlace} from '../../gateway/logins/profile-places.ts'
import {rowsOfCells} from './profile-agents.ts'
import {type Fault, isFault} from './profile-fault.ts'
import {type SharedCells, sharedCells} from './profile-rows.ts'

/** Until it has moved, the shared store is what one agent keeps. */
export type SharedStore = {hasMoved: boolean; rows: StoreRows | null; fault: Fault | null; exists: boolean}

const movedSaid = ({owner}: SharedCells): boolean | null => {
  if (owner === null) return false
  try {
    const {location} = JSON.parse(owner.json) as {location?: unknown}
    return location === 'state-db' || (location === 'legacy-main' ? false : null)
  } catch {
    return null
  }
}

const ofCells = (db: string, cells: SharedCells): SharedStore => {
  const hasMoved = movedSaid(cells)
  if (hasMoved === null) {
    const detail = 'its switch auth.sharedStore says neither state-db nor legacy-main'
    return {hasMoved: true, rows: null, fault: {fault: 'shape', path: db, detail}, exists: true}
  }
  const rows = hasMoved ? rowsOfCells(db, cells) : null
  return isFault(rows) ? {hasMoved, rows: null, fault: rows, exists: true} : {hasMoved, rows, fault: null, exists: true}
}

export const readShared = async (stateDir: string): Promise<SharedStore> => {
  const {db} = sharedPlace(stateDir)
  const cells = await sharedCells(db)
  if (cells === null) return {hasMoved: false, rows: null, fault: null, exists: false}
  return isFault(cells) ? {hasMoved: true, rows: null, fault: cells, exists: true} : ofCells(db, cells)
}
