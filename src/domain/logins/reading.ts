import type {Failure} from '../failure.ts'
import type {BlockWindow, CredentialType, OpenclawStatus, StoreRows} from './credential.ts'

export type ModelUse = {provider: string; model: string | null}

export type AgentFacts = {
  id: string
  /** Left on disk only: no agent uses it any more. */
  isConfigured: boolean
  /** All that it works with could be read. */
  isRead: boolean
  models: readonly ModelUse[]
  /** What it keeps for itself, over what it inherits. */
  own: StoreRows | null
}

/** A key in a variable: OpenClaw takes it for every agent, after the profiles. */
export type EnvKey = {
  provider: string
  variable: string
  type: 'api_key' | 'token'
  /** Here: only in the environment gatecrab runs in. */
  place: 'dotenv' | 'config' | 'here'
  path: string | null
}

/** A profile as `models status --json` lists it, for want of a store that can be read. */
export type CliProfile = {
  profileId: string
  provider: string
  type: CredentialType | null
  status: OpenclawStatus
  expiresAt: number | null
  blocked: BlockWindow | null
}

export type CliStatus = {agent: string; path: string | null; exit: 0 | 1 | 2; profiles: readonly CliProfile[]}

export type ConfiguredAuth = {
  order: Readonly<Record<string, readonly string[]>>
  profiles: Readonly<Record<string, {provider: string; mode: string}>>
}

/** All that was found, at one moment; how it stands is a question of the time it is asked. */
export type ProfileReading = {
  at: number
  tookMs: number
  release: string | null
  agents: readonly AgentFacts[]
  shared: {owner: string; rows: StoreRows} | null
  /** Files of an older layout that this release no longer reads. */
  leftovers: readonly {agent: string; rows: StoreRows}[]
  env: readonly EnvKey[]
  cliStatuses: readonly CliStatus[]
  auth: ConfiguredAuth
  /** Without configured models, every provider is taken to be in use. */
  knowsModels: boolean
  /** Providers that need no profile: their key is configured elsewhere, or none is needed. */
  providersWithoutLogin: readonly string[]
  problems: readonly Failure[]
  /** Something that should have been read could not be. */
  isWhole: boolean
}
