import type {DeviceAction} from '../domain/devices/change.ts'
import {isRenewalKind, type RenewalKind, renewalKinds} from '../domain/logins/renewal.ts'
import {fixAbout, type GatewayFix} from '../domain/plans/plan.ts'
import {lookUp} from '../domain/reasons/reason.ts'
import {deviceChangeOf, deviceUnless} from './chosen-device.ts'
import type {Message} from './message.ts'
import {renewalOf, renewalUnless} from './panel-view.ts'
import {panelIds, panels} from './panels/panels.ts'
import {planUnless, unlessRead} from './plans/planning.ts'
import {type ClientOrder, clientGroupings, clientSorts} from './rows/client-order.ts'
import type {State} from './state.ts'
import {parseTimeWithin, parseTypedTime, timeForms} from './typed-time.ts'
import {filterTyped} from './typing.ts'
import {zoneName} from './zone.ts'

export type ActionGroup = 'move' | 'look' | 'fix' | 'go' | 'replay'

/** Their titles in the help and in the README; what is needed most stands first. */
export const actionGroups: Readonly<Record<ActionGroup, string>> = {
  go: 'Go',
  move: 'Move',
  look: 'Look',
  fix: 'Fix (each shows its plan first)',
  replay: 'In a replay',
}

/** One row knows everything about one action: its keys, its name behind `:`, what the help says of it, and what it does. */
export type Action = {
  group: ActionGroup
  /** Empty where it has only a name. */
  keys: readonly string[]
  /** What the help says beside its keys. */
  about: string
  /** Shown in the bottom line, shortest first. */
  hint?: string
  /** `about` is what the help says beside the name, where that is not what it says beside the keys. */
  command?: {name: string; argument?: string; about?: string}
  /** It acts on the login whose details are open as well. */
  onLogin?: true
  /** Why it cannot be done now. */
  unless?: (state: State, argument?: string) => string | null
  /** The argument is what was typed behind the name; none where a key was pressed. */
  act: (state: State, argument?: string) => Message
}

type Row = Omit<Action, 'group'>

const inGroup = (group: ActionGroup, rows: readonly Row[]): readonly Action[] => rows.map(row => ({group, ...row}))

const always = (message: Message) => () => message
const noticeOf = (text: string): Message => ({type: 'notified', text})

const pageOf = (state: State): number => Math.max(1, Math.floor((state.size.rows - 12) / 2))

const move = inGroup('move', [
  {keys: ['j', 'down'], about: 'down', act: always({type: 'moved', by: 1})},
  {keys: ['k', 'up'], about: 'up; at the top of the log it reads further back', act: always({type: 'moved', by: -1})},
  {keys: ['ctrl+d', 'pagedown'], about: 'half a screen down', act: state => ({type: 'moved', by: pageOf(state)})},
  {keys: ['ctrl+u', 'pageup'], about: 'half a screen up', act: state => ({type: 'moved', by: -pageOf(state)})},
  {keys: ['g', 'home'], about: 'first row', act: always({type: 'moved-to', end: 'first'})},
  {keys: ['G', 'end'], about: 'last row; in the log, follow it again', act: always({type: 'moved-to', end: 'last'})},
])

const nextPanel =
  (by: number) =>
  (state: State): Message => ({
    type: 'panel-chosen',
    panel: panelIds[(panelIds.indexOf(state.panel) + by + panelIds.length) % panelIds.length]!,
  })

const toPanels = inGroup('go', [
  ...panelIds.map(
    (panel, i): Row => ({
      keys: [String(i + 1)],
      about: `${panels[panel].title}: ${panels[panel].about}`,
      command: {name: panel, about: panels[panel].about},
      act: always({type: 'panel-chosen', panel}),
    }),
  ),
  {keys: ['tab'], about: 'next panel', act: nextPanel(1)},
  {keys: ['shift+tab'], about: 'panel before', act: nextPanel(-1)},
])

const explained = (_state: State, word = ''): Message => {
  if (word === '') return noticeOf('explain takes a close code or a reason')
  if (lookUp(word).length === 0) return noticeOf(`Unknown reason “${word}”`)
  return {type: 'overlay-opened', overlay: {kind: 'explain', word, top: 0}}
}

