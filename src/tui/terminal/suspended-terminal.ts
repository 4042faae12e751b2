import fs from 'node:fs/promises'
import {setImmediate as turn} from 'node:timers/promises'
import type {Lend} from '../../app/feed.ts'
import type {SuspendTerminal} from '../use-screen.ts'

export type Lending = {lend: Lend; isLent: () => boolean}

/** Waits for a key, so that the child's last output can be read. */
const untilRead = async (): Promise<void> => {
  process.stdout.write('\nPress enter to go back to gatecrab. ')
  try {
    const terminal = await fs.open('/dev/tty', 'r')
    await terminal.read(Buffer.alloc(1024), 0, 1024, null)
    await terminal.close()
  } catch {}
}

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
        if ((await work()) === 'keep-output') await untilRead()
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
