import {execFile} from 'node:child_process'
import type {Surroundings} from '../../gateway/paths.ts'

const mostMs = 2000
const mostBytes = 1 << 20

/** What a program prints; null where there is none, where it fails, or where it is slow. Never a shell, and no secret among its arguments. */
export const printedBy = (program: string, args: readonly string[], {env}: Surroundings): Promise<string | null> =>
  new Promise(resolve => {
    const options = {env: {...env}, timeout: mostMs, killSignal: 'SIGKILL', maxBuffer: mostBytes, encoding: 'utf8'} as const
    try {
      const child = execFile(program, args, options, (error, out) => resolve(error ? null : out))
      child.stdin?.end()
    } catch {
      resolve(null)
    }
  })
