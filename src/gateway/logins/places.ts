import path from 'node:path'
import {isSince} from '../../domain/release.ts'
import {expandTilde, type HostEnv} from '../paths.ts'

export type AgentPlace = {id: string; folder: string; db: string; json: string; stateJson: string}

export type SharedPlace = {db: string}

/** Rows of the shared database, and what its switch may say. */
export const sharedKeys = {owner: 'auth.sharedStore', store: 'authProfiles.store', state: 'authProfiles.state'} as const

/** The newest layouts that were looked at. A database of a later one is left alone, as OpenClaw does. */
export const newestLayout = {agent: 23, shared: 18} as const

export const sharedPlace = (stateDir: string): SharedPlace => ({db: path.join(stateDir, 'state', 'openclaw.sqlite')})

const inFolder = (id: string, folder: string): AgentPlace => ({
  id,
  folder,
  db: path.join(folder, 'openclaw-agent.sqlite'),
  json: path.join(folder, 'auth-profiles.json'),
  stateJson: path.join(folder, 'auth-state.json'),
})

export type AgentLocation = {stateDir: string; hostEnv: HostEnv; isStateDirGiven: boolean}

/** A folder that the environment names for main; a state folder that was asked for by name wins over it. */
const redirected = ({hostEnv, isStateDirGiven}: AgentLocation): string | undefined =>
  isStateDirGiven
    ? undefined
    : (hostEnv.env['OPENCLAW_AGENT_DIR']?.trim() ?? hostEnv.env['PI_CODING_AGENT_DIR']?.trim()) || undefined

export const agentPlace = (id: string, agentDir: string | null, where: AgentLocation): AgentPlace => {
  const moved = id === 'main' ? redirected(where) : undefined
  const named = agentDir ?? moved
  return inFolder(id, named ? expandTilde(named, where.hostEnv) : path.join(where.stateDir, 'agents', id, 'agent'))
}

/** From 2026.6.5 on nothing in these files counts; before, they are the store. */
export const readsJsonStore = (release: string | null): boolean => release !== null && !isSince(release, '2026.6.5')
