import {spawn} from '@lydell/node-pty'
import {createEmulator} from './emulator.ts'
import {bytesOf} from './key-bytes.ts'
import {createWaits} from './waiting.ts'

export type Program = {
  command: readonly [string, ...string[]]
  env: Record<string, string>
  cwd: string
  cols?: number
  rows?: number
  /** Of a screen that is open for hours the beginning is not kept. */
  maxRaw?: number
}

type End = {exitCode: number; signal?: number | undefined}

/** A program in a real pseudo-terminal whose screen is emulated. */
export const openTerminal = ({
  command: [file, ...args],
  env,
  cwd,
  cols = 80,
  rows = 24,
  maxRaw = Number.POSITIVE_INFINITY,
}: Program) => {
  const pty = spawn(file, args, {cols, rows, name: env['TERM'] ?? '', env, cwd})
  const {terminal, ...seen} = createEmulator(cols, rows)
  let raw = ''
  let end: End | null = null
  const {changed, ...waits} = createWaits({text: seen.text, raw: () => raw, ended: () => end})
  pty.onData(data => {
    raw += data
    if (raw.length > 2 * maxRaw) raw = raw.slice(-maxRaw)
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
  const type = (typed: string) => pty.write(typed)

  return {
    ...seen,
    ...waits,
    pid: pty.pid,
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
    /** Nobody reads the terminal until `resume`: what is written into it stays in its buffer, and then nothing can be written. */
    pause: () => pty.pause(),
    resume: () => pty.resume(),
    close: () => {
      if (!end) pty.kill('SIGKILL')
      terminal.dispose()
    },
  }
}
