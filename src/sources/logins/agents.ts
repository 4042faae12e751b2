import fs from 'node:fs'
import path from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import type {StorePlace, StoreRows} from '../../domain/logins/credential.ts'
import {jsonIn} from '../../gateway/json.ts'
import {type AgentPlace, contentsOf, readsJsonStore} from '../../gateway/logins/store.ts'
import {readText} from '../files.ts'
import {isStoreError, type StoreError, storeErrorOf} from './store-error.ts'
import {agentCells, type StoreCell, type StoreCells} from './store-rows.ts'

export type OwnStore = {rows: StoreRows | null; leftover: StoreRows | null; storeError: StoreError | null}

const halfWritten = (file: string): StoreError => ({fault: 'half-written', path: file, detail: 'its JSON breaks off'})

const rowsOf = (
  place: StorePlace & {path: string},
  store: unknown,
  state: unknown,
  writtenAt: number,
): StoreRows | StoreError => {
  const contents = contentsOf(store, state)
  if (contents) return {place, ...contents, writtenAt}
  return {fault: 'shape', path: place.path, detail: 'it holds no object called profiles'}
}

/** The cells of a database as rows; null where it keeps no profiles. */
export const rowsOfCells = (file: string, {store, state}: StoreCells): StoreRows | StoreError | null => {
  if (store === null) return null
  const value = jsonIn(store.json)
  if (value === undefined) return halfWritten(file)
  return rowsOf({kind: 'sqlite', path: file}, value, jsonIn((state as StoreCell | null)?.json ?? 'null'), store.at)
}

const tries = 3
const betweenMs = 40

type JsonFile = {value: unknown; writtenAt: number}

const readOnce = (file: string): JsonFile | StoreError | null => {
  try {
    const {mtimeMs} = fs.statSync(file)
    const value = jsonIn(readText(file))
    return value === undefined ? halfWritten(file) : {value, writtenAt: mtimeMs}
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'ENOTDIR' ? null : storeErrorOf(error, file)
  }
}

/** The file may be half written. */
const readJson = async (file: string): Promise<JsonFile | StoreError | null> => {
  for (let i = 1; ; i += 1) {
    const found = readOnce(file)
    if (i === tries || !isStoreError(found) || found.fault !== 'half-written') return found
    await pause(betweenMs)
  }
}

const jsonStore = async ({json, stateJson}: AgentPlace): Promise<StoreRows | StoreError | null> => {
  const store = await readJson(json)
  if (store === null || isStoreError(store)) return store
  const state = await readJson(stateJson)
  return rowsOf(
    {kind: 'json', path: json},
    store.value,
    state === null || isStoreError(state) ? null : state.value,
    store.writtenAt,
  )
}

const asStore = (found: StoreRows | StoreError | null): OwnStore =>
  isStoreError(found) ? {rows: null, leftover: null, storeError: found} : {rows: found, leftover: null, storeError: null}

/** What an agent keeps for itself, in the layout of that release. A JSON file that no longer counts is told apart. */
export const ownStore = async (place: AgentPlace, release: string | null, isDatabaseHost: boolean): Promise<OwnStore> => {
  const isOld = readsJsonStore(release)
  if (isOld && fs.existsSync(place.json)) return asStore(await jsonStore(place))
  const cells = await agentCells(place.db)
  if (isStoreError(cells)) return asStore(cells)
  const rows = cells === null ? null : rowsOfCells(place.db, cells)
  if (rows !== null) return asStore(rows)
  const json = await jsonStore(place)
  if (release === null && cells === null && !isDatabaseHost) return asStore(json)
  return {rows: null, leftover: isStoreError(json) ? null : json, storeError: null}
}

const names = (folder: string): string[] => {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}

/** Agents that keep something on disk, whether anybody works with them or not. */
export const agentsOnDisk = (stateDir: string): string[] => {
  const agents = path.join(stateDir, 'agents')
  return names(agents).filter(id =>
    names(path.join(agents, id, 'agent')).some(name => name === 'openclaw-agent.sqlite' || name === 'auth-profiles.json'),
  )
}
