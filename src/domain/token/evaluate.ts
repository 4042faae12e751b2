import {addressText} from '../live/gateway-names.ts'
import {isSince} from '../release.ts'
import {type AcceptedToken, isAuthKey, keysOfCopies, type TokenCopy, type TokenSetup, variableOf} from './copy.ts'
import {type CopyProblem, type CopyProblemId, createCopyProblem, mattersByItself, withProblems} from './copy-problems.ts'
import {manualStepFor, type PlaceId, placeRow} from './places.ts'
import {cliIsEnvFirst, cliSends, serverVariable, type Winner, winner} from './winner.ts'

/** All inputs of the evaluation. */
export type VerdictInputs = {
  release: string | null
  enforced: AcceptedToken
  setup: TokenSetup
  shellEnv: Readonly<Record<string, string | undefined>>
}

type VerdictContext = VerdictInputs & {copies: readonly TokenCopy[]; won: Winner; cli: Winner}

/** Derived from the verdict, and recomputed with it. */
const recomputedIds: ReadonlySet<CopyProblemId> = new Set([
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

const verdictOf = ({kind, digest, meant}: TokenCopy, enforced: AcceptedToken): TokenCopy['verdict'] => {
  if (kind === 'unset') return 'absent'
  if (kind === 'placeholder') return 'not-a-secret'
  if (kind === 'unreadable' || digest === null || enforced.acceptsAnything === true) return 'unknown'
  if (meant?.is === 'elsewhere' && digest !== enforced.digest) return 'unknown'
  if (enforced.refused?.includes(digest)) return 'differs'
  if (enforced.digest === null) return 'unknown'
  return digest === enforced.digest ? 'agrees' : 'differs'
}

/** The gateway was asked, and takes another: whatever the rules of its release say, this one does not win. */
const isRefused = ({digest}: TokenCopy, {by, refused}: AcceptedToken): boolean =>
  by === 'oracle' && digest !== null && refused?.includes(digest) === true

type Harm = {what: string; matters: boolean}

const configRules = ({won}: VerdictContext): boolean => won.copy?.place === 'config' || won.copy?.place === 'include'

const oldName = ({release}: VerdictContext): Harm | null =>
  isSince(release, '2026.2.26') ? {what: 'this release does not hear it', matters: false} : null

const feedsReference = (copy: TokenCopy, {copies}: VerdictContext): boolean =>
  copies.some(
    ({reference, digest}) => reference?.source === 'env' && reference.name === variableOf(copy) && digest === copy.digest,
  )

const ofVariable = (copy: TokenCopy, verdictContext: VerdictContext): Harm => {
  const name = variableOf(copy)
  const keys = keysOfCopies(verdictContext.copies)
  const former = name === keys.former ? oldName(verdictContext) : null
  if (former) return former
  if (name !== keys.variable && name !== keys.former)
    return feedsReference(copy, verdictContext)
      ? {what: 'the next start takes it', matters: true}
      : {what: 'another place is asked first', matters: false}
  if (configRules(verdictContext))
    return cliIsEnvFirst(verdictContext.release)
      ? {what: 'the command line of this release sends it before the config, and is refused', matters: true}
      : {what: 'the config beats it', matters: false}
  if (copy === serverVariable(verdictContext.copies, name)) return {what: 'the next start takes it', matters: true}
  return placeRow(copy.place).turn !== null && (placeRow(copy.place).turn ?? 0) < 50
    ? {what: 'the next start may take it', matters: true}
    : {what: 'another place is asked first', matters: false}
}

const ofShell = (copy: TokenCopy, verdictContext: VerdictContext): Harm =>
  copy === verdictContext.cli.copy
    ? {what: 'the command line sends it from this shell, and is refused', matters: true}
    : {what: 'the command line of this release sends another', matters: false}

const ofConfig = (_: TokenCopy, {won}: VerdictContext): Harm =>
  won.copy?.place === 'start-command'
    ? {what: '--token in the start command beats it', matters: false}
    : {what: 'it is not heard, or not yet', matters: true}

const harms: Partial<Record<PlaceId, (copy: TokenCopy, verdictContext: VerdictContext) => Harm>> = {
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

const harmOf = (copy: TokenCopy, verdictContext: VerdictContext): Harm | null => {
  const evaluateCopy = harms[copy.place] ?? ((placeRow(copy.place).turn ?? 0) >= 30 ? ofVariable : null)
  return evaluateCopy === null ? null : evaluateCopy(copy, verdictContext)
}

const staleness = (copy: TokenCopy, verdictContext: VerdictContext): CopyProblem[] => {
  const harm = copy.verdict === 'differs' && copy.shadowed !== true ? harmOf(copy, verdictContext) : null
  if (harm === null) return []
  return [createCopyProblem(harm.matters ? 'stale' : 'stale-quiet', copy, harm.what, manualStepFor(copy))]
}

const bitsOf = (mode: string | null): number => (mode === null ? 0 : Number.parseInt(mode, 8))

/** Only the owner can read it. */
export const lockedDown = ({mode}: Pick<TokenCopy, 'mode'>): boolean => (bitsOf(mode) & 0o077) === 0

const isPlist = ({path}: Pick<TokenCopy, 'path'>): boolean => path.endsWith('.plist')

const ofMode = (copy: TokenCopy): CopyProblem[] => {
  if (copy.kind !== 'literal' || lockedDown(copy)) return []
  const toAll = (bitsOf(copy.mode) & 0o006) !== 0 && copy.verdict === 'agrees'
  // Agents lie in a folder that nobody else may enter; daemons are for all to see.
  if (isPlist(copy))
    return toAll && copy.path.startsWith('/Library/') ? [createCopyProblem('open-plist', copy, copy.mode ?? '')] : []
  return [createCopyProblem(toAll ? 'open-to-all' : 'open-mode', copy, copy.mode ?? '')]
}

const leaks = (copy: TokenCopy): CopyProblem[] =>
  copy.place === 'audit-log' ? [createCopyProblem(copy.verdict === 'agrees' ? 'leaked' : 'leaked-old', copy)] : []

const ofReference = (copy: TokenCopy, {won}: VerdictContext): CopyProblem[] => {
  if (copy.kind !== 'reference' || copy.digest !== null || copy.place === 'backup' || copy.place === 'profile-config') return []
  const closed = copy.reference?.source === 'exec' || copy.reference?.source === 'store'
  if (closed) return [createCopyProblem('cannot-follow', copy, copy.pointsTo ?? '')]
  const problem = createCopyProblem('unresolved', copy, copy.pointsTo ?? '')
  return [{...problem, matters: isAuthKey(copy.key) && (won.copy === null || won.copy === copy)}]
}

const hidden = (copy: TokenCopy, {copies}: VerdictContext): CopyProblem[] => {
  if (copy.shadowed) return [createCopyProblem('shadowed', copy)]
  if (copy.place !== 'config' || !isAuthKey(copy.key) || copy.kind !== 'literal') return []
  const before = copies.find(other => other.kind === 'reference' && other.key === copy.key && other.place !== 'profile-config')
  return before ? [createCopyProblem('hides-reference', copy, `${before.path} points to ${before.pointsTo}`)] : []
}

const pin = (copy: TokenCopy): CopyProblem[] =>
  copy.place === 'start-command' && copy.kind === 'literal' ? [createCopyProblem(copy.spot ? 'pin' : 'pin-process', copy)] : []

const ofValue: ReadonlySet<CopyProblemId> = new Set([
  'placeholder',
  'template',
  'inner-white-space',
  'quotes',
  'pasted-name',
  'unexpanded',
])

/** A wrong value that is never used is harmless, and so is an old one, unless it leaks. */
const weighed = (problem: CopyProblem, copy: TokenCopy, {won, cli}: VerdictContext): CopyProblem => {
  const isUsed = copy === won.copy || copy === cli.copy || copy.place === 'config' || copy.place === 'start-command'
  const isHistorical =
    (copy.place === 'backup' || copy.place === 'audit-log') && problem.id !== 'leaked' && problem.id !== 'open-to-all'
  return isHistorical || (ofValue.has(problem.id) && !isUsed) ? {...problem, matters: false} : problem
}

const ownProblems = (copy: TokenCopy, verdictContext: VerdictContext): CopyProblem[] => [
  ...leaks(copy),
  ...ofMode(copy),
  ...pin(copy),
  ...hidden(copy, verdictContext),
  ...ofReference(copy, verdictContext),
  ...staleness(copy, verdictContext),
]

const evaluateCopy = (copy: TokenCopy, verdictContext: VerdictContext): TokenCopy => {
  const all = [...(copy.problems ?? []), ...ownProblems(copy, verdictContext)].map(problem =>
    weighed(problem, copy, verdictContext),
  )
  return withProblems({...copy, problems: []}, all)
}

const withoutVerdict = (copy: TokenCopy): TokenCopy => ({
  ...copy,
  problems: (copy.problems ?? [])
    .filter(({id}) => !recomputedIds.has(id))
    .map(problem => ({...problem, matters: mattersByItself(problem.id)})),
})

/** The copies with who wins, who agrees with what the gateway enforces, and what is wrong with each. */
export const evaluateCopies = (found: readonly TokenCopy[], verdictInputs: VerdictInputs): TokenCopy[] => {
  const {release, setup, shellEnv, enforced} = verdictInputs
  const unevaluated = found.map(withoutVerdict)
  const won = winner(unevaluated, release, setup.authMode).copy
  const copies = unevaluated.map((copy): TokenCopy => {
    const verdict = verdictOf(copy, enforced)
    return {...copy, wins: copy === won && !isRefused(copy, enforced), verdict}
  })
  const verdictContext: VerdictContext = {
    ...verdictInputs,
    copies,
    won: winner(copies, release, setup.authMode),
    cli: cliSends(copies, release, shellEnv, setup.gatewayMode),
  }
  return copies.map(copy => evaluateCopy(copy, verdictContext))
}

/** Until the gateway is asked: what it should take, by the rules of its release. */
export const assumed = ({copy, because, isUnread}: Winner): AcceptedToken => ({
  fingerprint: copy?.fingerprint ?? null,
  digest: copy?.digest ?? null,
  by: copy?.digest == null ? 'unknown' : 'config',
  provenAt: null,
  acceptsAnything: null,
  because: isUnread ? because : `nobody has asked the gateway; by the rules of its release ${because}`,
})
