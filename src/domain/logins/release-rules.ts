import {isSince} from '../release.ts'
import {warnAfterMs} from './credential.ts'

/** How a release reads its credential store, and how its `models status` classifies the entries. */
export type LoginRules = {
  /** Where its profiles lie. */
  store: 'json' | 'agent-db' | 'shared-db'
  /** An OAuth login with a refresh token is called ok whatever its end. */
  hidesRenewal: boolean
  /** A token without a secret, or with an expiry that is no time, is called missing; before, it is static. */
  checksTokens: boolean
  /** An OAuth login with neither token is called missing. */
  checksOauth: boolean
  /** A time beyond the calendar (8.64e15) is no expiry. */
  boundsDates: boolean
  readsModeSpelling: boolean
  readsApiKeySpelling: boolean
  /** An API key that is blank is called missing; before, it is static. */
  checksKeys: boolean
  /** A login that is being renewed is replaced by a marker, and lost if that fails. */
  fences: boolean
  /** A saved sign-in that was never switched on is called missing. */
  knowsInactive: boolean
  /** Ours to say, whatever the release: what ends within that time is ending soon. */
  warnAfterMs: number
  /** What `models status --check` looks at. */
  check: 'every-profile' | 'providers-in-use' | 'chosen-profile'
}

type Change = {since: string; change: Partial<LoginRules>}

const first: LoginRules = {
  store: 'json',
  hidesRenewal: false,
  checksTokens: false,
  checksOauth: false,
  boundsDates: false,
  readsModeSpelling: false,
  readsApiKeySpelling: false,
  checksKeys: false,
  fences: false,
  knowsInactive: false,
  warnAfterMs,
  check: 'every-profile',
}

/** Read in the code of releases on both sides; where the change lies between two of them, the later one stands here. */
const changes: readonly Change[] = [
  {since: '2026.2.1', change: {hidesRenewal: true}},
  {since: '2026.2.26', change: {readsModeSpelling: true}},
  {since: '2026.3.7', change: {checksTokens: true}},
  {since: '2026.4.20', change: {hidesRenewal: false}},
  {since: '2026.5.12', change: {check: 'providers-in-use'}},
  {since: '2026.6.1', change: {boundsDates: true, checksOauth: true, readsApiKeySpelling: true}},
  {since: '2026.6.5', change: {store: 'agent-db'}},
  {since: '2026.6.33', change: {checksKeys: true}},
  {since: '2026.8.1', change: {store: 'shared-db', check: 'chosen-profile'}},
  {since: '2026.9.4', change: {fences: true}},
  {since: '2026.9.5', change: {knowsInactive: true}},
]

export const loginRulesOf = (release: string | null): LoginRules =>
  Object.assign({}, first, ...changes.filter(({since}) => isSince(release, since)).map(({change}) => change))
