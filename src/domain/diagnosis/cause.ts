import type {TimelineEvent} from '../timeline/timeline.ts'
import type {Problem} from './problem.ts'
import type {RefusedClient} from './refused-clients.ts'

/** The one event behind several problems. */
export type Cause = {
  id: 'token-changed' | 'gateway-started'
  /** When the file was written, where a record tells; else when the gateway took it. */
  at: number
  loadedAt: number
  /** Who says that they wrote it; `unrecorded` where neither OpenClaw nor gatecrab does, null where no record is read. */
  wrote: NonNullable<TimelineEvent['wrote']> | null
  /** The ids of the problems that came of it. */
  explains: readonly string[]
}

/** Only these are refused for a secret that was right before. */
const oldSecrets: readonly string[] = ['token-mismatch', 'password-mismatch']
const alsoLockedOut: readonly string[] = ['rate-limited']

/** The gateway and its clients write by clocks of their own, and a client that was refused at once is no older than the change. */
const slackMs = 2000
/** The gateway looks at its file after a pause. */
const loadedWithinMs = 60_000
/** What begins later than that has another reason than the start. */
const atStartMs = 300_000

const writeBefore = (loadedAt: number, changes: readonly TimelineEvent[]): TimelineEvent | undefined =>
  changes.findLast(({wrote, at}) => wrote !== undefined && at <= loadedAt + slackMs && loadedAt - at < loadedWithinMs)

const isLoaded = ({kind, of}: TimelineEvent): boolean => kind === 'rotation' && of === 'config-applied'
const isStart = ({of, isOther}: TimelineEvent): boolean => of === 'gateway-listening' && isOther !== true

/** What happened last before the first of them was refused. */
const eventBefore = (since: number, timeline: readonly TimelineEvent[]): TimelineEvent | undefined =>
  timeline.findLast(event => (isLoaded(event) || isStart(event)) && event.at <= since + slackMs)

const lastWriteIn = ({wrote, at}: TimelineEvent, loadedAt: number): number =>
  wrote?.at.findLast(written => written <= loadedAt + slackMs) ?? at

/** When one of those that are refused now was let in last; null where no line says so. */
const lastIn = (refused: readonly RefusedClient[]): number | null => {
  const times = refused
    .filter(({tally}) => oldSecrets.includes(tally.detail ?? tally.reason))
    .flatMap(({client: {admittedAt}}) => admittedAt ?? [])
  return times.length === 0 ? null : Math.max(...times)
}

type Inputs = {
  timeline: readonly TimelineEvent[]
  changes: readonly TimelineEvent[]
  problems: readonly Problem[]
  refused: readonly RefusedClient[]
}

/** Why clients are refused: a new token since, or a start since of a gateway that let them in before. Null where no event explains it. */
export const causeOf = ({timeline, changes, problems, refused: clients}: Inputs): Cause | null => {
  const wasIn = (before: number): boolean => (lastIn(clients) ?? Infinity) < before
  const refused = problems.filter(({id, harm}) => harm === 'broken' && oldSecrets.includes(id))
  if (refused.length === 0) return null
  const since = Math.min(...refused.map(found => found.since))
  const event = eventBefore(since, timeline)
  if (!event || (isStart(event) && (since - event.at > atStartMs || !wasIn(event.at)))) return null
  const explains = problems
    .filter(({id, since: from}) => [...oldSecrets, ...alsoLockedOut].includes(id) && from >= event.at - slackMs)
    .map(({id}) => id)
  if (isStart(event)) return {id: 'gateway-started', at: event.at, loadedAt: event.at, wrote: null, explains}
  const write = writeBefore(event.at, changes)
  return {
    id: 'token-changed',
    at: write ? lastWriteIn(write, event.at) : event.at,
    loadedAt: event.at,
    wrote: write?.wrote ?? null,
    explains,
  }
}
