import {type ChildProcess, spawn} from 'node:child_process'
import {Readable} from 'node:stream'
import {setTimeout as pause} from 'node:timers/promises'
import {errorWords} from './error-words.ts'

export type Ran = {
  code: number | null
  stdout: string
  stderr: string
  /** It was not there, it took too long, or it was ended early. */
  problem: string | null
}

export type RunOptions = {
  stdin?: string
  env: Record<string, string>
  cwd?: string
  timeoutMs: number
  /** Of each stream; what comes after that is read and dropped. */
  maxBytes?: number
  /** Ends the command early. */
  signal?: AbortSignal
  onStart?: (pid: number) => void
  onLine?: (line: string) => void
}

const defaultMaxBytes = 256 * 1024
const maxLineBytes = 64 * 1024
/** How long the pipes may stay open once the command itself has ended: whatever it left running may hold them for ever. */
const pipesGraceMs = 1000
/** Between the polite signal and the one that nobody can ignore. */
const killGraceMs = 5000
const pollMs = 25

const collect = (child: ChildProcess, stream: 'stdout' | 'stderr', maxBytes: number, onLine: (line: string) => void) => {
  let text = ''
  let rest = ''
  child[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
    if (text.length < maxBytes) text += chunk.slice(0, maxBytes - text.length)
    const lines = (rest + chunk).split('\n')
    rest = (lines.pop() ?? '').slice(0, maxLineBytes)
    for (const line of lines) if (line.trim() !== '') onLine(line)
  })
  return () => text
}

const cannotStart = (program: string, error: NodeJS.ErrnoException): string =>
  error.code === 'ENOENT' ? `there is no command ${program}` : `${program} cannot be started: ${errorWords(error)}`

/** Signals the command and all that it has started, also where the command itself is gone. False: nobody is left. */
const signalGroup = (leader: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    process.kill(-leader, signal)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The polite signal, some patience, then the other one; returns when nobody is left, or nobody can be. */
const endGroup = async (leader: number): Promise<void> => {
  const deadline = performance.now() + killGraceMs
  signalGroup(leader, 'SIGTERM')
  while (signalGroup(leader, 0)) {
    if (performance.now() > deadline) return void signalGroup(leader, 'SIGKILL')
    await pause(pollMs)
  }
}

const name = (program: string, args: readonly string[]): string => [program, ...args.slice(0, 3)].join(' ')

/**
 * Runs one argument list, without a shell, and never throws. What it must keep secret comes on standard input. The command leads a process
 * group of its own, which is ended as a whole; its result is there as soon as the command itself is gone.
 */
export const runProcess = ([program = '', ...args]: readonly string[], options: RunOptions): Promise<Ran> =>
  new Promise(resolve => {
    const {env, cwd, timeoutMs, stdin, maxBytes = defaultMaxBytes, signal, onLine = () => {}} = options
    const child = spawn(program, args, {env, ...(cwd ? {cwd} : {}), stdio: ['pipe', 'pipe', 'pipe'], detached: true})
    const stdout = collect(child, 'stdout', maxBytes, () => {})
    const stderr = collect(child, 'stderr', maxBytes, onLine)
    let problem: string | null = null
    let ending: Promise<void> = Promise.resolve()
    let grace: NodeJS.Timeout | undefined
    const finish = (code: number | null): void => {
      clearTimeout(timer)
      clearTimeout(grace)
      signal?.removeEventListener('abort', abort)
      for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe?.destroy()
      void ending.then(() => resolve({code, stdout: stdout(), stderr: stderr(), problem}))
    }
    const stop = (because: string): void => {
      if (problem !== null || child.pid === undefined) return
      problem = because
      ending = endGroup(child.pid)
    }
    const abort = (): void => stop(`${name(program, args)} was ended, since gatecrab was asked to end`)
    const timer = setTimeout(() => stop(`${name(program, args)} took longer than ${Math.round(timeoutMs / 1000)} s`), timeoutMs)
    child.on('error', error => {
      problem ??= cannotStart(program, error)
      if (child.pid === undefined) finish(null)
    })
    child.once('exit', code => {
      grace = setTimeout(() => finish(code), pipesGraceMs)
      child.once('close', () => finish(code))
    })
    child.stdin?.on('error', () => {})
    if (child.pid === undefined) return
    options.onStart?.(child.pid)
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) abort()
    child.stdin?.end(stdin ?? '')
  })

/** Runs one argument list on our own terminal: it speaks with the person, and we hear nothing of it. */
export const lendTerminalTo = (
  [program = '', ...args]: readonly string[],
  {env, signal, onStart}: Pick<RunOptions, 'env' | 'signal'> & {onStart: (pid: number) => void},
): Promise<Pick<Ran, 'code' | 'problem'>> =>
  new Promise(resolve => {
    const child = spawn(program, args, {env, stdio: 'inherit'})
    const abort = (): void => void child.kill('SIGTERM')
    signal?.addEventListener('abort', abort)
    child.once('error', error => resolve({code: null, problem: cannotStart(program, error)}))
    child.once('exit', code => {
      signal?.removeEventListener('abort', abort)
      resolve({code, problem: null})
    })
    if (child.pid !== undefined) onStart(child.pid)
  })

export type OpenProcess = {output: Readable; ended: Promise<Pick<Ran, 'code' | 'problem'>>; stop: () => void}

/**
 * A command that is read while it runs, both of its streams as one in the order in which it writes: two pipes would lose that. The shell
 * only joins them, and is gone before the command begins.
 */
export const openProcess = (argv: readonly string[], env: Record<string, string>): OpenProcess => {
  const child = spawn('/bin/sh', ['-c', 'exec "$@" 2>&1', 'sh', ...argv], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  const ended = new Promise<Pick<Ran, 'code' | 'problem'>>(resolve => {
    child.once('error', error => resolve({code: null, problem: cannotStart(argv[0] ?? '', error)}))
    child.once('exit', code => resolve({code, problem: null}))
  })
  const stop = (): void => {
    child.stdout?.destroy()
    if (child.pid !== undefined && child.exitCode === null) signalGroup(child.pid, 'SIGTERM')
  }
  return {output: child.stdout ?? Readable.from([]), ended, stop}
}
