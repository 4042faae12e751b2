import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {spawn} from '@lydell/node-pty'
import xterm from '@xterm/headless'
import {onTestFinished} from 'vitest'
import {launcher} from './built.ts'

const patience = 10_000

const sequences: Record<string, string> = {
  enter: '\r',
  esc: '\u001b',
  tab: '\t',
  'shift+tab': '\u001b[Z',
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  home: '\u001b[H',
  end: '\u001b[F',
  backspace: '\u007f',
  space: ' ',
}

const bytesOf = (key: string): string =>
  sequences[key] ?? (key.startsWith('ctrl+') ? String.fromCharCode(key.charCodeAt(5) & 0x1f) : key)

export type Options = {
  cols?: number
  rows?: number
  env?: Record<string, string>
  cwd?: string
  /** In place of the program: what runs in the terminal. */
  command?: readonly [string, ...string[]]
}

export type Wanted = string | RegExp | ((screen: string) => boolean)

const holds = (wanted: Wanted, screen: string): boolean =>
  typeof wanted === 'string' ? screen.includes(wanted) : typeof wanted === 'function' ? wanted(screen) : wanted.test(screen)

/** A folder of its own that is gone after the test. */
export const temporaryFolder = (): string => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-e2e-'))
  onTestFinished(() => fs.rmSync(folder, {recursive: true, force: true}))
  return folder
}

/** Nothing of the machine but its tools: an empty home, no OpenClaw, no CI, no colour wishes. */
export const cleanEnvironment = (home: string): Record<string, string> => ({
  PATH: [path.dirname(process.execPath), '/usr/bin', '/bin'].join(':'),
  HOME: home,
  TMPDIR: home,
  TERM: 'xterm-256color',
  LANG: 'C.UTF-8',
  TZ: 'UTC',
  NODE_COMPILE_CACHE: path.join(os.tmpdir(), 'gatecrab-e2e-cache'),
})

const styleOf = (cell: {
  isInverse(): number
  isBold(): number
  isDim(): number
  isFgDefault(): boolean
  getFgColor(): number
}) => ({
  inverse: cell.isInverse() !== 0,
  bold: cell.isBold() !== 0,
  dim: cell.isDim() !== 0,
  colour: cell.isFgDefault() ? null : cell.getFgColor(),
})

export type Style = ReturnType<typeof styleOf>

export type Screen = ReturnType<typeof openScreen>

/** The program, or a shell, in a real pseudo-terminal whose screen is emulated. */
export const openScreen = (args: readonly string[], {cols = 80, rows = 24, env = {}, cwd, command}: Options = {}) => {
  const home = temporaryFolder()
  const [file, ...rest] = command ?? [process.execPath, launcher, ...args]
  const pty = spawn(file, rest, {
    cols,
    rows,
    name: env['TERM'] ?? 'xterm-256color',
    env: {...cleanEnvironment(home), ...env},
    cwd: cwd ?? home,
  })
  const terminal = new xterm.Terminal({cols, rows, allowProposedApi: true, scrollback: 500})
  const watchers = new Set<() => void>()
  const changed = () => {
    for (const watcher of watchers) watcher()
  }
  let raw = ''
  let end: {exitCode: number; signal?: number | undefined} | null = null
  pty.onData(data => {
    raw += data
    terminal.write(data, changed)
  })
  terminal.onData(answer => pty.write(answer))
  const exited = new Promise<{exitCode: number; signal?: number | undefined}>(resolve => {
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

  const lineAt = (y: number) => terminal.buffer.active.getLine(y + terminal.buffer.active.viewportY)
  const row = (y: number): string => lineAt(y)?.translateToString(true) ?? ''
  const text = (): string => Array.from({length: terminal.rows}, (_, y) => row(y)).join('\n')
  /** Between the marks of a synchronized update the screen is half drawn. */
  const isWhole = (): boolean => raw.lastIndexOf('\u001b[?2026h') <= raw.lastIndexOf('\u001b[?2026l')
  const styleAt = (y: number, x: number): Style | null => {
    const cell = lineAt(y)?.getCell(x)
    return cell ? styleOf(cell) : null
  }

  const until = (isReached: () => boolean, what: string, ms: number) =>
    new Promise<void>((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer)
        watchers.delete(look)
      }
      const look = () => {
        if (!isReached()) return
        stop()
        resolve()
      }
      const timer = setTimeout(() => {
        stop()
        const ended = end ? ` (ended: ${JSON.stringify(end)})` : ''
        reject(new Error(`${what} after ${ms} ms${ended}; the screen:\n${text()}`))
      }, ms)
      watchers.add(look)
      look()
    })

  const waitFor = (wanted: Wanted, ms = patience) =>
    until(() => isWhole() && holds(wanted, text()), `not on the screen: ${wanted}`, ms)
  const waitForGone = (wanted: Wanted, ms = patience) =>
    until(() => isWhole() && !holds(wanted, text()), `still on the screen: ${wanted}`, ms)
  const waitForRaw = (wanted: Wanted, ms = patience) => until(() => holds(wanted, raw), `never written: ${wanted}`, ms)

  return {
    pid: pty.pid,
    home,
    row,
    text,
    styleAt,
    waitFor,
    waitForGone,
    waitForRaw,
    exited,
    raw: () => raw,
    rows: () => text().split('\n'),
    /** The rows that are painted inverse from their first cell on. */
    chosenRow: () =>
      text()
        .split('\n')
        .find((_, y) => styleAt(y, 0)?.inverse) ?? null,
    styleOf: (wanted: string): Style | null => {
      const y = text()
        .split('\n')
        .findIndex(line => line.includes(wanted))
      return y < 0 ? null : styleAt(y, row(y).indexOf(wanted))
    },
    isAlternate: () => terminal.buffer.active.type === 'alternate',
    isCursorHidden: () => raw.lastIndexOf('\u001b[?25l') > raw.lastIndexOf('\u001b[?25h'),
    isPasteBracketed: () => terminal.modes.bracketedPasteMode,
    hasEnded: () => end !== null,
    type: (typed: string) => pty.write(typed),
    press: (...keys: string[]) => {
      for (const key of keys) pty.write(bytesOf(key))
    },
    paste: (pasted: string) => pty.write(`\u001b[200~${pasted}\u001b[201~`),
    resize: (columns: number, height: number) => {
      pty.resize(columns, height)
      terminal.resize(columns, height)
    },
    /** Bytes of somebody else on the same terminal. */
    scribble: (bytes: string) => new Promise<void>(resolve => terminal.write(bytes, resolve)),
    kill: (signal: string) => process.kill(pty.pid, signal),
  }
}
