import {type Board, boardOf} from '../../domain/logins/credential-board.ts'
import type {ProfileReading} from '../../domain/logins/credential-reading.ts'
import {rulesOf} from '../../domain/logins/credential-rules.ts'
import {viewOf} from '../../domain/logins/credential-view.ts'
import type {LoginWrite} from '../../domain/logins/renewal.ts'
import type {Hand} from '../plans/steps-hand.ts'
import type {LoginRows} from './login-rows.ts'
import {readProfiles} from './profile-reader.ts'

/** OpenClaw writes the fields of a row now in this order, now in that. */
export const sealOf = (hand: Pick<Hand, 'sealer'>, rows: LoginRows | null | undefined, profileId: string): string | null => {
  const row = rows?.get(profileId)
  return row === undefined ? null : hand.sealer.seal(JSON.stringify(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1))))
}

export const orderIn = (reading: ProfileReading, {agent, provider}: LoginWrite): readonly string[] | null => {
  const facts = reading.agents.find(({id}) => id === agent)
  if (!facts) return reading.shared?.rows.order[provider] ?? null
  return viewOf(reading, facts, rulesOf(reading.release)).order[provider] ?? null
}

export type Read = {reading: ProfileReading; board: Board}

export const readAgain = async ({plan: {gateway}, around}: Hand): Promise<Read> => {
  const {stateDir, configFile, release} = gateway
  const reading = await readProfiles({stateDir, isStateDirGiven: true, configFile, release, around, openclaw: null}, Date.now())
  return {reading, board: boardOf(reading, Date.now())}
}
