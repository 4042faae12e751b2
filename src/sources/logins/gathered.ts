import type {StoreRows} from '../../domain/logins/credential.ts'
import {type ConfiguredAgent, type ProfileConfig, profileConfigOf} from '../../gateway/logins/config.ts'
import {type AgentPlace, agentPlace, sharedPlace} from '../../gateway/logins/store.ts'
import type {HostEnv} from '../../gateway/paths.ts'
import {agentsOnDisk, type OwnStore, ownStore, rowsOfCells} from './agents.ts'
import {configTree} from './config-file.ts'
import {isStoreError, type StoreError} from './store-error.ts'
import {type SharedCells, sharedCells} from './store-rows.ts'

/** Until it has moved, the shared store is what one agent keeps. */
type SharedStore = {hasMoved: boolean; rows: StoreRows | null; storeError: StoreError | null; exists: boolean}

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

const readShared = async (stateDir: string): Promise<SharedStore> => {
  const {db} = sharedPlace(stateDir)
  const cells = await sharedCells(db)
  if (cells === null) return {hasMoved: false, rows: null, storeError: null, exists: false}
  return isStoreError(cells) ? {hasMoved: true, rows: null, storeError: cells, exists: true} : ofCells(db, cells)
}

/** Where to look, and the command to start where a store cannot be read: null starts nothing. */
export type ProfileLocation = {
  stateDir: string
  isStateDirGiven: boolean
  configFile: string
  release: string | null
  hostEnv: HostEnv
  openclaw: readonly string[] | null
}

export type Agent = {configured: ConfiguredAgent; isConfigured: boolean; place: AgentPlace; store: OwnStore}

/** Everything that was read, not yet put together. */
export type Gathered = {
  config: ProfileConfig
  hasConfig: boolean
  configProblem: string | null
  shared: SharedStore
  /** The agent whose own store is the shared one where that has not moved. */
  keeper: string
  agents: readonly Agent[]
}

const keeperOf = ({sharedOwner}: ProfileConfig): string => sharedOwner ?? 'main'

type Named = Pick<Agent, 'configured' | 'isConfigured'>

/** The agents in the config, those with files on disk, and the owner of the shared store. */
const everyAgent = (stateDir: string, config: ProfileConfig): Named[] => {
  const roster = config.roster ?? [{id: 'main', agentDir: null, models: config.defaultModels}]
  const named = new Set(roster.map(({id}) => id))
  const others = new Set([...agentsOnDisk(stateDir), keeperOf(config)])
  return [
    ...roster.map(configured => ({configured, isConfigured: true})),
    ...Array.from(others)
      .filter(id => !named.has(id))
      .map(id => ({configured: {id, agentDir: null, models: []}, isConfigured: false})),
  ]
}

const readAgent = async (named: Named, location: ProfileLocation, isDatabaseHost: boolean): Promise<Agent> => {
  const place = agentPlace(named.configured.id, named.configured.agentDir, location)
  return {...named, place, store: await ownStore(place, location.release, isDatabaseHost)}
}

export const gather = async (location: ProfileLocation): Promise<Gathered> => {
  const {tree, exists, problem} = configTree(location.configFile)
  const config = profileConfigOf(tree)
  const shared = await readShared(location.stateDir)
  const agents = everyAgent(location.stateDir, config).map(named => readAgent(named, location, shared.exists))
  return {
    config,
    hasConfig: exists,
    configProblem: problem,
    shared,
    keeper: keeperOf(config),
    agents: await Promise.all(agents),
  }
}

const sharedStoreError = ({shared, agents, keeper}: Gathered): StoreError | null =>
  shared.hasMoved ? null : (agents.find(({configured}) => configured.id === keeper)?.store.storeError ?? null)

export const storeErrorsIn = ({shared, agents}: Gathered): StoreError[] =>
  [shared.storeError, ...agents.map(({store}) => store.storeError)].filter(storeError => storeError !== null)

/** Agents of which something could not be read, be it their own or what they inherit. */
export const unreadableAgents = (gathered: Gathered): string[] => {
  const inherited = gathered.shared.storeError ?? sharedStoreError(gathered)
  return gathered.agents
    .filter(({isConfigured, store}) => isConfigured && (inherited !== null || store.storeError !== null))
    .map(({configured}) => configured.id)
}
