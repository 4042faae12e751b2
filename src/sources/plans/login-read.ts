import {agentViewOf} from '../../domain/logins/agent-view.ts'
import {buildProfileReport, type ProfileReport} from '../../domain/logins/profile-report.ts'
import type {ProfileReading} from '../../domain/logins/reading.ts'
import {loginRulesOf} from '../../domain/logins/release-rules.ts'
import type {LoginWrite} from '../../domain/logins/renewal.ts'
import {readProfiles} from '../logins/reader.ts'
import type {LoginRows} from './login-rows.ts'
import type {StepContext} from './step-context.ts'

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
