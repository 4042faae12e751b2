import {minuteMs} from './durations.ts'
import type {Disk, HostEvent} from './live/live-host.ts'
import type {Mark} from './mark.ts'
import {type Entry, endIn, plannedIn} from './plans/journal.ts'

/** What happened beside the log is read nowhere in it. */
const nowhere = {file: '', line: 0} as const

const mark = (at: number, kind: Mark['kind'], text: string): Mark => ({at, kind, text, from: nowhere})

const span = (ms: number): string => {
  const minutes = Math.round(ms / minuteMs)
  if (minutes < 1) return `${Math.round(ms / 1000)} s`
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}

export const hostMark = (event: HostEvent): Mark => {
  if (event.kind === 'clock-set') {
    const way = event.byMs > 0 ? 'forward' : 'back'
    return mark(event.at, 'clock', `the clock of this host was set ${way} by ${span(Math.abs(event.byMs))}`)
  }
  const why = event.because === null ? '' : `: ${event.because}`
  const what = event.kind === 'slept' ? 'this host slept' : 'this host stood still'
  return mark(event.at, 'sleep', `${what} for ${span(event.until - event.at)}${why}`)
}

const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`

export const diskMark = ({path, state, freeBytes}: Disk, at: number): Mark =>
  mark(at, 'disk', `the disk under ${path} is ${state === 'ok' ? 'no longer full' : state}: ${inMegabytes(freeBytes)} free`)

/** What gatecrab itself changed, by its own journals. */
export const journalMarks = (entries: readonly Entry[]): Mark[] => {
  const planned = plannedIn(entries)
  const end = endIn(entries)
  if (planned === null) return []
  const words = end === null ? 'began' : end.outcome === 'done' ? 'done' : `${end.outcome}: ${end.because ?? 'no reason given'}`
  return [mark(Date.parse((end ?? planned).at), 'plan', `gatecrab ${planned.plan.fix}: ${words}`)]
}

type Changed = {at: number; by: string; pid: number | null; paths: readonly string[]; isSuspicious: boolean}

const ofProcess = (pid: number | null): string => (pid === null ? '' : `, pid ${pid}`)

export const changeMark = ({at, by, pid, paths, isSuspicious}: Changed): Mark => {
  const what = paths.length === 0 ? '' : `: ${paths.join(', ')}`
  const doubt = isSuspicious ? ' (OpenClaw calls it suspicious)' : ''
  return mark(at, 'config', `config written by ${by}${ofProcess(pid)}${what}${doubt}`)
}

export const restartAskedMark = ({at, by, how, pid}: {at: number; by: string; how: string; pid: number | null}): Mark =>
  mark(at, 'restart', `${how} asked for by ${by}${ofProcess(pid)}`)

/** The file is newer than every record of a change. */
export const byHandMark = (at: number): Mark =>
  mark(at, 'config', 'config written by hand, or by something that leaves no record')

const lasting: Partial<Record<string, string>> = {
  killed: 'gone without a word: killed or crashed',
  foreign: "another program has the gateway's port",
  frozen: 'frozen: it takes connections and says nothing',
  unreachable: 'it does not answer',
}

/** What no log can tell of the gateway: it writes nothing when it is killed, or stands still. */
export const fateMark = (before: string, now: string, at: number): Mark | null => {
  if (before === now) return null
  const trouble = lasting[now]
  if (trouble !== undefined) return mark(at, 'trouble', trouble)
  return before === 'frozen' && now === 'up' ? mark(at, 'start', 'it answers again') : null
}
