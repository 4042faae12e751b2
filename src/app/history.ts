import type {LogLine} from '../domain/attempts/event.ts'
import type {LogSource} from '../domain/log-source.ts'
import {applyLine} from '../domain/world/apply-line.ts'
import {withEarlier, withMore} from './rows/log-lines.ts'
import type {State} from './state.ts'

const maxWaiting = 100_000

const lastLines = (sources: readonly LogSource[], lines: readonly LogLine[]): readonly LogSource[] => {
  const latest = new Map<string, number>()
  for (const {from, at} of lines) latest.set(from.file, Math.max(at, latest.get(from.file) ?? 0))
  if (!sources.some(source => latest.has(source.name))) return sources
  return sources.map(source => ({...source, lastLineAt: latest.get(source.name) ?? source.lastLineAt}))
}

const taken = (state: State, lines: readonly LogLine[]): State => {
  for (const line of lines) applyLine(state.world, line)
  const isLooking = state.panel === 'log' && state.places.log.key !== null
  return {...state, worldRevision: state.worldRevision + 1, log: withMore(state.log, lines, isLooking)}
}

/** A source that comes back, or ends, still had its lines. */
export const withLastLines = (sources: readonly LogSource[], before: readonly LogSource[]): readonly LogSource[] =>
  sources.map(source => ({
    ...source,
    lastLineAt: source.lastLineAt ?? before.find(({name}) => name === source.name)?.lastLineAt ?? null,
  }))

/** While the screen is held still, lines wait; a day's worth of waiting is taken in all the same. */
export const withLines = (state: State, lines: readonly LogLine[]): State => {
  const seen = {...state, sources: lastLines(state.sources, lines)}
  if (!state.paused) return taken(seen, lines)
  const waiting = [...state.paused.waiting, ...lines]
  if (waiting.length <= maxWaiting) return {...seen, paused: {...state.paused, waiting}}
  return {...taken(seen, waiting.slice(0, -maxWaiting)), paused: {...state.paused, waiting: waiting.slice(-maxWaiting)}}
}

export const resumed = (state: State): State => (state.paused ? taken({...state, paused: null}, state.paused.waiting) : state)

export const withEarlierLines = (state: State, lines: readonly LogLine[], hasMore: boolean): State => {
  const log = withEarlier(state.log, lines)
  const shownFirst = String(state.log.lines[0]?.id ?? '')
  const place = state.places.log
  const key = place.key === null || place.index === 0 ? shownFirst : place.key
  return {
    ...state,
    log,
    readingEarlier: false,
    hasEarlier: hasMore,
    places: {...state.places, log: {...place, key, offset: lines.length > 0 ? Math.max(place.offset, 1) : place.offset}},
  }
}
