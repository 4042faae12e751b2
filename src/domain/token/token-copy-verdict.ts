import {addressText} from '../live/gateway-names.ts'
import {
  type Enforced,
  formerVariable,
  gatewayVariable,
  type TokenCopy,
  type TokenSetup,
  tokenKey,
  variableOf,
} from './token-copy.ts'
import {cardOf, type PlaceId, placeRow} from './token-copy-places.ts'
import {type CopyProblem, type CopyProblemId, mattersByItself, problemOf, withProblems} from './token-copy-problems.ts'
import {isSince} from './token-copy-release.ts'
import {cliIsEnvFirst, cliSends, serverVariable, type Winner, winner} from './token-copy-winner.ts'

/** All that the copies are judged by. */
export type Circumstances = {
  release: string | null
  enforced: Enforced
  setup: TokenSetup
  shellEnv: Readonly<Record<string, string | undefined>>
}

type Bench = Circumstances & {copies: readonly TokenCopy[]; won: Winner; cli: Winner}

/** What depends on the verdict, and is found anew with each. */
const judgedAnew: ReadonlySet<CopyProblemId> = new Set([
  'unresolved',
  'cannot-follow',
  'pin',
  'pin-process',
  'stale',
  'stale-quiet',
  'hides-reference',
  'shadowed',
  'leaked',
  'leaked-old',
  'open-to-all',
  'open-mode',
  'open-plist',
])

const verdictOf = ({kind, mark, meant}: TokenCopy, enforced: Enforced): TokenCopy['verdict'] => {
  if (kind === 'unset') return 'absent'
  if (kind === 'placeholder') return 'not-a-secret'
  if (kind === 'unreadable' || mark === null || enforced.acceptsAnything === true) return 'unknown'
  if (meant?.is === 'elsewhere' && mark !== enforced.mark) return 'unknown'
  if (enforced.refused?.includes(mark)) return 'differs'
  if (enforced.mark === null) return 'unknown'
  return mark === enforced.mark ? 'agrees' : 'differs'
}

/** The gateway was asked, and takes another: whatever the rules of its release say, this one does not win. */
const isRefused = ({mark}: TokenCopy, {by, refused}: Enforced): boolean =>
  by === 'oracle' && mark !== null && refused?.includes(mark) === true

type Harm = {what: string; matters: boolean}

const configRules = ({won}: Bench): boolean => won.copy?.place === 'config' || won.copy?.place === 'include'

const oldName = ({release}: Bench): Harm | null =>
  isSince(release, '2026.2.26') ? {what: 'this release does not hear it', matters: false} : null

const feedsReference = (copy: TokenCopy, {copies}: Bench): boolean =>
  copies.some(({reference, mark}) => reference?.source === 'env' && reference.name === variableOf(copy) && mark === copy.mark)

const ofVariable = (copy: TokenCopy, bench: Bench): Harm => {
  const name = variableOf(copy)
  const former = name === formerVariable ? oldName(bench) : null
  if (former) return former
  if (name !== gatewayVariable && name !== formerVariable)
    return feedsReference(copy, bench)
      ? {what: 'the next start takes it', matters: true}
      : {what: 'another place is asked first', matters: false}
  if (configRules(bench))
    return cliIsEnvFirst(bench.release)
      ? {what: 'the command line of this release sends it before the config, and is refused', matters: true}
      : {what: 'the config beats it', matters: false}
  if (copy === serverVariable(bench.copies, name)) return {what: 'the next start takes it', matters: true}
  return placeRow(copy.place).turn !== null && (placeRow(copy.place).turn ?? 0) < 50
    ? {what: 'the next start may take it', matters: true}
    : {what: 'another place is asked first', matters: false}
}

const ofShell = (copy: TokenCopy, bench: Bench): Harm =>
  copy === bench.cli.copy
    ? {what: 'the command line sends it from this shell, and is refused', matters: true}
    : {what: 'the command line of this release sends another', matters: false}

const ofConfig = (_: TokenCopy, {won}: Bench): Harm =>
  won.copy?.place === 'start-command'
    ? {what: '--token in the start command beats it', matters: false}
    : {what: 'it is not heard, or not yet', matters: true}

const harms: Partial<Record<PlaceId, (copy: TokenCopy, bench: Bench) => Harm>> = {
  'start-command': () => ({what: 'the next start takes it', matters: true}),
  config: ofConfig,
  include: ofConfig,
  'secret-file': () => ({what: 'the gateway has not reloaded its secrets', matters: true}),
  'shell-env': ofShell,
  'remote-config': ({meant}, {setup}) =>
    setup.gatewayMode === 'remote'
      ? {what: 'this machine sends it, and is refused', matters: true}
      : {what: `only remote mode sends it${meant ? `, to ${addressText(meant.url)}` : ''}`, matters: false},
  'profile-config': () => ({what: 'that profile may have a gateway of its own', matters: false}),
}

const harmOf = (copy: TokenCopy, bench: Bench): Harm | null => {
  const judge = harms[copy.place] ?? ((placeRow(copy.place).turn ?? 0) >= 30 ? ofVariable : null)
  return judge === null ? null : judge(copy, bench)
}

const staleness = (copy: TokenCopy, bench: Bench): CopyProblem[] => {
  const harm = copy.verdict === 'differs' && copy.shadowed !== true ? harmOf(copy, bench) : null
  if (harm === null) return []
  return [problemOf(harm.matters ? 'stale' : 'stale-quiet', copy, harm.what, cardOf(copy))]
}

