import path from 'node:path'
import {agentViewOf} from '../../domain/logins/agent-view.ts'
import type {StorePlace} from '../../domain/logins/credential.ts'
import {buildProfileReport, type ProfileReport} from '../../domain/logins/profile-report.ts'
import type {ProfileReading} from '../../domain/logins/reading.ts'
import {loginRulesOf} from '../../domain/logins/release-rules.ts'
import type {LoginWrite} from '../../domain/logins/renewal.ts'
import {Secret} from '../../domain/secret.ts'
import {isFields} from '../../gateway/json.ts'
import {readText} from '../files.ts'
import {readProfiles} from '../logins/reader.ts'
import {isStoreError} from '../logins/store-error.ts'
import {agentCells, sharedCells} from '../logins/store-rows.ts'
import type {StepContext} from './step-context.ts'

type Row = Readonly<Record<string, unknown>>

/** The rows of a store with their secrets, for the steps of a plan only. */
type LoginRows = ReadonlyMap<string, Row>

const storeText = async ({kind, path: file}: StorePlace): Promise<string | null> => {
  if (file === null) return null
  if (kind === 'json') return readText(file)
  const cells = path.basename(file) === 'openclaw.sqlite' ? await sharedCells(file) : await agentCells(file)
  return cells === null || isStoreError(cells) ? null : (cells.store?.json ?? null)
}

/** Null where the store cannot be read just now. */
export const loginRows = async (place: StorePlace): Promise<LoginRows | null> => {
  try {
    const parsed: unknown = JSON.parse((await storeText(place)) ?? 'null')
    const profiles = isFields(parsed) ? parsed['profiles'] : null
    return isFields(profiles)
      ? new Map(Object.entries(profiles).flatMap(([id, row]) => (isFields(row) ? [[id, row]] : [])))
      : null
  } catch {
    return null
  }
}

const secretFields = ['token', 'key', 'apiKey', 'access', 'refresh', 'idToken']

export const secretsIn = (row: Row): Secret[] =>
  secretFields.flatMap(field => (typeof row[field] === 'string' && row[field] !== '' ? [new Secret(row[field])] : []))

/** The one that requests are made with. */
export const secretIn = (row: Row): Secret | null => secretsIn(row)[0] ?? null

/** OpenClaw writes the fields of a row now in this order, now in that. */
export const rowDigest = (
  hand: Pick<StepContext, 'hasher'>,
  rows: LoginRows | null | undefined,
  profileId: string,
): string | null => {
  const row = rows?.get(profileId)
  return row === undefined
    ? null
    : hand.hasher.digest(JSON.stringify(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1))))
}

export const orderOf = (reading: ProfileReading, {agent, provider}: LoginWrite): readonly string[] | null => {
  const facts = reading.agents.find(({id}) => id === agent)
  if (!facts) return reading.shared?.rows.order[provider] ?? null
  return agentViewOf(reading, facts, loginRulesOf(reading.release)).order[provider] ?? null
}

export type LoginReading = {reading: ProfileReading; report: ProfileReport}

export const readAgain = async ({plan: {gateway}, hostEnv}: StepContext): Promise<LoginReading> => {
  const {stateDir, configFile, release} = gateway
  const reading = await readProfiles({stateDir, isStateDirGiven: true, configFile, release, hostEnv, openclaw: null}, Date.now())
  return {reading, report: buildProfileReport(reading, Date.now())}
}