const historyAsked = ({now}: State, text = ''): Message => {
  const since = parseTypedTime(text, now)
  return since === null ? noticeOf(`since takes ${timeForms}`) : {type: 'history-asked', since}
}

const timeAsked = ({now, replay}: State, text = ''): Message => {
  const at = replay ? parseTimeWithin(text, replay) : parseTypedTime(text, now)
  return at === null ? noticeOf(`at takes ${timeForms}; times here are in ${zoneName(now)}`) : {type: 'time-asked', at}
}

const orderUnless = ({panel, boardSince}: State, word = ''): string | null => {
  if (word.trim() !== '') return null
  if (panel !== 'clients') return 'Only the clients have an order to choose: 1 shows them'
  return boardSince === null ? null : 'The clients after a token change have an order of their own: b leaves them'
}

/** A key that chooses the next order of the clients; its command takes any of them by name. */
const orderRow = <Which extends 'sort' | 'group'>(
  which: Which,
  key: string,
  choices: readonly ClientOrder[Which][],
  {about, hint}: {about: string; hint?: string},
): Row => ({
  keys: [key],
  about,
  ...(hint === undefined ? {} : {hint}),
  command: {name: which, argument: choices.join(' | '), about},
  unless: orderUnless,
  act: ({clientOrder}, typed = '') => {
    const word = typed.trim().toLowerCase()
    const next = choices[(choices.indexOf(clientOrder[which]) + 1) % choices.length]
    const choice = word === '' ? next : choices.find(one => one === word)
    return choice === undefined
      ? noticeOf(`${which} takes one of ${choices.join(', ')}`)
      : {type: 'clients-ordered', order: {[which]: choice}}
  },
})

const look = inGroup('look', [
  {
    keys: [],
    about: 'the attempts that match',
    command: {name: 'connections', argument: 'filter'},
    act: (_state, text = '') => ({type: 'filtered', text, panel: 'attempts'}),
  },
  {
    keys: [],
    about: 'what it means, whose fault, what helps',
    command: {name: 'explain', argument: 'code or reason'},
    act: explained,
  },
  {
    keys: ['enter'],
    about: 'the lines behind the row, or the whole line; in a replay, go to that event',
    hint: 'enter lines',
    act: always({type: 'evidence-asked'}),
  },
  {
    keys: ['/'],
    about: 'filter: words, field:value, !not, count>10, /expression/, a level',
    hint: '/ filter',
    command: {
      name: 'filter',
      argument: 'words | NAME | save NAME | forget NAME',
      about: 'show only what matches; save NAME keeps it',
    },
    act: (state, text = '') =>
      text === '' ? {type: 'prompt-opened', kind: 'filter', text: state.filter.text} : filterTyped(state, text),
  },
  {
    keys: [],
    about: 'write what is shown into a new file, redacted, for you alone',
    command: {name: 'write', argument: 'FILE'},
    act: (_state, file = '') =>
      file.trim() === '' ? noticeOf('write takes the name of a new file') : {type: 'rows-write-asked', file: file.trim()},
  },
  {keys: [], about: 'show everything again', command: {name: 'clear'}, act: always({type: 'filters-cleared'})},
  {keys: [], about: 'count from further back', command: {name: 'since', argument: '30m, 6h, 03:10'}, act: historyAsked},
  {
    keys: [],
    about: 'go to that time in Log, Attempts and Timeline, or in the replay',
    command: {name: 'at', argument: '03:10, 2026-11-30 03:10, -2h'},
    act: timeAsked,
  },
  {
    keys: [],
    about: 'the plans that ran, and how they ended',
    command: {name: 'journals'},
    unless: state => unlessRead(state, 'Only logs are read here: no plan runs'),
    act: always({type: 'journals-asked'}),
  },
  {
    keys: ['s'],
    about: 'search, then n and N',
    hint: 's search',
    act: state => ({type: 'prompt-opened', kind: 'search', text: state.search.text}),
  },
  {keys: ['n'], about: 'next match', act: always({type: 'searched', direction: 1})},
  {keys: ['N'], about: 'match before', act: always({type: 'searched', direction: -1})},
  {
    keys: ['space'],
    about: 'hold the screen still; in a replay, pause',
    hint: 'space pause',
    act: state => (state.replay ? {type: 'replay-driven', how: 'play'} : {type: 'pause-toggled'}),
  },
  {keys: ['x'], about: 'hide or show expected failures', hint: 'x expected', act: always({type: 'expected-toggled'})},
  {keys: ['y'], about: "copy the row to your terminal's clipboard", hint: 'y copy', onLogin: true, act: always({type: 'copied'})},
  orderRow('sort', 'O', clientSorts, {
    about: 'sort the clients, by the next of worst, last, first, count, reason, network',
    hint: 'O sort',
  }),
  orderRow('group', 'z', clientGroupings, {about: 'group the clients by reason, by network, not at all; enter unfolds'}),
  {
    keys: ['Y'],
    about: 'the token itself to your clipboard; asks first',
    unless: planUnless,
    act: always({type: 'overlay-opened', overlay: {kind: 'token', top: 0}}),
  },
  {
    keys: ['e'],
    about: 'a redacted report of it all into a file, for a ticket',
    command: {name: 'report', about: 'a redacted report into a file, for a ticket'},
    unless: state => (state.kind === 'replay' ? 'gatecrab report --log FILE writes one of past logs' : null),
    act: always({type: 'report-asked'}),
  },
  {
    keys: ['i'],
    about: 'what is wrong now, the worst first, and what helps',
    command: {name: 'problems', about: 'what is wrong now, the worst first'},
    act: always({type: 'overlay-opened', overlay: {kind: 'problems', top: 0, chosen: null}}),
  },
])

