import fs from 'node:fs/promises'
import {setImmediate as turn} from 'node:timers/promises'
import type {SuspendTerminal} from '../../ui/screen.ts'

/** Gives the terminal to somebody else while the work lasts, and takes it back. */
export type Lend = (work: () => Promise<void>) => Promise<void>

export type Lending = {lend: Lend; isLent: () => boolean}

/**
 * While it is lent, Ctrl-C and Ctrl-Z are for whoever has it: the first must not end the screen, and the second stops
 * all of us together, as the shell expects.
 */
export const lending = (stdin: NodeJS.ReadStream, terminal: () => SuspendTerminal | null, suspend: () => void): Lending => {
  let lent = false
  const lend: Lend = async work => {
    const give = terminal()
    if (lent || !give) return
    lent = true
    process.off('SIGTSTP', suspend)
    try {
      await give(async () => {
        // Ink stops listening but not reading, and would take every other key from whoever has the terminal now.
        await turn()
        stdin.pause()
        await work()
      })
    } finally {
      process.on('SIGTSTP', suspend)
      lent = false
      // What was resized meanwhile was told to the other one.
      process.kill(process.pid, 'SIGWINCH')
    }
  }
  return {lend, isLent: () => lent}
}

/** What the other one said last stays to be read until somebody has read it. */
export const untilRead = async (): Promise<void> => {
  process.stdout.write('\nPress enter to go back to gatecrab. ')
  try {
    const terminal = await fs.open('/dev/tty', 'r')
    await terminal.read(Buffer.alloc(1024), 0, 1024, null)
    await terminal.close()
  } catch {}
}
