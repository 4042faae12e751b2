import type {ReleaseRules} from '../domain/plans/facts.ts'
import {isSince} from '../domain/release.ts'

type Row = Omit<ReleaseRules, 'isKnown' | 'since'>

const second = 1000
const minute = 60 * second

const edited = {writes: 'edit', reloadsSecrets: false, bothRefused: false, writesInclude: false, pairsItself: true} as const
const patched = {
  writes: 'patch-stdin',
  reloadsSecrets: true,
  reinstalls: false,
  writesInclude: false,
  pairsItself: false,
} as const

/** A release, and what changed with it: how a token is written, what follows, and how long that may take. */
const rows: Readonly<Record<string, Row>> = {
  '2026.1.29': {
    ...edited,
    follows: 'self-restart',
    budgetMs: 90 * second,
    reinstalls: true,
    restartsForeground: 'fails',
    restartBudgetMs: 90 * second,
    outage: 'the gateway restarts in place: every client is cut off for about a second',
  },
  '2026.2.26': {
    ...edited,
    follows: 'new-process',
    budgetMs: 90 * second,
    reinstalls: true,
    restartsForeground: 'fails',
    restartBudgetMs: 90 * second,
    outage: 'the gateway starts again: every client is cut off for 4 to 60 seconds',
  },
  '2026.3.13': {
    ...edited,
    follows: 'new-process',
    budgetMs: minute,
    reinstalls: false,
    restartsForeground: 'nothing',
    restartBudgetMs: minute,
    outage: 'the gateway starts again: every client is cut off for about 4 seconds',
  },
  '2026.4.15': {
    writes: 'batch-file',
    reloadsSecrets: false,
    pairsItself: true,
    bothRefused: false,
    writesInclude: false,
    follows: 'new-process',
    budgetMs: minute,
    reinstalls: false,
    restartsForeground: 'nothing',
    restartBudgetMs: minute,
    outage: 'the gateway starts again: every client is cut off for about 10 seconds',
  },
  '2026.5.28': {
    ...patched,
    reloadsSecrets: false,
    pairsItself: true,
    follows: 'self-restart',
    budgetMs: minute,
    bothRefused: false,
    restartsForeground: 'nothing',
    restartBudgetMs: minute,
    outage: 'the gateway restarts itself: every client is cut off for about a second',
  },
  '2026.7.35': {
    ...patched,
    follows: 'self-restart',
    budgetMs: minute,
    bothRefused: false,
    restartsForeground: 'signals',
    restartBudgetMs: minute,
    outage: 'the gateway restarts itself: every client is cut off for about a second',
  },
  '2026.8.2': {
    ...patched,
    follows: 'self-restart',
    budgetMs: 6 * minute,
    bothRefused: true,
    restartsForeground: 'signals',
    restartBudgetMs: 6 * minute,
    outage: 'the gateway restarts itself once its running requests end; until then neither the old nor the new token works',
  },
  '2026.9.6': {
    ...patched,
    writesInclude: true,
    follows: 'hot',
    budgetMs: 15 * second,
    bothRefused: false,
    restartsForeground: 'signals',
    restartBudgetMs: 6 * minute,
    outage: 'no restart: clients signed in with the old token are disconnected, paired devices stay connected',
  },
}

/** For unknown releases nothing is assumed: the file is edited, with the longest timeouts. */
const careful: Row = {
  ...edited,
  follows: 'self-restart',
  budgetMs: 6 * minute,
  bothRefused: true,
  reinstalls: false,
  restartsForeground: 'nothing',
  restartBudgetMs: 6 * minute,
  outage: 'the gateway may restart: every client is cut off',
}

const newestRelease = '2026.9.6'
const oldestRelease = '2026.1.29'

const isNewer = (release: string): boolean => isSince(release, newestRelease) && !isSince(newestRelease, release)

/** The row of a release; one that is newer than the table goes by the newest, and says so. */
export const releaseRulesOf = (release: string | null): ReleaseRules => {
  if (release === null || !/^\d{4}\.\d+\.\d+/.test(release)) return {...careful, since: 'unknown', isKnown: false}
  const since = Object.keys(rows).findLast(first => isSince(release, first)) ?? oldestRelease
  return {...(rows[since] ?? careful), since, isKnown: !isNewer(release) && isSince(release, oldestRelease)}
}

export const knownReleases: readonly string[] = Object.keys(rows)
