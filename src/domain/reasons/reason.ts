import {evictOldest} from '../evict-oldest.ts'
import {isSince} from '../release.ts'
import {authReasons} from './auth.ts'
import {channelReasons} from './channel.ts'
import {endingReasons} from './ending.ts'
import {gatewayReasons} from './gateway.ts'
import {httpReasons} from './http.ts'
import {providerReasons} from './provider.ts'
import type {Layer, Reason, ReasonAbout} from './row.ts'
import {dashed, meantBy, pastedReasons} from './words.ts'
import {workerReasons} from './worker.ts'

export type {Layer, Reason} from './row.ts'

/** Why a connection failed or ended, and why a provider said no: one row knows everything about one reason. */
export const reasons = {
  ...authReasons,
  ...gatewayReasons,
  ...workerReasons,
  ...endingReasons,
  ...httpReasons,
  ...pastedReasons,
  ...providerReasons,
  ...channelReasons,
} as const satisfies Record<string, Reason>

export type ReasonId = keyof typeof reasons

export type ReasonRow = Reason & {readonly id: string}

type Row = readonly [ReasonId, Reason]

const rowsOf = (table: {readonly [id: string]: Reason}): readonly Row[] => Object.entries(table) as unknown as readonly Row[]
const rows = rowsOf(reasons)
const refusals = rowsOf({...authReasons, ...gatewayReasons, ...workerReasons})
const providerRows = rowsOf(providerReasons)
const channelRows = rowsOf(channelReasons)

const isReasonId = (id: string): id is ReasonId => Object.hasOwn(reasons, id)

/** Reasons of which each number, or each header, is one of its own. First match wins. */
const families: readonly (readonly [RegExp, ReasonId])[] = [
  [/^trusted-proxy-missing-header-./i, 'trusted-proxy-missing-header'],
  [/^closed-4\d{3}$/, 'closed-4xxx'],
  [/^closed-\d{1,5}$/, 'closed-other'],
]

const rowIdOf = (id: string): ReasonId | undefined => {
  if (isReasonId(id)) return id
  return families.find(([of]) => of.test(id))?.[1] ?? rows.find(([, row]) => row.cause === id)?.[0]
}

const unknownReason: Reason = {
  layer: 'gateway',
  since: 'unknown',
  sure: 'guess',
  means:
    "gatecrab does not know this reason; a newer OpenClaw than it was made for may use it. The word is the gateway's own and is shown as it came.",
  fixes: ['verify'],
  tryThis:
    'Read the close text and the lines around it, and look the word up in the documentation of OpenClaw. A newer gatecrab may know it.',
  example: '',
}

const rowOf = (id: string): Reason => {
  const rowId = rowIdOf(id)
  return rowId === undefined ? unknownReason : reasons[rowId]
}

/** Never fails: a reason of a future release gets a row that says so. */
export const reasonById = (id: string): ReasonRow => ({...rowOf(id), id})

/** The reason as an id of the table, so that untrusted texts cannot add new ones. */
export const tabledReason = (id: string): ReasonId => rowIdOf(id) ?? 'unknown'

type Advice = Pick<Reason, 'tryThis' | 'tryThisFrom'>

const adviceIn = ({tryThis, tryThisFrom}: Advice, release: string | null): string =>
  tryThisFrom !== undefined && release !== null && isSince(release, tryThisFrom.release) ? tryThisFrom.tryThis : tryThis

/** What helps at a gateway of this release, with the id of the request that it is about in the place where the table names none. */
export const adviceOf = (row: Advice, requestId: string | null, release: string | null): string => {
  const advice = adviceIn(row, release)
  return requestId === null ? advice : advice.replaceAll('<requestId>', requestId)
}

export const allReasons: readonly ReasonRow[] = rows.map(([id, row]) => ({...row, id}))

export const aboutOf = (id: string): ReasonAbout | null => rowOf(id).about ?? null

const credentials: readonly (ReasonAbout | null)[] = ['token', 'password', 'device-token', 'bootstrap-token']

/** A secret was missing or wrong, whoever it belongs to. */
export const isAboutCredential = (id: string): boolean => credentials.includes(aboutOf(id))

export const isLasting = (id: ReasonId): boolean => rowOf(id).isLasting === true

export const layerOf = (id: string): Layer => rowOf(id).layer

/** A number or a header that only a family of reasons speaks of. */
const inFamily = (word: string): string | undefined => {
  const id = dashed(word.trim()).replace(/^(?:code[\s=:]+)?(?=[1-4]\d{3}$)/i, 'closed-')
  return !isReasonId(id) && families.some(([of]) => of.test(id)) ? id : undefined
}

/** The reasons that a word may mean: a code, a status, a word of the gateway's or of ours. Best first; empty where none fits. */
export const lookUp = (word: string): readonly ReasonRow[] => {
  const meant = meantBy(rows, word)
  const member = meant.length > 0 ? undefined : inFamily(word)
  return (member === undefined ? meant : [member]).map(reasonById)
}

/** What a log says of a connection that got no hello; `handshake` is null where the line has no meta. */
type RefusalFacts = {
  readonly authReason?: string | null
  readonly cause?: string | null
  readonly handshake?: 'pending' | 'failed' | 'connected' | null
  readonly code?: number | null
  readonly text?: string | null
  readonly detail?: string | null
}

