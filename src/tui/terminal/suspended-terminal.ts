import fs from 'node:fs/promises'
import {setImmediate as turn} from 'node:timers/promises'
import type {SuspendTerminal} from '../use-screen.ts'

/** Hands the terminal to a child process, and takes it back when that ends. */
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
      // A resize in the meantime was signalled to the child only.
      process.kill(process.pid, 'SIGWINCH')
    }
  }
  return {lend, isLent: () => lent}
}

/** Waits for a key, so that the child's last output can be read. */
export const untilRead = async (): Promise<void> => {
  process.stdout.write('\nPress enter to go back to gatecrab. ')
  try {
    const terminal = await fs.open('/dev/tty', 'r')
    await terminal.read(Buffer.alloc(1024), 0, 1024, null)
    await terminal.close()
  } catch {}
}
