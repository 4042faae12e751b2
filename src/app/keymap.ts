import {renewalOf, renewalUnless} from './logins/logins.ts'
import type {Message} from './message.ts'
import {panelIds, panels} from './panels.ts'
import {planUnless} from './plans/planning.ts'
import type {State} from './state.ts'

/** One row knows everything about one key: its names, what it says in the help, and what it does. */
export type Key = {
  keys: readonly string[]
  about: string
  group: 'move' | 'look' | 'fix' | 'go' | 'replay'
  /** Shown in the bottom line, shortest first. */
  hint?: string
  /** Why the key cannot act now. */
  unless?: (state: State) => string | null
  act: (state: State) => Message
}

const pageOf = (state: State): number => Math.max(1, Math.floor((state.size.rows - 12) / 2))

const always = (message: Message) => () => message

const nextPanel =
  (by: number) =>
  (state: State): Message => ({
    type: 'panel-chosen',
    panel: panelIds[(panelIds.indexOf(state.panel) + by + panelIds.length) % panelIds.length]!,
  })

const onlyReplay = (state: State): string | null => (state.replay ? null : 'Only a replay can do that: gatecrab replay FILE…')

export const keymap: readonly Key[] = [
  {keys: ['j', 'down'], about: 'down', group: 'move', act: always({type: 'moved', by: 1})},
  {
    keys: ['k', 'up'],
    about: 'up; at the top of the log it reads further back',
    group: 'move',
    act: always({type: 'moved', by: -1}),
  },
  {keys: ['ctrl+d', 'pagedown'], about: 'half a screen down', group: 'move', act: state => ({type: 'moved', by: pageOf(state)})},
  {keys: ['ctrl+u', 'pageup'], about: 'half a screen up', group: 'move', act: state => ({type: 'moved', by: -pageOf(state)})},
  {keys: ['g', 'home'], about: 'first row', group: 'move', act: always({type: 'moved-to', end: 'first'})},
  {
    keys: ['G', 'end'],
    about: 'last row; in the log, follow it again',
    group: 'move',
    act: always({type: 'moved-to', end: 'last'}),
  },
  ...panelIds.map(
    (panel, i): Key => ({
      keys: [String(i + 1)],
      about: `${panels[panel].title}: ${panels[panel].about}`,
      group: 'go',
      act: always({type: 'panel-chosen', panel}),
    }),
  ),
  {keys: ['tab'], about: 'next panel', group: 'go', act: nextPanel(1)},
  {keys: ['shift+tab'], about: 'panel before', group: 'go', act: nextPanel(-1)},
  {
    keys: ['enter'],
    about: 'the raw lines behind the row; all about a login',
    group: 'look',
    hint: 'enter lines',
    act: always({type: 'evidence-asked'}),
  },
  {
    keys: ['/'],
    about: 'filter: words, key:value, !not, a level',
    group: 'look',
    hint: '/ filter',
    act: state => ({type: 'prompt-opened', kind: 'filter', text: state.filter.text}),
  },
  {
    keys: ['s'],
    about: 'search, then n and N',
    group: 'look',
    hint: 's search',
    act: state => ({type: 'prompt-opened', kind: 'search', text: state.search.text}),
  },
  {keys: ['n'], about: 'next match', group: 'look', act: always({type: 'searched', direction: 1})},
  {keys: ['N'], about: 'match before', group: 'look', act: always({type: 'searched', direction: -1})},
  {
    keys: ['space'],
    about: 'hold the screen still; in a replay, pause',
    group: 'look',
    hint: 'space pause',
    act: state => (state.replay ? {type: 'replay-driven', how: 'play'} : {type: 'pause-toggled'}),
  },
  {
    keys: ['x'],
    about: 'hide or show expected trouble',
    group: 'look',
    hint: 'x expected',
    act: always({type: 'expected-toggled'}),
  },
  {keys: ['y'], about: "copy the row to your terminal's clipboard", group: 'look', hint: 'y copy', act: always({type: 'copied'})},
  {
    keys: ['Y'],
    about: 'the token itself to your clipboard; asks first',
    group: 'look',
    unless: planUnless,
    act: always({type: 'overlay-opened', overlay: {kind: 'token', top: 0}}),
  },
  {
    keys: ['t'],
    about: 'a new token: rotate it',
    group: 'fix',
    hint: 't token',
    unless: planUnless,
    act: always({type: 'fix-asked', fix: 'rotate'}),
  },
  {
    keys: ['r'],
    about: 'restart the gateway',
    group: 'fix',
    hint: 'r restart',
    unless: planUnless,
    act: always({type: 'fix-asked', fix: 'restart'}),
  },
  {
    keys: ['p'],
    about: 'propagate the token to every copy',
    group: 'fix',
    hint: 'p propagate',
    unless: planUnless,
    act: always({type: 'fix-asked', fix: 'propagate'}),
  },
  {
    keys: ['v'],
    about: 'verify: ask the gateway which token it takes',
    group: 'fix',
    hint: 'v verify',
    unless: planUnless,
    act: always({type: 'fix-asked', fix: 'verify'}),
  },
  {
    keys: ['w'],
    about: 'renew the login that the cursor is on',
    group: 'fix',
    hint: 'w renew',
    unless: renewalUnless(null),
    act: renewalOf(null),
  },
  {
    keys: ['o'],
    about: 'put the login first at its provider',
    group: 'fix',
    unless: renewalUnless('order'),
    act: renewalOf('order'),
  },
  {keys: ['d'], about: 'remove a dead spare login', group: 'fix', unless: renewalUnless('logout'), act: renewalOf('logout')},
  {
    keys: ['e'],
    about: 'a redacted report of it all into a file, for a ticket',
    group: 'look',
    unless: state => (state.kind === 'replay' ? 'gatecrab report --log FILE writes one of past logs' : null),
    act: always({type: 'report-asked'}),
  },
  {
    keys: ['i'],
    about: 'what is wrong now, the worst first, and what helps',
    group: 'look',
    act: always({type: 'overlay-opened', overlay: {kind: 'problems', top: 0}}),
  },
  {keys: ['b'], about: 'the board after a rotation: who is back', group: 'fix', act: always({type: 'board-toggled'})},
  {keys: ['u'], about: 'undo the last plan', group: 'fix', unless: planUnless, act: always({type: 'fix-asked', fix: 'undo'})},
  {keys: [']'], about: 'faster', group: 'replay', unless: onlyReplay, act: always({type: 'replay-driven', how: 'faster'})},
  {keys: ['['], about: 'slower', group: 'replay', unless: onlyReplay, act: always({type: 'replay-driven', how: 'slower'})},
  {
    keys: ['l', 'right'],
    about: '10 s on',
    group: 'replay',
    unless: onlyReplay,
    act: always({type: 'replay-driven', how: {seekMs: 10_000}}),
  },
  {
    keys: ['h', 'left'],
    about: '10 s back',
    group: 'replay',
    unless: onlyReplay,
    act: always({type: 'replay-driven', how: {seekMs: -10_000}}),
  },
  {
    keys: ['L'],
    about: '5 min on',
    group: 'replay',
    unless: onlyReplay,
    act: always({type: 'replay-driven', how: {seekMs: 300_000}}),
  },
  {
    keys: ['H'],
    about: '5 min back',
    group: 'replay',
    unless: onlyReplay,
    act: always({type: 'replay-driven', how: {seekMs: -300_000}}),
  },
  {
    keys: ['0'],
    about: 'to the beginning',
    group: 'replay',
    unless: onlyReplay,
    act: always({type: 'replay-driven', how: {seekTo: 0}}),
  },
  {keys: [':'], about: 'commands by name', group: 'go', hint: ': command', act: always({type: 'prompt-opened', kind: 'command'})},
  {
    keys: ['?'],
    about: 'this help',
    group: 'go',
    hint: '? help',
    act: always({type: 'overlay-opened', overlay: {kind: 'help', top: 0}}),
  },
  {
    keys: ['esc', 'backspace'],
    about: 'back: out of a prompt, the raw lines, a filter, the board',
    group: 'go',
    act: always({type: 'went-back'}),
  },
  {keys: ['ctrl+l'], about: 'draw the screen anew', group: 'go', act: always({type: 'redraw-asked'})},
  {keys: ['ctrl+z'], about: 'to the shell; fg comes back', group: 'go', act: always({type: 'suspend-asked'})},
  {keys: ['q', 'ctrl+c'], about: 'quit', group: 'go', act: always({type: 'quit'})},
]

/** What a key means now. An unknown key is reported, not ignored. */
export const press = (state: State, key: string): Message => {
  const found = keymap.find(row => row.keys.includes(key))
  if (!found) return {type: 'told', text: `${key} does nothing here; ? lists the keys`}
  const because = found.unless?.(state)
  return because ? {type: 'told', text: because} : found.act(state)
}

/** What is offered beside a login's details. */
const loginKeys = ['w', 'o', 'd', 'y']

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

/** Keys while an overlay is open: it scrolls as far as its last screen, anything else closes it. */
export const pressOverlay = (state: State, key: string, last: number): Message => {
  if (state.overlay?.kind === 'login' && loginKeys.includes(key)) return press(state, key)
  if (state.overlay?.kind === 'token' && key === 'enter') return {type: 'token-asked'}
  const by = overlayMoves[key]
  if (key === 'ctrl+c') return {type: 'quit'}
  return by === undefined ? {type: 'went-back'} : {type: 'overlay-moved', by, last}
}
