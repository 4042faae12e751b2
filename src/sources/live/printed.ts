import {execFile} from 'node:child_process'

/** `code` is null where it took too long, and a word of the system where it could not be started. */
export type Printed = {text: string; code: number | string | null}

export const printed = (
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  timeoutMs = 5000,
): Promise<Printed> =>
  new Promise(resolve => {
    const options = {env, timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 4 << 20, encoding: 'utf8'} as const
    const child = execFile(program, args, options, (error, text) => resolve({text, code: error ? (error.code ?? null) : 0}))
    child.stdin?.end()
  })
