import {EventEmitter} from 'node:events'
import {PassThrough} from 'node:stream'
import {setImmediate as turn} from 'node:timers/promises'
import xterm from '@xterm/headless'
import {render} from 'ink'
import {createElement, type ReactElement} from 'react'
import type {State} from '../../src/app/state.ts'
import {createStore} from '../../src/app/store.ts'
import {App} from '../../src/tui/App.tsx'
import {themeFor} from '../../src/tui/parts/paint.ts'

type Options = {isAscii?: boolean; colour?: boolean}

/** A terminal that is only an emulated screen. */
const terminalOf = (columns: number, rows: number) => {
  const terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, convertEol: true})
  let writing = 0
  const write = (data: string, done?: unknown): boolean => {
    writing += 1
    terminal.write(data, () => {
      writing -= 1
      if (typeof done === 'function') done()
    })
    return true
  }
  const stdout = Object.assign(new EventEmitter(), {isTTY: true, writable: true, columns, rows, write})
  const drawn = async () => {
    while (writing > 0) await turn()
  }
  const text = () =>
    Array.from({length: rows}, (_, y) => terminal.buffer.active.getLine(y)?.translateToString(true).trimEnd() ?? '').join('\n')
  return {stdout: stdout as unknown as NodeJS.WriteStream, drawn, text, dispose: () => terminal.dispose()}
}

const silentKeyboard = (): NodeJS.ReadStream => {
  const stdin = Object.assign(new PassThrough(), {isTTY: true, setRawMode: () => stdin, ref: () => stdin, unref: () => stdin})
  return stdin as unknown as NodeJS.ReadStream
}

/** What an app looks like on a real screen of that size. */
export const frameOn = async ({columns, rows}: State['size'], app: ReactElement): Promise<string> => {
  const {stdout, drawn, text, dispose} = terminalOf(columns, rows)
  const instance = render(app, {
    stdout,
    stdin: silentKeyboard(),
    stderr: stdout,
    patchConsole: false,
    exitOnCtrlC: false,
    interactive: true,
    alternateScreen: true,
    incrementalRendering: true,
  })
  await instance.waitUntilRenderFlush()
  await drawn()
  const frame = text()
  instance.unmount()
  dispose()
  return `${frame}\n`
}

/** What a state looks like on a real screen of its size. */
export const frameOf = (state: State, {isAscii = false, colour = true}: Options = {}): Promise<string> => {
  const store = createStore(state, () => {})
  return frameOn(state.size, createElement(App, {store, theme: themeFor({colour, isAscii}), onReady: () => {}}))
}
