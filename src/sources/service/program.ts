import {execFile} from 'node:child_process'
import type {HostEnv} from '../../gateway/paths.ts'

const maxMs = 2000
const maxBytes = 1 << 20

/** What a program prints; null where there is none, where it fails, or where it is slow. Never a shell, and no secret among its arguments. */
export const stdoutOf = (program: string, args: readonly string[], {env}: HostEnv): Promise<string | null> =>
  new Promise(resolve => {
    const options = {env: {...env}, timeout: maxMs, killSignal: 'SIGKILL', maxBuffer: maxBytes, encoding: 'utf8'} as const
    try {
      const child = execFile(program, args, options, (error, out) => resolve(error ? null : out))
      child.stdin?.end()
    } catch {
      resolve(null)
    }
  })
