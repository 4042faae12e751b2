import {type ChildProcess, spawn} from 'node:child_process'

export type Ran = {
  code: number | null
  stdout: string
  stderr: string
  /** It was not there, or it took too long. */
  problem: string | null
}

export type RunOptions = {
  stdin?: string
  env: Record<string, string>
  cwd?: string
  timeoutMs: number
  onStart?: (pid: number) => void
  onLine?: (line: string) => void
}

const mostBytes = 256 * 1024

const collect = (child: ChildProcess, stream: 'stdout' | 'stderr', onLine: (line: string) => void): (() => string) => {
  let text = ''
  let rest = ''
  child[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
    if (text.length < mostBytes) text += chunk
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') onLine(line)
  })
  return () => text
}

const missing = (program: string, error: NodeJS.ErrnoException): string =>
  error.code === 'ENOENT' ? `there is no command ${program}` : `${program} cannot be started: ${error.code ?? error.message}`

/** Runs one argument list, without a shell, and never throws. What it must keep secret comes on standard input. */
export const runCommand = ([program = '', ...args]: readonly string[], options: RunOptions): Promise<Ran> =>
  new Promise(resolve => {
    const {env, cwd, timeoutMs, stdin, onLine = () => {}} = options
    const child = spawn(program, args, {env, ...(cwd ? {cwd} : {}), stdio: ['pipe', 'pipe', 'pipe']})
    const stdout = collect(child, 'stdout', () => {})
    const stderr = collect(child, 'stderr', onLine)
    let problem: string | null = null
    const end = (code: number | null): void => {
      clearTimeout(timer)
      clearTimeout(killer)
      resolve({code, stdout: stdout(), stderr: stderr(), problem})
    }
    const stop = (signal: NodeJS.Signals): void => {
      problem = `${program} ${args.slice(0, 3).join(' ')} took longer than ${Math.round(timeoutMs / 1000)} s`
      child.kill(signal)
    }
    const timer = setTimeout(() => stop('SIGTERM'), timeoutMs)
    const killer = setTimeout(() => stop('SIGKILL'), timeoutMs + 5000)
    child.on('error', error => {
      problem = missing(program, error)
      if (child.pid === undefined) end(null)
    })
    child.on('close', end)
    child.stdin?.on('error', () => {})
    if (child.pid !== undefined) options.onStart?.(child.pid)
    child.stdin?.end(stdin ?? '')
  })

/** Runs one argument list on our own terminal: it speaks with the person, and we hear nothing of it. */
export const lendTerminalTo = (
  [program = '', ...args]: readonly string[],
  {env, onStart}: {env: Record<string, string>; onStart: (pid: number) => void},
): Promise<Pick<Ran, 'code' | 'problem'>> =>
  new Promise(resolve => {
    const child = spawn(program, args, {env, stdio: 'inherit'})
    child.once('error', error => resolve({code: null, problem: missing(program, error)}))
    child.once('exit', code => resolve({code, problem: null}))
    if (child.pid !== undefined) onStart(child.pid)
  })
