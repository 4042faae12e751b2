import {type Key, useApp, useInput, useWindowSize} from 'ink'
import {useEffect, useSyncExternalStore} from 'react'
import type {StoreOf} from '../app/store.ts'
import {clean} from '../domain/clean.ts'
import type {MouseEvent} from './terminal/mouse-mode.ts'

const named = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'esc'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
] as const

const controls: Record<string, string> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  ' ': 'space',
  '\u007f': 'backspace',
  '\b': 'backspace',
}

/** What is pressed may be shown: a mark that turns text round, pasted where pastes are not told apart, is no key. */
const isPrintable = (char: string): boolean => clean(char) === char

const nameOf = (char: string): string =>
  controls[char] ?? (/[\u0001-\u001a]/.test(char) ? `ctrl+${String.fromCharCode(char.charCodeAt(0) + 96)}` : char)

/**
 * What was pressed, by name. Characters typed in one go arrive as one input and are as many keys.
 * Escape and a key right after it look like that key with Alt, which means nothing here.
 */
export const keyNames = (input: string, key: Key): string[] => {
  const special = named.find(([flag]) => key[flag])
  if (special) return [special[1]]
  if (key.tab) return [key.shift ? 'shift+tab' : 'tab']
  if (key.ctrl) return [`ctrl+${clean(input)}`]
  const typed = Array.from(input, nameOf).filter(name => name.length > 1 || isPrintable(name))
  return key.meta ? ['esc', ...typed] : typed
}

/** Lends the terminal to somebody else for a while. */
export type SuspendTerminal = (work: () => void | Promise<void>) => Promise<void>

/** What a screen that is drawn can do for its terminal, and what it is given from it beside keys. */
export type ReadyScreen = {suspendTerminal: SuspendTerminal; onMouse: (event: MouseEvent) => void}

export type OnReady = (screen: ReadyScreen) => void

type Resized = {type: 'resized'; columns: number; rows: number}

type Listeners = {onKey: (name: string) => void; onMouse: (event: MouseEvent) => void}

/** What is drawn: it follows the store and the size of the window, and hands on the keys by their names, and the mouse. */
export const useScreen = <S, M>(store: StoreOf<S, M | Resized>, onReady: OnReady, {onKey, onMouse}: Listeners): S => {
  const {suspendTerminal} = useApp()
  useEffect(() => onReady({suspendTerminal, onMouse}), [onReady, suspendTerminal, onMouse])
  const state = useSyncExternalStore(store.subscribe, store.state)
  const {columns, rows} = useWindowSize()
  useEffect(() => store.dispatch({type: 'resized', columns, rows}), [store, columns, rows])
  useInput((input, key) => {
    for (const name of keyNames(input, key)) onKey(name)
  })
  return state
}