/** A key that opens the plan of a fix: `title` is what it does, in one phrase. */
const fixRow = (fix: GatewayFix, key: string, {about, title, hint}: {about: string; title: string; hint?: string}): Row => ({
  keys: [key],
  about,
  ...(hint === undefined ? {} : {hint}),
  command: {name: fix, about: `${title}: shows the plan`},
  unless: planUnless,
  act: always({type: 'fix-asked', fix}),
})

const fixes = inGroup('fix', [
  fixRow('rotate', 't', {title: fixAbout('rotate'), about: 'rotate the gateway token', hint: 't rotate'}),
  fixRow('put-back', 'P', {title: fixAbout('put-back'), about: 'put back the token of a backup'}),
  fixRow('restart', 'r', {title: fixAbout('restart'), about: fixAbout('restart'), hint: 'r restart'}),
  fixRow('propagate', 'p', {
    title: fixAbout('propagate'),
    about: 'propagate the token to every copy',
    hint: 'p propagate',
  }),
  fixRow('verify', 'v', {title: fixAbout('verify'), about: `verify: ${fixAbout('verify')}`, hint: 'v verify'}),
])

const kindOf = (way: string): RenewalKind | null => {
  const word = way.trim()
  return isRenewalKind(word) ? word : null
}

const logins = inGroup('fix', [
  {
    keys: ['w'],
    about: 'renew the login that the cursor is on',
    hint: 'w renew',
    command: {name: 'renew', argument: 'way', about: 'renew the chosen login: login, setup-token, paste-token, …'},
    onLogin: true,
    unless: (state, way = '') =>
      way.trim() !== '' && kindOf(way) === null
        ? `renew takes one of ${renewalKinds.join(', ')}`
        : renewalUnless(kindOf(way))(state),
    act: (state, way = '') => renewalOf(kindOf(way))(state),
  },
  {
    keys: ['o'],
    about: 'make this the preferred login of its provider',
    onLogin: true,
    unless: renewalUnless('order'),
    act: renewalOf('order'),
  },
  {
    keys: ['d'],
    about: 'delete an unused, expired login',
    onLogin: true,
    unless: renewalUnless('logout'),
    act: renewalOf('logout'),
  },
])

