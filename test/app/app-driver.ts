import type {Effect} from '../../src/app/effect.ts'
import type {Message} from '../../src/app/message.ts'
import {chosenIndex, viewPanel} from '../../src/app/panel-view.ts'
import {log} from '../../src/app/panels/log.ts'
import {panels} from '../../src/app/panels/panels.ts'
import {pressPlan} from '../../src/app/plans/planning.ts'
import {press, pressOverlay} from '../../src/app/press.ts'
import {pressPrompt} from '../../src/app/prompt.ts'
import type {ShownLine} from '../../src/app/rows/rows.ts'
import {type Opening, openingState, type State} from '../../src/app/state.ts'
import {update} from '../../src/app/update.ts'
import type {LogLine} from '../../src/domain/attempts/event.ts'
import {at, read} from '../domain/event-builders.ts'

export type Session = {state: State; effects: Effect[]}

export const opened = (more: Partial<Opening> = {}): Session => ({
  state: openingState({kind: 'live', host: 'vm', release: null, port: null, now: at(60), readonly: false, ...more}),
  effects: [],
})

export const having = (session: Session, ...messages: readonly Message[]): Session =>
  messages.reduce(({state, effects}, message) => {
    const [next, ...more] = update(state, message)
    return {state: next, effects: [...effects, ...more]}
  }, session)

export const keyMessage = (state: State, key: string): Message | null => {
  if (state.plan) return pressPlan(state.plan, key)
  if (state.prompt) return pressPrompt(state.prompt, key, panels[state.panel].fields)
  return state.overlay ? pressOverlay(state, key, 5) : press(state, key)
}

/** Keys by their names, separated by spaces; `…text…` in quotes is typed letter by letter. */
export const typed = (session: Session, keys: string): Session =>
  (keys.match(/"[^"]*"|\S+/g) ?? [])
    .flatMap(word => (word.startsWith('"') ? Array.from(word.slice(1, -1), char => (char === ' ' ? 'space' : char)) : [word]))
    .reduce((now, key) => {
      const message = keyMessage(now.state, key)
      return message ? having(now, message) : now
    }, session)

export const indexOf = ({state}: Session): number => chosenIndex(viewPanel(state, false), state.places[state.panel])
export const countOf = ({state}: Session): number => viewPanel(state, false).rows.count

/** The line that the cursor is on; null where no log is shown. */
export const chosenLine = (session: Session): ShownLine | null =>
  session.state.panel === 'log' ? (log.view(session.state, false).items[indexOf(session)] ?? null) : null

export const chosenText = (session: Session): string => chosenLine(session)?.text ?? ''

/** The nth line of a log, a second after the one before. */
export const nth = (n: number, text = `line ${n}`, more: Partial<LogLine> = {}): LogLine => ({
  ...read(n, null, {file: 'gw.log', line: n}),
  text,
  ...more,
})

export const lines = (from: number, to: number): LogLine[] => Array.from({length: to - from + 1}, (_, i) => nth(from + i))

export const readLines = (session: Session, more: readonly LogLine[]): Session =>
  having(session, {type: 'lines-received', lines: more})
