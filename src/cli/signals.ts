import {type ExitCode, exit} from './command.ts'

/** Resolves on SIGINT, SIGTERM or SIGHUP, or when the reader of stdout is gone. */
export const interrupted = (): Promise<ExitCode> =>
  new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve(exit.interrupted))
    process.stdout.once('error', () => resolve(exit.fine))
  })
