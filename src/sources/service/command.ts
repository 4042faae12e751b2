import {execFile} from 'node:child_process'

export type QueryResult = {
  out: string
  err: string
  code: number | null
  /** It is not there, or it took too long. */
  problem: string | null
}

type TimeoutOptions = {ms: number; bytes: number}

const usual: TimeoutOptions = {ms: 2500, bytes: 4 << 20}

const problemOf = (program: string, error: Error & {code?: unknown; killed?: boolean}, {ms}: TimeoutOptions): string | null => {
  if (error.code === 'ENOENT') return `there is no ${program} here`
  if (error.killed) return `${program} did not answer within ${ms} ms`
  return typeof error.code === 'number' ? null : `${program}: ${String(error.code ?? error.message)}`
}

/** Asks a program, and takes no answer for an answer. No shell, nothing on standard input, no secret among the arguments. */
export const queryProgram = (
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  timeout = usual,
): Promise<QueryResult> =>
  new Promise(resolve => {
    const options = {
      env: {...env, LC_ALL: 'C', SYSTEMD_PAGER: '', SYSTEMD_COLORS: '0'},
      timeout: timeout.ms,
      killSignal: 'SIGKILL',
      maxBuffer: timeout.bytes,
      encoding: 'utf8',
    } as const
    const child = execFile(program, args, options, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null
      resolve({out, err, code, problem: error && problemOf(program, error, timeout)})
    })
    child.stdin?.end()
  })
