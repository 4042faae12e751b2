import {type ChildProcess, type SpawnOptions, spawn, spawnSync} from 'node:child_process'
import {Readable} from 'node:stream'
import {setTimeout as pause} from 'node:timers/promises'
import {codeOf, errorWords} from './error-words.ts'

export type RunningProcess = ChildProcess

export type ProcessEnv = Readonly<Record<string, string | undefined>>

/** Why there is no whole answer: it could not be started, took too long, printed too much, or we were asked to end. */
type Cause = 'missing' | 'denied' | 'unstarted' | 'timeout' | 'overflow' | 'aborted'

export type Ran = {
  code: number | null
  stdout: string
  stderr: string
  /** It was not there, it took too long, or it was ended early. */
  problem: string | null
  cause?: Cause | null
}

export type RunOptions = {
  stdin?: string
  env: ProcessEnv
  cwd?: string
  timeoutMs: number
  /** How long it may take to end once it was asked to; 5 s. */
  killGraceMs?: number
  /** Of each stream. */
  maxBytes?: number
  /** What comes after that is read and dropped; or it ends the command, where half an answer is none. */
  overflow?: 'drop' | 'end'
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
const defaultKillGraceMs = 5000
const pollMs = 25

type Collected = {maxBytes: number; onOverflow: () => void; onLine: (line: string) => void}

const collect = (child: ChildProcess, stream: 'stdout' | 'stderr', {maxBytes, onOverflow, onLine}: Collected) => {
  let text = ''
  let rest = ''
  child[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
    if (text.length + chunk.length > maxBytes) onOverflow()
    if (text.length < maxBytes) text += chunk.slice(0, maxBytes - text.length)
    const lines = (rest + chunk).split('\n')
    rest = (lines.pop() ?? '').slice(0, maxLineBytes)
    for (const line of lines) if (line.trim() !== '') onLine(line)
  })
  return () => text
}

const cannotStart = (program: string, error: unknown): string =>
  codeOf(error) === 'ENOENT' ? `there is no command ${program}` : `${program} cannot be started: ${errorWords(error)}`

const startCauses: Readonly<Record<string, Cause>> = {ENOENT: 'missing', EACCES: 'denied'}

const unstarted = (program: string, error: unknown): Ran => ({
  ...{code: null, stdout: '', stderr: '', problem: cannotStart(program, error)},
  cause: startCauses[codeOf(error)] ?? 'unstarted',
})

/** One argument list, without a shell. It throws where the list itself is none, as with a NUL or when it is too long. */
export const startProcess = ([program = '', ...args]: readonly string[], options: SpawnOptions): RunningProcess =>
  spawn(program, args, options)

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
const endGroup = async (leader: number, graceMs: number): Promise<void> => {
  const deadline = performance.now() + graceMs
  if (graceMs > 0) signalGroup(leader, 'SIGTERM')
  while (signalGroup(leader, 0)) {
    if (performance.now() >= deadline) return void signalGroup(leader, 'SIGKILL')
    await pause(pollMs)
  }
}

const name = (program: string, args: readonly string[]): string => [program, ...args.slice(0, 3)].join(' ')

/**
 * Runs one argument list, without a shell, and never throws. What it must keep secret comes on standard input. The command leads a process
 * group of its own, which is ended as a whole; its result is there as soon as the command itself is gone.
 */
