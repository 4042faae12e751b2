import type {ServiceFinding} from '../service/finding.ts'
import {isAuthKey, type TokenCopy} from '../token/copy.ts'
import {type CopyProblem, type CopyProblemId, withoutProblems} from '../token/copy-problems.ts'
import type {TokenProblem} from '../token/token-problems.ts'
import type {Problem} from './problem.ts'

export type CopiesStatus = {copies: readonly TokenCopy[]; tokenProblems: readonly TokenProblem[]}

export const areCopiesBroken = ({tokenProblems, copies}: CopiesStatus): boolean =>
  tokenProblems.some(({matters}) => matters) || copies.some(({problems}) => problems?.some(({matters}) => matters))

/** The files of a service are looked at twice: for their own sake, and for the token in them. */
const explainedByFile: Readonly<Record<string, readonly CopyProblemId[]>> = {
  'file-others-can-read': ['open-to-all', 'open-plist', 'open-mode'],
  'file-other-owner': ['wrong-owner'],
  'file-unreadable': ['unreadable'],
}
const explainedByStart: readonly CopyProblemId[] = ['pin', 'pin-process', 'shown-by-ps']

/** The copies without what the service's own findings tell of the same file or command. */
export const copiesApart = (status: CopiesStatus | null, findings: readonly ServiceFinding[]): CopiesStatus | null => {
  if (status === null) return null
  const isPinExplained = findings.some(({id}) => id === 'token-in-the-start-command')
  const copies = status.copies.map(copy => {
    const details = findings.filter(({about}) => about === copy.path).flatMap(({id}) => explainedByFile[id] ?? [])
    const all = isPinExplained ? [...details, ...explainedByStart] : details
    return all.length === 0 ? copy : withoutProblems(copy, all)
  })
  return {...status, copies}
}

/** That the token of this host is refused is told by name, of the copy or of the command that sends it. */
export const isOwnTokenExplained = (status: CopiesStatus | null): boolean =>
  status !== null &&
  (status.tokenProblems.some(({id}) => id === 'unknown-token' || id === 'command-line-differs') ||
    status.copies.some(({problems = []}) => problems.some(({id}) => id === 'stale')))

export const baseFacts = (now: number): Pick<Problem, 'since' | 'count' | 'sure' | 'evidence'> => ({
  since: now,
  count: 1,
  sure: 'certain',
  evidence: [],
})

const inConfig = ({place, key}: TokenCopy): boolean => (place === 'config' || place === 'include') && isAuthKey(key)

/** A variable of the container or the service overrides the config: editing the config has no effect. */
const overridden = ({copies}: CopiesStatus, now: number): Problem[] => {
  const wins = copies.find(copy => copy.wins)
  const config = copies.find(copy => inConfig(copy) && copy.digest !== null)
  if (!wins || !config || inConfig(wins) || wins.digest === null || wins.digest === config.digest) return []
  return [
    {
      ...baseFacts(now),
      id: 'token-overridden',
      layer: 'gateway',
      harm: 'soon',
      title: 'The token of the config is not the one in force: another place overrides it',
      because: `${wins.key} in ${wins.path} (${wins.place}) wins over ${config.key} in ${config.path}. Clients that were given the token of the config are refused.`,
      tryThis: `Remove ${wins.key} there, or give it the token of the config; then start the gateway or its container again.`,
      see: [wins.path, config.path].filter(Boolean),
    },
  ]
}

const harmfulIn = ({problems = []}: TokenCopy) => problems.filter(({matters}) => matters)

/** What is wrong with the token as a whole, where no copy is to blame. */
const wholeProblem = ({tokenProblems}: CopiesStatus, bad: readonly unknown[]): TokenProblem | undefined =>
  bad.length === 0 ? tokenProblems.find(({matters}) => matters) : undefined

/** How many copies it is about, and whether they are merely old. */
const copiesTitle = (bad: readonly (readonly CopyProblem[])[]): string => {
  const isOld = bad.flat().every(({id}) => id === 'stale')
  if (bad.length === 1) return `A stored copy of the token ${isOld ? 'is out of date' : 'needs attention'}`
  return `${bad.length} stored copies of the token ${isOld ? 'are out of date' : 'need attention'}`
}

export const copyProblems = (status: CopiesStatus | null, now: number): Problem[] => {
  if (status === null) return []
  const special = overridden(status, now)
  if (!areCopiesBroken(status) || special.length > 0) return special
  const bad = status.copies.map(harmfulIn).filter(problems => problems.length > 0)
  const whole = wholeProblem(status, bad)
  const because = [...status.tokenProblems.map(({title}) => title), ...status.copies.flatMap(({problem}) => problem ?? [])]
  return [
    {
      ...baseFacts(now),
      id: 'token-copies',
      layer: 'gateway',
      harm: 'soon',
      title: whole?.title ?? copiesTitle(bad),
      because: because.slice(0, 3).join('; '),
      tryThis: whole?.cure ?? 'gatecrab copies names each of them with its cure.',
    },
  ]
}

export const toProblems = (findings: readonly ServiceFinding[], now: number): Problem[] =>
  findings.map(finding => ({
    ...baseFacts(now),
    ...finding,
    layer: 'lifecycle',
  }))
