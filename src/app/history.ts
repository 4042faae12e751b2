import type {LogLine} from '../domain/attempts/event.ts'
import type {LogSource} from '../domain/log-source.ts'
import {applyLine} from '../domain/world/apply-line.ts'
import type {Effect} from './effect.ts'
import type {Message} from './message.ts'
import {withEarlier, withMore} from './rows/rows.ts'
import {type Replay, type State, withNotice} from './state.ts'

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

const speeds = [0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800] as const

type How = Extract<Message, {type: 'replay-driven'}>['how']

const stepped = (speed: number, by: number): number => {
  const at = speeds.findIndex(candidate => candidate >= speed)
  return speeds[Math.max(0, Math.min(speeds.length - 1, at + by))] ?? speed
}

const sought = (replay: Replay, at: number): number => Math.max(replay.from, Math.min(replay.to, at))

const seek = (state: State, replay: Replay, at: number): [State, ...Effect[]] => {
  const to = sought(replay, at)
  return [
    {...state, replay: {...replay, at: to}},
    {type: 'seek', at: to},
  ]
}

/** Pause, speed and seek. Outside a replay these keys say so. */
export const driven = (state: State, how: How): [State, ...Effect[]] => {
  const {replay} = state
  if (!replay) return [withNotice(state, 'Only a replay has a speed: gatecrab replay FILE…')]
  if (typeof how === 'object') return seek(state, replay, 'seekTo' in how ? how.seekTo : replay.at + how.seekMs)
  const next =
    how === 'play' ? {...replay, playing: !replay.playing} : {...replay, speed: stepped(replay.speed, how === 'faster' ? 1 : -1)}
  return [
    {...state, replay: next},
    {type: 'set-speed', speed: next.speed, playing: next.playing},
  ]
}
