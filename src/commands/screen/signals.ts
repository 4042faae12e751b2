import {type ExitCode, exit} from '../command.ts'

/** Resolves when somebody wants us to end, or nobody reads us any more. */
export const interrupted = (): Promise<ExitCode> =>
  new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve(exit.interrupted))
    process.stdout.once('error', () => resolve(exit.fine))
  })
