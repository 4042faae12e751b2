import {spawn} from '@lydell/node-pty'
import {onTestFinished} from 'vitest'
import {launcher} from './built.ts'
import {createEmulator} from './emulator.ts'
import {bytesOf} from './key-bytes.ts'
import {cleanEnvironment, temporaryFolder} from './surroundings.ts'
import {createWaits} from './waiting.ts'

export type Options = {
  cols?: number
  rows?: number
  env?: Record<string, string>
  /** In place of the program: what runs in the terminal. */
  command?: readonly [string, ...string[]]
}

type End = {exitCode: number; signal?: number | undefined}

export type Screen = ReturnType<typeof openScreen>

/** The program, or a shell, in a real pseudo-terminal whose screen is emulated. */
export const openScreen = (args: readonly string[], {cols = 80, rows = 24, env = {}, command}: Options = {}) => {
  const home = temporaryFolder()
  const [file, ...rest] = command ?? [process.execPath, launcher, ...args]
  const environment = {...cleanEnvironment(home), ...env}
  const pty = spawn(file, rest, {cols, rows, name: environment['TERM'] ?? '', env: environment, cwd: home})
  const {terminal, ...seen} = createEmulator(cols, rows)
  let raw = ''
  let end: End | null = null
  const {changed, ...waits} = createWaits({text: seen.text, raw: () => raw, ended: () => end})
  pty.onData(data => {
    raw += data
    terminal.write(data, changed)
  })
  terminal.onData(answer => pty.write(answer))
  const exited = new Promise<End>(resolve => {
    pty.onExit(ended => {
      end = ended
      terminal.write('', () => {
        changed()
        resolve(ended)
      })
    })
  })
  onTestFinished(() => {
    if (!end) pty.kill('SIGKILL')
    terminal.dispose()
  })
  const type = (typed: string) => pty.write(typed)

  return {
    ...seen,
    ...waits,
    pid: pty.pid,
    home,
    exited,
    raw: () => raw,
    isCursorHidden: () => raw.lastIndexOf('\u001b[?25l') > raw.lastIndexOf('\u001b[?25h'),
    type,
    press: (...keys: string[]) => {
      for (const key of keys) type(bytesOf(key))
    },
    paste: (pasted: string) => type(`\u001b[200~${pasted}\u001b[201~`),
    resize: (columns: number, height: number) => {
      pty.resize(columns, height)
      terminal.resize(columns, height)
    },
    /** Bytes of somebody else on the same terminal. */
    scribble: (bytes: string) => new Promise<void>(resolve => terminal.write(bytes, resolve)),
    kill: (signal: string) => process.kill(pty.pid, signal),
  }
}