/** A key that opens the plan of a change of the device that the cursor is on. */
const deviceRow = (
  action: DeviceAction,
  key: string,
  name: string,
  {about, hint, argument}: {about: string; hint?: string; argument?: string},
): Row => ({
  keys: [key],
  about,
  ...(hint === undefined ? {} : {hint}),
  command: {name, ...(argument === undefined ? {} : {argument}), about: `${about}: shows the plan`},
  unless: deviceUnless(action),
  act: deviceChangeOf(action),
})

const pairing = inGroup('fix', [
  deviceRow('approve', 'a', 'approve', {
    about: 'approve the device that waits; on a refusal for pairing, go to its request',
    hint: 'a approve',
  }),
  deviceRow('reject', 'X', 'reject', {about: 'reject the device that waits', hint: 'X reject'}),
  deviceRow('revoke', 'V', 'revoke', {about: "revoke the device's token for a role", argument: 'role'}),
  deviceRow('rotate', 'T', 'rotate-device', {about: "replace the device's token for a role", argument: 'role'}),
  deviceRow('remove', 'D', 'remove', {about: 'remove the paired device'}),
])

const afterwards = inGroup('fix', [
  {keys: ['b'], about: 'clients after a token change: reconnected or not', act: always({type: 'board-toggled'})},
  fixRow('undo', 'u', {title: 'undo the last plan', about: 'undo the last plan'}),
])

const replayRow = (keys: readonly string[], about: string, how: Extract<Message, {type: 'replay-driven'}>['how']): Row => ({
  keys,
  about,
  unless: state => (state.replay ? null : 'Only a replay can do that: gatecrab replay FILE…'),
  act: always({type: 'replay-driven', how}),
})

const replay = inGroup('replay', [
  replayRow([']'], 'faster', 'faster'),
  {...replayRow(['['], 'slower', 'slower'), hint: '[ ] speed'},
  replayRow(['l', 'right'], '10 s on', {seekMs: 10_000}),
  {...replayRow(['h', 'left'], '10 s back', {seekMs: -10_000}), hint: 'h l H L seek'},
  replayRow(['L'], '5 min on', {seekMs: 300_000}),
  replayRow(['H'], '5 min back', {seekMs: -300_000}),
  replayRow(['0'], 'to the beginning', {seekTo: 0}),
  replayRow(['$'], 'to the end', {seekTo: Infinity}),
])

const go = inGroup('go', [
  {keys: [':'], about: 'commands by name', hint: ': command', act: always({type: 'prompt-opened', kind: 'command'})},
  {
    keys: ['?'],
    about: 'this help',
    hint: '? help',
    command: {name: 'help', about: 'the keys'},
    act: always({type: 'overlay-opened', overlay: {kind: 'help', top: 0}}),
  },
  {
    keys: ['esc', 'backspace'],
    about: 'back: out of a prompt, the raw lines, a filter, the board',
    act: always({type: 'went-back'}),
  },
  {
    keys: [],
    about: 'a click selects a row or a tab, or text again',
    command: {name: 'mouse'},
    act: ({hasMouse}) => ({type: 'mouse-set', isOn: !hasMouse}),
  },
  {keys: ['ctrl+l'], about: 'draw the screen again', act: always({type: 'redraw-asked'})},
  {keys: ['ctrl+z'], about: 'suspend (fg to return)', act: always({type: 'suspend-asked'})},
  {keys: ['q', 'ctrl+c'], about: 'quit', command: {name: 'quit', about: 'leave'}, act: always({type: 'quit'})},
])

const isPressed = ({keys}: Action): boolean => keys.length > 0

/** In the order of the help and of the README. */
export const keymap: readonly Action[] = [
  ...[...move, ...toPanels, ...look],
  ...[...fixes, ...logins, ...pairing, ...afterwards, ...replay, ...go],
].filter(isPressed)

export type NamedAction = Action & Required<Pick<Action, 'command'>>

const isNamed = (action: Action): action is NamedAction => action.command !== undefined

/** In the order in which `:` offers them: of two that begin alike the first one is meant. */
export const palette: readonly NamedAction[] = [
  ...[...toPanels, ...look, ...logins],
  ...[...fixes, ...afterwards, ...pairing, ...replay, ...move, ...go],
].filter(isNamed)
