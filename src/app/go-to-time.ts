import type {Effect} from './effect.ts'
import {layoutOf} from './navigate.ts'
import type {PanelView} from './panels/panel.ts'
import {type PanelId, panels} from './panels/panels.ts'
import {maxLinesWhileScrolled} from './rows/rows.ts'
import {type SoughtTime, type State, withNotice} from './state.ts'
import {wholeMoment} from './words.ts'

type Next = [State, ...Effect[]]

/** Whose rows are in order of time. */
const timed = ['log', 'attempts', 'timeline'] as const satisfies readonly PanelId[]

/** The first row from then on in the log; where the newest is first, the last one up to then. */
const indexAt = ({rows, timeAt}: PanelView, at: number): number => {
  for (let index = 0; index < rows.count; index += 1) {
    const time = timeAt(index) ?? 0
    if (rows.endsWithNewest ? time >= at : time <= at) return index
  }
  return Math.max(0, rows.count - 1)
}

const placedAt = (state: State, at: number): State => {
  const offset = Math.floor(layoutOf(state).table / 2)
  const places = timed.map(panel => {
    const found = panels[panel].view(state, false)
    const index = indexAt(found, at)
    return [panel, found.rows.count === 0 ? state.places[panel] : {key: found.rows.keyAt(index), index, offset}] as const
  })
  return {...state, places: {...state.places, ...Object.fromEntries(places)}}
}

const isReached = ({log}: State, at: number): boolean => (log.lines[0]?.at ?? 0) < at

const awaiting = (state: State, at: number): SoughtTime['awaits'] =>
  new Set([
    ...(isReached(state, at) || !state.hasEarlier ? [] : (['lines'] as const)),
    ...(state.since !== null && at < state.since ? (['history'] as const) : []),
  ])

const arrivalText = (state: State, at: number): string => {
  const first = state.log.lines[0]?.at
  if (first === undefined || first <= at) return `At ${wholeMoment(at)}`
  return state.hasEarlier
    ? `More than ${maxLinesWhileScrolled} lines came since ${wholeMoment(at)}: gatecrab replay FILE --at shows them`
    : `The log begins at ${wholeMoment(first)}, later than ${wholeMoment(at)}`
}

/** Puts the log, the attempts and the timeline where they were then, and reads the log back as far. */
export const goToTime = (state: State, at: number): Next => {
  const panel = timed.find(one => one === state.panel) ?? 'log'
  const awaits = awaiting(state, at)
  const going = placedAt(
    {...state, panel, evidence: null, overlay: null, soughtTime: awaits.size === 0 ? null : {at, awaits}},
    at,
  )
  if (awaits.size === 0)
    return [withNotice(going, at > state.now ? `${wholeMoment(at)} is still to come` : arrivalText(going, at))]
  const reads: Effect[] = [
    ...(awaits.has('lines') && !state.readingEarlier ? [{type: 'read-earlier'} as const] : []),
    ...(awaits.has('history') ? [{type: 'read-history', since: at} as const] : []),
  ]
  const {readingEarlier, readingHistory} = state
  return [
    {
      ...going,
      readingEarlier: readingEarlier || awaits.has('lines'),
      readingHistory: readingHistory || awaits.has('history'),
    },
    ...reads,
  ]
}

/** What was read brings the time nearer, or is all that there is to read. */
export const soughtOn = (state: State, came: 'lines' | 'history'): Next => {
  const {soughtTime} = state
  if (soughtTime === null) return [state]
  const {at, awaits} = soughtTime
  if (came === 'lines' && !isReached(state, at) && state.hasEarlier && state.log.lines.length < maxLinesWhileScrolled)
    return [{...state, readingEarlier: true}, {type: 'read-earlier'}]
  const left = new Set([...awaits].filter(one => one !== came))
  const next = placedAt({...state, soughtTime: left.size === 0 ? null : {at, awaits: left}}, at)
  // It took a while, so whoever asked may look elsewhere.
  return [left.size === 0 ? withNotice(next, arrivalText(next, at), 20_000) : next]
}
