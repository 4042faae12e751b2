import {migrateLogins} from '../advice.ts'
import type {Credential, StoreRows} from './credential.ts'
import type {Profile} from './profile.ts'
import type {CliProfile, CliStatus, EnvKey, ProfileReading} from './reading.ts'

/** Agents whose models ask for the provider and get nothing from a store. */
type Unserved = (provider: string) => readonly string[]

const everyAgent = ({agents}: ProfileReading): string[] => agents.filter(({isConfigured}) => isConfigured).map(({id}) => id)

const placeWords = {
  dotenv: '.env',
  config: 'the config',
  here: 'the environment of gatecrab, which need not be that of the gateway',
}

const fromEnvKey = (key: EnvKey, reading: ProfileReading, unserved: Unserved): Profile => {
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

const fromLeftover = (credential: Credential, agent: string, rows: StoreRows, unserved: Unserved): Profile => ({
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

const explainCliProfile = ({status: cliState, type}: CliProfile): string => {
  const open =
    type === 'oauth' && (cliState === 'expired' || cliState === 'expiring')
      ? '; whether it renews itself only its store could tell'
      : ''
  return `OpenClaw's own status calls it ${cliState}${open}.`
}

const fromCliProfile = (cliProfile: CliProfile, {agent, path}: CliStatus, usedBy: readonly string[], now: number): Profile => ({
  agent,
  usedBy,
  inUseBy: [],
  profileId: cliProfile.profileId,
  provider: cliProfile.provider,
  type: cliProfile.type,
  state: cliProfile.profileId.endsWith('-cli') ? 'external' : cliProfile.status,
  why: explainCliProfile(cliProfile),
  todo: null,
  expiresAt: cliProfile.expiresAt,
  remainingMs: cliProfile.expiresAt === null ? null : cliProfile.expiresAt - now,
  renewsItself: false,
  blocked: cliProfile.blocked !== null && cliProfile.blocked.until > now ? cliProfile.blocked : null,
  from: cliProfile.profileId.endsWith('-cli') ? 'external' : 'saved',
  store: {kind: 'cli', path},
  openclawSays: cliProfile.status,
  hidesShared: false,
})

const isSame = (a: CliProfile, b: CliProfile): boolean =>
  a.profileId === b.profileId && a.status === b.status && a.type === b.type && a.expiresAt === b.expiresAt

/** OpenClaw repeats inherited rows for each agent; equal rows are merged. */
const cliProfiles = ({cliStatuses: cliProfile}: ProfileReading, now: number): Profile[] =>
  cliProfile.flatMap((one, i) =>
    one.profiles
      .filter(profile => !cliProfile.slice(0, i).some(({profiles}) => profiles.some(earlier => isSame(earlier, profile))))
      .map(profile => {
        const users = cliProfile.filter(({profiles}) => profiles.some(other => isSame(other, profile))).map(({agent}) => agent)
        return fromCliProfile(profile, one, users, now)
      }),
  )

/** Logins that stand in no store we read: variables, files left behind, and what only OpenClaw itself could tell. */
export const otherProfiles = (reading: ProfileReading, now: number, unserved: Unserved): Profile[] => [
  ...reading.env.map(key => fromEnvKey(key, reading, unserved)),
  ...reading.leftovers.flatMap(({agent, rows}) => rows.credentials.map(one => fromLeftover(one, agent, rows, unserved))),
  ...cliProfiles(reading, now),
]
