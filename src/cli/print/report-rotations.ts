import {plural} from '../../app/words.ts'
import {type Attempt, addressOf, isFailed} from '../../domain/attempts/attempt.ts'
import {nameOf} from '../../domain/attempts/client-name.ts'
import {endEntry, entriesOf, plannedEntry} from '../../domain/plans/journal.ts'
import {isAboutCredential} from '../../domain/reasons/reason.ts'
import {redact} from '../../domain/redact.ts'
import type {TimelineEvent} from '../../domain/timeline/timeline.ts'
import type {TokenCopy} from '../../domain/token/copy.ts'
import {clientOfAttempt, type World} from '../../domain/world/world.ts'
import type {JournalRecord} from '../../sources/plans/journals.ts'
import {iso} from '../moment-flags.ts'

/** What a ticket would take for a picture, a link, a person to be called, a formula, an entity, or markup. */
const markup = /[`*_[\]<>@#~|\\&$]|:\/\/|\bwww\./i

/**
 * Whatever a report says goes through here: any sentence of ours may name a client or a path, and a stranger's picture would
 * tell them who reads the ticket. A code span shows every character as it is.
 */
export const asWritten = (text: string): string => {
  const safe = redact(text)
  return markup.test(safe) ? `\`${safe.replaceAll('`', "'")}\`` : safe
}

export const cell = (text: string): string => asWritten(text).replaceAll('|', '\\|')

/** `isCut`: more attempts came than are kept, so there may have been more of these. */
type Rotation = {at: number; text: string; until: number; refused: Attempt[]; isCut: boolean}

const isCredential = ({reason}: Attempt): boolean => isAboutCredential(reason ?? '')

/** From each change of the token to the next: who was refused for their credential. */
const rotationsIn = (timeline: readonly TimelineEvent[], {recent, limits}: World, now: number): Rotation[] => {
  const isFull = recent.length >= limits.recent
  const changes = timeline.filter(({kind}) => kind === 'rotation')
  return changes.map(({at, text}, i) => {
    const until = changes[i + 1]?.at ?? now
    const refused = recent.filter(attempt => attempt.at >= at && attempt.at < until && isFailed(attempt) && isCredential(attempt))
    return {at, text, until, refused, isCut: isFull && (recent[0]?.at ?? at) > at}
  })
}

const maxNames = 5

const whoOf = (refused: readonly Attempt[], world: World): string[] => [
  ...new Set(
    refused.map(attempt => {
      const client = clientOfAttempt(world, attempt)
      return [client ? nameOf(client) : 'unnamed', addressOf(attempt)].filter(Boolean).join(' from ')
    }),
  ),
]

/** When the token changed, for how long clients were refused for it, and how many that were. */
export const rotationsPart = (timeline: readonly TimelineEvent[], world: World, now: number): string[] => {
  const rotations = rotationsIn(timeline, world, now)
  if (rotations.length === 0) return []
  return [
    '## Rotations and whom they hit',
    '',
    ...rotations.flatMap(({at, text, refused, isCut}) => {
      const last = refused.at(-1)
      const who = whoOf(refused, world)
      const named = who.slice(0, maxNames).map(asWritten).join(', ')
      const more = who.length > maxNames ? ` and ${who.length - maxNames} more` : ''
      return [
        `- ${iso(at)} ${asWritten(text)}`,
        last === undefined
          ? `  - no client was refused for it${isCut ? ', as far as attempts are kept' : ''}`
          : `  - until ${iso(last.at)}: ${isCut ? 'at least ' : ''}${plural(refused.length, 'refusal')} of ${plural(who.length, 'client')}: ${named}${more}`,
      ]
    }),
    '',
  ]
}

const holdsToken = ({fingerprint, wins}: TokenCopy): boolean => fingerprint !== null || wins

/** The places by their fingerprints: which is in force, and which differ. */
export const tokenPart = (copies: readonly TokenCopy[] | null, enforced: string | null): string[] => {
  const holderNames = copies?.filter(holdsToken) ?? []
  if (holderNames.length === 0) return []
  const holders = enforced === null ? [] : holderNames.filter(({fingerprint}) => fingerprint === enforced)
  const inForce = holders.find(({wins}) => wins) ?? holders[0]
  return [
    '## The token, by fingerprint',
    '',
    ...holderNames.map(copy => {
      const {place, path, key, fingerprint, wins, verdict} = copy
      const role = copy === inForce ? ', in force' : wins ? ', the one that should be in force' : ''
      return `- ${place} ${asWritten(`${path} ${key}`)}: ${fingerprint === null ? 'points elsewhere' : asWritten(fingerprint)}, ${verdict}${role}`
    }),
    '',
  ]
}

const maxPlans = 10

/** Those that a later plan has undone, by the id of that plan. */
const undoneBy = (plans: readonly JournalRecord[]): ReadonlyMap<string, string> =>
  new Map(
    plans.flatMap(({id, entries}) => {
      const undoes = endEntry(entries)?.outcome === 'done' ? plannedEntry(entries)?.plan.undoes : null
      return undoes ? [[undoes, id] as const] : []
    }),
  )

/** What gatecrab did, and the ways back. */
export const plansPart = (plans: readonly JournalRecord[]): string[] => {
  const undone = undoneBy(plans)
  const lines = plans.slice(0, maxPlans).flatMap(({id, entries}) => {
    const planned = plannedEntry(entries)
    if (planned === null) return []
    const end = endEntry(entries)
    const proofs = entriesOf(entries, 'proved').filter(({ok}) => ok).length
    const outcome = end === null ? 'cut off: gatecrab journals shows the way on' : end.outcome
    const by = undone.get(id)
    const canUndo = end?.outcome === 'done' && end.changed && planned.plan.steps.some(({undo}) => undo !== null)
    const back = by === undefined ? (canUndo ? '; `gatecrab undo` can undo it' : '') : `; undone since, by ${asWritten(by)}`
    return [`- ${asWritten(id)}: ${asWritten(planned.plan.fix)}, ${outcome}, ${plural(proofs, 'proof')}${back}`]
  })
  return lines.length === 0 ? [] : ['## Changes by gatecrab, and rollback points', '', ...lines, '']
}
