import {type Action, keymap} from './actions.ts'
import type {Message} from './message.ts'
import {fixMessage} from './problem-list.ts'
import type {State} from './state.ts'
import {pressedOnLine} from './whole-line.ts'

/** What a key means now. An unknown key is reported, not ignored. */
export const press = (state: State, key: string): Message => {
  const found = keymap.find(row => row.keys.includes(key))
  if (!found) return {type: 'notified', text: `${key} does nothing here; ? lists the keys`}
  const because = found.unless?.(state)
  return because ? {type: 'notified', text: because} : found.act(state)
}

/** A fix stands before what only shows; in a replay its own keys stand before both. */
const hintRank = ({group}: Action): number => (group === 'replay' ? 0 : group === 'fix' ? 1 : 2)

const hintedFirst = (a: Action, b: Action): number => hintRank(a) - hintRank(b)

/** What can be done now, for the bottom line. */
export const hintsOf = (state: State): string[] =>
  keymap
    .filter(({unless}) => unless?.(state) == null)
    .toSorted(hintedFirst)
    .flatMap(({hint}) => hint ?? [])

/** What is offered beside a login's details. */
export const loginKeys: readonly string[] = keymap
  .filter(({onLogin}) => onLogin)
  .toSorted(hintedFirst)
  .flatMap(({keys}) => keys)

const overlayMoves: Record<string, number> = {
  j: 1,
  down: 1,
  k: -1,
  up: -1,
  'ctrl+d': 10,
  'ctrl+u': -10,
  pagedown: 10,
  pageup: -10,
}

const problemKeys: Readonly<Record<string, Message>> = {
  enter: {type: 'problem-opened', as: 'clients'},
  l: {type: 'problem-opened', as: 'lines'},
  m: {type: 'problem-muted'},
  y: {type: 'copied'},
}

/** The list of problems has a cursor; the text of the chosen one is scrolled by half screens. */
const pressProblems = (state: State, key: string): Message | null => {
  const by = overlayMoves[key]
  if (by !== undefined && Math.abs(by) === 1) return {type: 'problem-chosen', by}
  return problemKeys[key] ?? fixMessage(state, key)
}

/** Keys while an overlay is open: it scrolls as far as its last screen, anything else closes it. */
export const pressOverlay = (state: State, key: string, last: number): Message => {
  if (state.overlay?.kind === 'login' && loginKeys.includes(key)) return press(state, key)
  if (state.overlay?.kind === 'token' && key === 'enter') return {type: 'token-asked'}
  if (state.overlay?.kind === 'line') {
    const as = pressedOnLine(state.overlay, key)
    if (as) return {type: 'line-viewed', as}
    if (key === 'y') return {type: 'copied'}
  }
  const ofProblems = state.overlay?.kind === 'problems' ? pressProblems(state, key) : null
  if (ofProblems) return ofProblems
  const by = overlayMoves[key]
  if (key === 'ctrl+c') return {type: 'quit'}
  return by === undefined ? {type: 'went-back'} : {type: 'overlay-moved', by, last}
}