export const runProcess = (argv: readonly string[], options: RunOptions): Promise<Ran> => {
  const [program = '', ...args] = argv
  const {env, cwd, timeoutMs, stdin, maxBytes = defaultMaxBytes, signal, onLine = () => {}} = options
  const start = (): ChildProcess | Ran => {
    try {
      return startProcess(argv, {env, ...(cwd ? {cwd} : {}), stdio: ['pipe', 'pipe', 'pipe'], detached: true})
    } catch (error) {
      return unstarted(program, error)
    }
  }
  const child = start()
  if ('code' in child) return Promise.resolve(child)
  return new Promise(resolve => {
    let stopped: {problem: string; cause: Cause} | null = null
    let ending: Promise<void> = Promise.resolve()
    let grace: NodeJS.Timeout | undefined
    const stop = (cause: Cause, because: string): void => {
      if (stopped !== null || child.pid === undefined) return
      stopped = {cause, problem: `${name(program, args)} ${because}`}
      ending = endGroup(child.pid, options.killGraceMs ?? defaultKillGraceMs)
    }
    const onOverflow = (): void => {
      if (options.overflow === 'end') stop('overflow', `printed more than ${maxBytes} bytes`)
    }
    const stdout = collect(child, 'stdout', {maxBytes, onOverflow, onLine: () => {}})
    const stderr = collect(child, 'stderr', {maxBytes, onOverflow, onLine})
    const finish = (code: number | null): void => {
      clearTimeout(timer)
      clearTimeout(grace)
      signal?.removeEventListener('abort', abort)
      for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe?.destroy()
      void ending.then(() =>
        resolve({code, stdout: stdout(), stderr: stderr(), problem: stopped?.problem ?? null, cause: stopped?.cause ?? null}),
      )
    }
    const abort = (): void => stop('aborted', 'was ended, since gatecrab was asked to end')
    const timer = setTimeout(() => stop('timeout', `took longer than ${Math.round(timeoutMs / 1000)} s`), timeoutMs)
    child.on('error', error => {
      if (child.pid !== undefined) return
      clearTimeout(timer)
      resolve(unstarted(program, error))
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
}

/** Words that are read by a program: in one language, and not through a pager. */
export const plainEnv = (env: ProcessEnv): ProcessEnv => ({...env, LC_ALL: 'C', SYSTEMD_PAGER: '', SYSTEMD_COLORS: '0'})

/** A question to the system has two and a half seconds, and half an answer is none. */
const queryMs = 2500
const queryBytes = 4 << 20

type QueryOptions = {env: ProcessEnv; timeoutMs?: number; maxBytes?: number}

const queryProblem = (program: string, {code, problem, cause}: Ran, ms: number): string | null => {
  if (cause === 'missing') return `there is no ${program} here`
  if (cause === 'denied') return `this user may not run ${program}`
  if (cause === 'timeout') return `${program} did not answer within ${ms} ms`
  return problem ?? (code === null ? `${program} was ended by somebody else` : null)
}

/** Asks a program of the system: nothing on standard input, no secret among the arguments, and no patience when its time is over. */
export const queryProgram = async (argv: readonly string[], options: QueryOptions): Promise<Ran> => {
  const {env, timeoutMs = queryMs, maxBytes = queryBytes} = options
  const ran = await runProcess(argv, {env, timeoutMs, maxBytes, overflow: 'end', killGraceMs: 0})
  return {...ran, problem: queryProblem(argv[0] ?? '', ran, timeoutMs)}
}

/** What a program prints; null where there is none, where it fails, or where it is slow. */
export const stdoutOf = async (argv: readonly string[], options: QueryOptions): Promise<string | null> => {
  const {code, stdout, problem} = await queryProgram(argv, options)
  return code === 0 && problem === null ? stdout : null
}

/** The same for what cannot wait. Nothing goes on meanwhile, so it is for programs that answer at once. */
export const stdoutNow = (
  [program = '', ...args]: readonly string[],
  {env, timeoutMs = queryMs}: QueryOptions,
): string | null => {
  const limits = {timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: queryBytes} as const
  try {
    const {status, stdout, error} = spawnSync(program, args, {
      env,
      ...limits,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return error === undefined && status === 0 ? stdout : null
  } catch {
    return null
  }
}

/** cron of macOS has /usr/bin and /bin only; lsof and netstat are in /usr/sbin, and no other program of that name is meant. */
export const withSystemTools = (env: ProcessEnv): ProcessEnv => ({
  ...env,
  PATH: ['/usr/sbin', env['PATH'], '/sbin'].filter(Boolean).join(':'),
})

/** Runs one argument list on our own terminal: it speaks with the person, and we hear nothing of it. */
export const lendTerminalTo = (
  argv: readonly string[],
  {env, signal, onStart}: Pick<RunOptions, 'env' | 'signal' | 'onStart'>,
): Promise<Pick<Ran, 'code' | 'problem'>> =>
  new Promise(resolve => {
    const child = startProcess(argv, {env, stdio: 'inherit'})
    const abort = (): void => void child.kill('SIGTERM')
    signal?.addEventListener('abort', abort)
    child.once('error', error => resolve({code: null, problem: cannotStart(argv[0] ?? '', error)}))
    child.once('exit', code => {
      signal?.removeEventListener('abort', abort)
      resolve({code, problem: null})
    })
    if (child.pid !== undefined) onStart?.(child.pid)
  })

export type OpenProcess = {output: Readable; ended: Promise<Pick<Ran, 'code' | 'problem'>>; stop: () => void}

/**
 * A command that is read while it runs, both of its streams as one in the order in which it writes: two pipes would lose that. The shell
 * only joins them, and is gone before the command begins.
 */
export const openProcess = (argv: readonly string[], env: ProcessEnv): OpenProcess => {
  const child = startProcess(['/bin/sh', '-c', 'exec "$@" 2>&1', 'sh', ...argv], {
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