/** `cause` and `authReason` as logged, or as the close text tells them. `left`: it went before the gateway refused it. */
type ReasonMatch = {
  readonly reason: string
  readonly detail: ReasonId | null
  readonly cause: string | null
  readonly authReason: string | null
  readonly layer: Layer
  readonly left: boolean
}

const present = (word: string | null | undefined, ...none: string[]): string | null =>
  word == null || word === '' || word === 'n/a' || none.includes(word) ? null : word

const matchesText = ({text, codes}: Reason, closeText: string, code: number | null): boolean =>
  text?.test(closeText) === true && (code === null || codes === undefined || codes.includes(code))

const closer = Map.groupBy(rows, ([, row]) => row.under)

/** The closer reason under a general one, if the close text or a word of the gateway's tells. */
export const detailOf = (
  reason: string,
  {text = null, code = null, detail = null}: Pick<RefusalFacts, 'text' | 'code' | 'detail'>,
): ReasonId | null => {
  const under = closer.get(rowIdOf(reason) ?? '') ?? []
  const named = under.find(([id, row]) => detail !== null && (id === detail || row.cause === detail))
  const match = named ?? under.find(([, row]) => text !== null && matchesText(row, text, code))
  return match?.[0] ?? null
}

/**
 * A close text is the gateway's word only where the gateway refused: a client that leaves by itself (handshake pending)
 * writes its own, so a text must not stand in for a cause there.
 */
const rowByText = ({cause, handshake, code, text}: RefusalFacts): Row | undefined => {
  const closeText = present(text)
  if (closeText === null) return undefined
  const isGiven = (row: Reason) => (cause ? row.cause === cause : handshake !== 'pending' || row.cause === undefined)
  return refusals.find(([, row]) => isGiven(row) && matchesText(row, closeText, code ?? null))
}

const refusalCodes = [1002, 1008, 1009, 1011, 1013, 4001]

const wentBySelf = ({handshake, code}: RefusalFacts): boolean =>
  handshake === 'pending' || ((handshake ?? null) === null && typeof code === 'number' && !refusalCodes.includes(code))

/** Why a socket got no hello. */
export const reasonOf = (seen: RefusalFacts): ReasonMatch => {
  const row = rowByText(seen)
  const closeText = present(seen.authReason, 'unknown')
  const cause = present(seen.cause) ?? row?.[1].cause ?? (closeText === null ? null : 'unauthorized')
  const authReason = closeText ?? row?.[1].authReason ?? null
  const word = authReason === null ? cause : dashed(authReason)
  const reason = word ?? row?.[1].under ?? row?.[0] ?? (wentBySelf(seen) ? 'left-before-connect' : 'unknown')
  const detail = detailOf(reason, seen)
  const left = reason === 'left-before-connect' || cause === 'connect-aborted-before-register'
  return {reason, detail, cause, authReason, layer: layerOf(detail ?? reason), left}
}

const plainEndings: {readonly [code: number]: ReasonId} = {
  1000: 'closed-normally',
  1001: 'closed-normally',
  1005: 'closed-normally',
  1006: 'connection-lost',
  1012: 'service-restart',
}

/** How a connection ended that had got its hello. */
export const endingOf = (code: number | null, text: string | null): string => {
  if (code === null) return 'unknown'
  const match = (['token-changed', 'slow-consumer'] as const).find(id => matchesText(reasons[id], text ?? '', code))
  return match ?? plainEndings[code] ?? `closed-${code}`
}

/** What a provider's failure is: its text tells most, then OpenClaw's word for it, then the HTTP status. */
export const providerReasonOf = (seen: {status?: number | null; why?: string | null; text?: string | null}): ReasonId => {
  const texts = [seen.text, seen.why].filter(text => typeof text === 'string')
  const byText = providerRows.find(([, row]) => texts.some(text => row.text?.test(text)))
  const byWhy = () => providerRows.find(([, row]) => row.why?.includes(seen.why ?? ''))
  const byStatus = () => providerRows.find(([, row]) => row.status?.includes(seen.status ?? 0))
  return (byText ?? byWhy() ?? byStatus())?.[0] ?? 'provider-trouble'
}

/** What is wrong with a channel, by its name and the words of its line. */
export const channelReasonOf = ({channel, because}: {channel: string; because: string}): ReasonId => {
  const text = `${channel}: ${because}`
  return channelRows.find(([, row]) => row.text?.test(text))?.[0] ?? 'channel-exited'
}

type CachedReason = {seen: Required<RefusalFacts>; found: ReasonMatch}

/** What the reason table said before, by the most telling of the words it was asked about. */
export type ReasonCache = Map<string, CachedReason[]>

const maxWords = 1024
const maxPerWord = 8

const isSame = (a: Required<RefusalFacts>, b: Required<RefusalFacts>): boolean =>
  a.code === b.code &&
  a.handshake === b.handshake &&
  a.cause === b.cause &&
  a.authReason === b.authReason &&
  a.text === b.text &&
  a.detail === b.detail

/** A log says the same few things over and over, and asking the table takes a hundred times as long as remembering. */
export const lookupReason = (cache: ReasonCache, seen: Required<RefusalFacts>): ReasonMatch => {
  const word = seen.text ?? seen.authReason ?? seen.cause ?? ''
  const alike = cache.get(word) ?? []
  for (const cached of alike) if (isSame(cached.seen, seen)) return cached.found
  const found = reasonOf(seen)
  cache.set(word, [{seen, found}, ...alike.slice(0, maxPerWord - 1)])
  evictOldest(cache, maxWords)
  return found
}