const bitsOf = (mode: string | null): number => (mode === null ? 0 : Number.parseInt(mode, 8))

/** Nobody but the owner can read it. */
export const lockedDown = ({mode}: Pick<TokenCopy, 'mode'>): boolean => (bitsOf(mode) & 0o077) === 0

const isPlist = ({path}: Pick<TokenCopy, 'path'>): boolean => path.endsWith('.plist')

const ofMode = (copy: TokenCopy): CopyProblem[] => {
  if (copy.kind !== 'literal' || lockedDown(copy)) return []
  const toAll = (bitsOf(copy.mode) & 0o006) !== 0 && copy.verdict === 'agrees'
  // Agents lie in a folder that nobody else may enter; daemons are for all to see.
  if (isPlist(copy)) return toAll && copy.path.startsWith('/Library/') ? [problemOf('open-plist', copy, copy.mode ?? '')] : []
  return [problemOf(toAll ? 'open-to-all' : 'open-mode', copy, copy.mode ?? '')]
}

const leaks = (copy: TokenCopy): CopyProblem[] =>
  copy.place === 'audit-log' ? [problemOf(copy.verdict === 'agrees' ? 'leaked' : 'leaked-old', copy)] : []

const ofReference = (copy: TokenCopy, {won}: Bench): CopyProblem[] => {
  if (copy.kind !== 'reference' || copy.mark !== null || copy.place === 'backup' || copy.place === 'profile-config') return []
  const closed = copy.reference?.source === 'exec' || copy.reference?.source === 'store'
  if (closed) return [problemOf('cannot-follow', copy, copy.pointsTo ?? '')]
  const problem = problemOf('unresolved', copy, copy.pointsTo ?? '')
  return [{...problem, matters: copy.key === tokenKey && (won.copy === null || won.copy === copy)}]
}

const hidden = (copy: TokenCopy, {copies}: Bench): CopyProblem[] => {
  if (copy.shadowed) return [problemOf('shadowed', copy)]
  if (copy.place !== 'config' || copy.key !== tokenKey || copy.kind !== 'literal') return []
  const before = copies.find(other => other.kind === 'reference' && other.key === tokenKey && other.place !== 'profile-config')
  return before ? [problemOf('hides-reference', copy, `${before.path} points to ${before.pointsTo}`)] : []
}

const pin = (copy: TokenCopy): CopyProblem[] =>
  copy.place === 'start-command' && copy.kind === 'literal' ? [problemOf(copy.spot ? 'pin' : 'pin-process', copy)] : []

const ofValue: ReadonlySet<CopyProblemId> = new Set(['placeholder', 'inner-white-space', 'quotes', 'pasted-name', 'unexpanded'])

/** What is wrong with a value that nobody hears harms nobody, and neither does what is past, as long as it is no leak. */
const weighed = (problem: CopyProblem, copy: TokenCopy, {won, cli}: Bench): CopyProblem => {
  const heard = copy === won.copy || copy === cli.copy || copy.place === 'config' || copy.place === 'start-command'
  const isPast =
    (copy.place === 'backup' || copy.place === 'audit-log') && problem.id !== 'leaked' && problem.id !== 'open-to-all'
  return isPast || (ofValue.has(problem.id) && !heard) ? {...problem, matters: false} : problem
}

const ownProblems = (copy: TokenCopy, bench: Bench): CopyProblem[] => [
  ...leaks(copy),
  ...ofMode(copy),
  ...pin(copy),
  ...hidden(copy, bench),
  ...ofReference(copy, bench),
  ...staleness(copy, bench),
]

const judge = (copy: TokenCopy, bench: Bench): TokenCopy => {
  const all = [...(copy.problems ?? []), ...ownProblems(copy, bench)].map(problem => weighed(problem, copy, bench))
  return withProblems({...copy, problems: []}, all)
}

const asFound = (copy: TokenCopy): TokenCopy => ({
  ...copy,
  problems: (copy.problems ?? [])
    .filter(({id}) => !judgedAnew.has(id))
    .map(problem => ({...problem, matters: mattersByItself(problem.id)})),
})

/** The copies with who wins, who agrees with what the gateway enforces, and what is wrong with each. */
export const judged = (found: readonly TokenCopy[], circumstances: Circumstances): TokenCopy[] => {
  const {release, setup, shellEnv, enforced} = circumstances
  const unjudged = found.map(asFound)
  const won = winner(unjudged, release, setup.authMode).copy
  const copies = unjudged.map((copy): TokenCopy => {
    const verdict = verdictOf(copy, enforced)
    return {...copy, wins: copy === won && !isRefused(copy, enforced), verdict}
  })
  const bench: Bench = {
    ...circumstances,
    copies,
    won: winner(copies, release, setup.authMode),
    cli: cliSends(copies, release, shellEnv, setup.gatewayMode),
  }
  return copies.map(copy => judge(copy, bench))
}

/** Until the gateway is asked: what it should take, by the rules of its release. */
export const assumed = ({copy, because, isUnread}: Winner): Enforced => ({
  fingerprint: copy?.fingerprint ?? null,
  mark: copy?.mark ?? null,
  by: copy?.mark == null ? 'unknown' : 'config',
  provenAt: null,
  acceptsAnything: null,
  because: isUnread ? because : `nobody has asked the gateway; by the rules of its release ${because}`,
})
