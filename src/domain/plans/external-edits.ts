import {minuteMs} from '../durations.ts'
import type {Disk, HostEvent, TimelineEvent} from '../timeline/timeline.ts'
import {type Entry, endEntry, entriesOf, plannedEntry} from './journal.ts'

/** What happened beside the log is read nowhere in it. */
const nowhere = {file: '', line: 0} as const

const createTimelineEvent = (at: number, kind: TimelineEvent['kind'], text: string): TimelineEvent => ({
  at,
  kind,
  text,
  from: nowhere,
})

const span = (ms: number): string => {
  const minutes = Math.round(ms / minuteMs)
  if (minutes < 1) return `${Math.round(ms / 1000)} s`
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}

export const hostTimelineEvent = (event: HostEvent): TimelineEvent => {
  if (event.kind === 'clock-set') {
    const way = event.byMs > 0 ? 'forward' : 'back'
    return createTimelineEvent(event.at, 'clock', `the clock of this host was set ${way} by ${span(Math.abs(event.byMs))}`)
  }
  const why = event.because === null ? '' : `: ${event.because}`
  const what = event.kind === 'slept' ? 'this host slept' : 'this host stood still'
  return createTimelineEvent(event.at, 'sleep', `${what} for ${span(event.until - event.at)}${why}`)
}

const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`

export const diskTimelineEvent = ({path, state, freeBytes}: Disk, at: number): TimelineEvent =>
  createTimelineEvent(
    at,
    'disk',
    `the disk under ${path} is ${state === 'ok' ? 'no longer full' : state}: ${inMegabytes(freeBytes)} free`,
  )

/** When a plan wrote a file, or put one back. */
const writesIn = (entries: readonly Entry[]): number[] => [
  ...entriesOf(entries, 'step-ended').flatMap(({at, wrote}) => (wrote === null ? [] : Date.parse(at))),
  ...entriesOf(entries, 'undone').flatMap(({at, ok}) => (ok ? Date.parse(at) : [])),
]

/** What gatecrab itself changed, by its own journals. A plan that a later one brought to its end was cut off. */
export const journalTimelineEvents = (entries: readonly Entry[]): TimelineEvent[] => {
  const planned = plannedEntry(entries)
  const end = endEntry(entries)
  if (planned === null) return []
  const isCutOff = end !== null && end.by !== null
  const ending = end?.outcome === 'done' ? 'done' : `${end?.outcome}: ${end?.because ?? 'no reason given'}`
  const words = end === null ? 'began' : isCutOff ? 'interrupted' : ending
  const at = Date.parse((isCutOff ? planned : (end ?? planned)).at)
  return [
    {
      ...createTimelineEvent(at, 'plan', `gatecrab ${planned.plan.fix}: ${words}`),
      wrote: {by: 'gatecrab', at: writesIn(entries)},
    },
  ]
}

type Changed = {at: number; by: string; pid: number | null; paths: readonly string[]; isSuspicious: boolean}

const ofProcess = (pid: number | null): string => (pid === null ? '' : `, pid ${pid}`)

export const changeTimelineEvent = ({at, by, pid, paths, isSuspicious}: Changed): TimelineEvent => {
  const what = paths.length === 0 ? '' : `: ${paths.join(', ')}`
  const suspicion = isSuspicious ? ' (OpenClaw calls it suspicious)' : ''
  return {
    ...createTimelineEvent(at, 'config', `config written by ${by}${ofProcess(pid)}${what}${suspicion}`),
    wrote: {by: 'openclaw', at: [at], who: `${by}${ofProcess(pid)}`},
  }
}

export const restartTimelineEvent = ({
  at,
  by,
  how,
  pid,
}: {
  at: number
  by: string
  how: string
  pid: number | null
}): TimelineEvent => createTimelineEvent(at, 'restart', `${how} asked for by ${by}${ofProcess(pid)}`)

/** The file was written, and neither OpenClaw nor gatecrab says that it was them. */
export const manualEditTimelineEvent = (at: number): TimelineEvent => ({
  ...createTimelineEvent(at, 'config', 'config edited outside OpenClaw (no audit record)'),
  wrote: {by: 'unrecorded', at: [at]},
})

/** A record is written a moment after the file, and a step ends a moment after its write. */
const recordedWithinMs = 5000

export const isRecorded = (at: number, timeline: readonly TimelineEvent[]): boolean =>
  timeline.some(({wrote}) => wrote?.by !== 'unrecorded' && wrote?.at.some(other => Math.abs(other - at) < recordedWithinMs))

/** The gateway looks at its file after a pause, and finishes what it has in hand. */
const loadedWithinMs = 15_000
const loads: readonly (TimelineEvent['of'] | undefined)[] = ['config-applied', 'config-needs-restart', 'config-skipped']

/**
 * The time of the file tells of its last write only. So each change that the gateway's log says it saw is compared with the records
 * near it. Before the first record of OpenClaw nothing is known of who writes, as releases without records are.
 */
export const unrecordedEdits = (log: readonly TimelineEvent[], others: readonly TimelineEvent[]): TimelineEvent[] => {
  const firstRecord = Math.min(...others.flatMap(({wrote}) => (wrote?.by === 'openclaw' ? wrote.at : [])))
  const writes = others.flatMap(({wrote}) => wrote?.at ?? [])
  const found: TimelineEvent[] = []
  for (const {at, of} of log) {
    if (!loads.includes(of) || at < firstRecord) continue
    if (writes.some(write => at - write < loadedWithinMs && write - at < recordedWithinMs)) continue
    writes.push(at)
    found.push(manualEditTimelineEvent(at))
  }
  return found
}

const lasting: Partial<Record<string, string>> = {
  killed: 'exited without a shutdown message (killed or crashed)',
  foreign: "another program has the gateway's port",
  frozen: 'frozen: it takes connections and says nothing',
  unreachable: 'it does not answer',
}

/** What no log can tell of the gateway: it writes nothing when it is killed, or stands still. */
export const statusTimelineEvent = (before: string, now: string, at: number): TimelineEvent | null => {
  if (before === now) return null
  const text = lasting[now]
  if (text !== undefined) return createTimelineEvent(at, 'trouble', text)
  return before === 'frozen' && now === 'up' ? createTimelineEvent(at, 'start', 'it answers again') : null
}
