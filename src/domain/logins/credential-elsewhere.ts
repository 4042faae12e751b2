import {migrateLogins} from '../advice.ts'
import type {Credential, StoreRows} from './credential.ts'
import type {Profile} from './credential-profile.ts'
import type {EnvKey, ProfileReading, Told, ToldProfile} from './credential-reading.ts'

/** Agents whose models ask for the provider and get nothing from a store. */
type Unserved = (provider: string) => readonly string[]

const everyAgent = ({agents}: ProfileReading): string[] => agents.filter(({isConfigured}) => isConfigured).map(({id}) => id)

const placeWords = {
  dotenv: '.env',
  config: 'the config',
  here: 'the environment of gatecrab, which need not be that of the gateway',
}

const ofKey = (key: EnvKey, reading: ProfileReading, unserved: Unserved): Profile => {
  const usedBy = everyAgent(reading)
  return {
    agent: usedBy[0] ?? 'main',
    usedBy,
    inUseBy: unserved(key.provider),
    profileId: `env:${key.variable}`,
    provider: key.provider,
    type: key.type,
    state: 'static',
    why: `It is set in ${placeWords[key.place]}, and has no expiry.`,
    todo: null,
    expiresAt: null,
    remainingMs: null,
    renewsItself: false,
    blocked: null,
    from: 'env',
    store: {kind: 'env', path: key.path},
    openclawSays: null,
    hidesShared: false,
  }
}

const ofLeftover = (credential: Credential, agent: string, rows: StoreRows, unserved: Unserved): Profile => ({
  agent,
  usedBy: [agent],
  inUseBy: unserved(credential.provider),
  profileId: credential.profileId,
  provider: credential.provider,
  type: credential.type,
  state: 'missing',
  why: 'It was left behind in a file that this release does not read: it has to be migrated.',
  todo: migrateLogins,
  expiresAt: null,
  remainingMs: null,
  renewsItself: false,
  blocked: null,
  from: 'saved',
  store: rows.place,
  openclawSays: null,
  hidesShared: false,
})

const toldWhy = ({said, type}: ToldProfile): string => {
  const open =
    type === 'oauth' && (said === 'expired' || said === 'expiring') ? '; whether it renews itself only its store could tell' : ''
  return `OpenClaw's own status calls it ${said}${open}.`
}

const ofTold = (told: ToldProfile, {agent, path}: Told, usedBy: readonly string[], now: number): Profile => ({
  agent,
  usedBy,
  inUseBy: [],
  profileId: told.profileId,
  provider: told.provider,
  type: told.type,
  state: told.profileId.endsWith('-cli') ? 'external' : told.said,
  why: toldWhy(told),
  todo: null,
  expiresAt: told.expiresAt,
  remainingMs: told.expiresAt === null ? null : told.expiresAt - now,
  renewsItself: false,
  blocked: told.blocked !== null && told.blocked.until > now ? told.blocked : null,
  from: told.profileId.endsWith('-cli') ? 'external' : 'saved',
  store: {kind: 'cli', path},
  openclawSays: told.said,
  hidesShared: false,
})

const isSame = (a: ToldProfile, b: ToldProfile): boolean =>
  a.profileId === b.profileId && a.said === b.said && a.type === b.type && a.expiresAt === b.expiresAt

/** OpenClaw lists inherited rows for each agent anew; alike, they are one. */
const everyTold = ({told}: ProfileReading, now: number): Profile[] =>
  told.flatMap((one, i) =>
    one.profiles
      .filter(profile => !told.slice(0, i).some(({profiles}) => profiles.some(earlier => isSame(earlier, profile))))
      .map(profile => {
        const users = told.filter(({profiles}) => profiles.some(other => isSame(other, profile))).map(({agent}) => agent)
        return ofTold(profile, one, users, now)
      }),
  )

/** Logins that stand in no store we read: variables, files left behind, and what only OpenClaw itself could tell. */
export const elsewhereOf = (reading: ProfileReading, now: number, unserved: Unserved): Profile[] => [
  ...reading.env.map(key => ofKey(key, reading, unserved)),
  ...reading.leftovers.flatMap(({agent, rows}) => rows.credentials.map(one => ofLeftover(one, agent, rows, unserved))),
  ...everyTold(reading, now),
]
