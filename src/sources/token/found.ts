import {fingerprintOf, type Secret} from '../../domain/secret.ts'
import {artefactsOf, placeholderOf, unexpandedOf} from '../../domain/token/artefacts.ts'
import {exposureOf, isPasswordKey, type TokenCopy, type TokenReference} from '../../domain/token/copy.ts'
import {type CopyProblem, type CopyProblemId, createCopyProblem, withProblems} from '../../domain/token/copy-problems.ts'
import {type PlaceId, placeRow} from '../../domain/token/places.ts'
import {type FileContent, tokenDigest} from './file.ts'

/** What a reader found in a place; the value stays here, the copy is made of it. */
export type FoundToken = {
  place: PlaceId
  path: string
  key: string
  value: Secret | null
  file: FileContent | null
  at: readonly string[]
  reference: TokenReference | null
  pointsTo: string | null
  /** Why it cannot be read. */
  unreadable: string | null
  shadowed: boolean
  /** The address that a remote token is sent to. */
  meant: string | null
  problems: readonly {id: CopyProblemId; what: string}[]
}

const emptyReading = {
  value: null,
  file: null,
  at: [],
  reference: null,
  pointsTo: null,
  unreadable: null,
  shadowed: false,
  meant: null,
  problems: [],
}

export const createFound = (place: PlaceId, path: string, key: string, more: Partial<FoundToken> = {}): FoundToken => ({
  ...emptyReading,
  place,
  path,
  key,
  ...more,
})

const expandsVariables: readonly PlaceId[] = ['config', 'include', 'backup', 'profile-config', 'remote-config', 'compose-file']

const kindOf = ({unreadable, reference, value}: FoundToken): TokenCopy['kind'] => {
  if (unreadable !== null) return 'unreadable'
  if (reference !== null) return 'reference'
  if (value === null) return 'unset'
  return placeholderOf(value) === null ? 'literal' : 'placeholder'
}

const valueProblems = (it: FoundToken): CopyProblem[] => {
  if (it.value === null || it.reference !== null) return []
  const placeholder = placeholderOf(it.value)
  if (placeholder !== null) return [createCopyProblem('placeholder', it, placeholder)]
  const unexpanded = expandsVariables.includes(it.place) ? null : unexpandedOf(it.value)
  if (unexpanded !== null) return [createCopyProblem('unexpanded', it, unexpanded)]
  return artefactsOf(it.value, isPasswordKey(it.key)).map(({id, what}) => createCopyProblem(id, it, what))
}

const ownerProblems = ({file, value, path, key}: FoundToken, owner: number | null): CopyProblem[] =>
  file !== null && value !== null && owner !== null && file.uid !== owner
    ? [createCopyProblem('wrong-owner', {path, key}, `user ${file.uid}`)]
    : []

const isWritable = (it: FoundToken, kind: TokenCopy['kind']): boolean =>
  placeRow(it.place).write !== null && (kind === 'literal' || kind === 'placeholder') && it.file?.replaceable === true

/** The account of the gateway, and our own. */
const trustedBy = (owner: number | null): number[] => {
  const own = process.geteuid?.()
  return [owner, own].filter(uid => uid !== null && uid !== undefined)
}

/** A copy without a verdict. A blank value has no mark, as there is nothing to compare. */
export const copyOf = (it: FoundToken, owner: number | null): TokenCopy => {
  const kind = kindOf(it)
  const trusted = trustedBy(owner)
  const isOurs = isWritable(it, kind)
  const exposure = isOurs && it.file ? exposureOf({uid: it.file.uid, mode: Number.parseInt(it.file.mode, 8)}, trusted) : null
  const own = it.reference === null && it.value !== null && it.value.reveal().trim() !== '' ? it.value : null
  const copy: TokenCopy = {
    place: it.place,
    path: it.path,
    key: it.key,
    kind,
    pointsTo: it.pointsTo,
    fingerprint: own !== null && kind === 'literal' ? fingerprintOf(own) : null,
    digest: own === null ? null : tokenDigest(own),
    wins: false,
    verdict: 'unknown',
    writable: isOurs && exposure === null,
    mode: it.file?.mode ?? null,
    problem: null,
    ...(it.reference ? {reference: it.reference} : {}),
    ...(it.shadowed ? {shadowed: true} : {}),
    ...(it.meant === null ? {} : {meant: {url: it.meant, is: 'unknown'}}),
    ...(exposure ? {exposure} : {}),
    ...(it.file ? {spot: {file: it.file.file, at: it.at, digest: it.file.digest, changedAt: it.file.changedAt, trusted}} : {}),
  }
  const unreadable = it.unreadable !== null && it.unreadable !== '' ? [createCopyProblem('unreadable', it, it.unreadable)] : []
  const reported = it.problems.map(({id, what}) => createCopyProblem(id, it, what))
  return withProblems(copy, [...unreadable, ...reported, ...valueProblems(it), ...ownerProblems(it, owner)])
}
