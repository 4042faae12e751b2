import {useApp, useInput, useWindowSize} from 'ink'
import {useEffect, useSyncExternalStore} from 'react'
import type {StoreOf} from '../app/store.ts'
import {keyNames} from './keys.ts'

/** Lends the terminal to somebody else for a while. */
export type SuspendTerminal = ReturnType<typeof useApp>['suspendTerminal']

export type OnReady = (suspendTerminal: SuspendTerminal) => void

type Resized = {type: 'resized'; columns: number; rows: number}

/** What is drawn: it follows the store and the size of the window, and hears the keys by their names. */
export const useScreen = <S, M>(store: StoreOf<S, M | Resized>, onReady: OnReady, onKey: (name: string) => void): S => {
  const {suspendTerminal} = useApp()
  useEffect(() => onReady(suspendTerminal), [onReady, suspendTerminal])
  const state = useSyncExternalStore(store.subscribe, store.state)
  const {columns, rows} = useWindowSize()
  useEffect(() => store.dispatch({type: 'resized', columns, rows}), [store, columns, rows])
  useInput((input, key) => {
    for (const name of keyNames(input, key)) onKey(name)
  })
  return state
}
