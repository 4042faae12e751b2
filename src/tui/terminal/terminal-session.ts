import fs from 'node:fs/promises'
import {setTimeout as pause, setImmediate as turn} from 'node:timers/promises'
import {render} from 'ink'
import type {ReactElement} from 'react'
import type {Lend} from '../../app/feed.ts'
import type {Failure} from '../../domain/failure.ts'
import {type Look, type Theme, themeFor} from '../parts/paint.ts'
import type {OnReady, ReadyScreen, SuspendTerminal} from '../use-screen.ts'
import {createMouseMode, type MouseMode} from './mouse-mode.ts'
import {dropUnread, keyboard, writeWithoutBlocking} from './terminal.ts'

/** Whoever has the terminal meanwhile, the shell as well, gets no reports of the mouse. */
const withoutMouse =
  (mouse: MouseMode, give: SuspendTerminal): SuspendTerminal =>
  async work => {
    mouse.setAside()
    try {
      await give(work)
    } finally {
      mouse.takeBack()
    }
  }

type Lending = {lend: Lend; isLent: () => boolean}

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
const lending = (stdin: NodeJS.ReadStream, terminal: () => SuspendTerminal | null, suspend: () => void): Lending => {
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

/** What is played on the terminal. */
export type ScreenApp = {
  element: (theme: Theme, onReady: OnReady) => ReactElement
  /** Once it is drawn. */
  begun: () => void
  ticked: () => void
  /** It could not be put aside, and why. */
  notify: (text: string) => void
  end: () => void
}

/** What a play may do with the terminal. */
export type TerminalSession = {
  leave: () => void
  redraw: () => void
  suspend: () => void
  setMouse: (isOn: boolean) => void
  lend: Lend
}

const secondly = 1000
const stopsWithin = 200
/** How long what is still to be drawn may keep a signal from ending us: nobody may be reading the terminal. */
const drainMs = 1000
/** As a shell counts an interrupted command. */
const interruptedCode = 130
const endings = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const

/** Stops this job as the shell's Ctrl-Z would, and draws again when it is continued, or when there is no shell to stop for. */
const suspending = (terminal: () => SuspendTerminal | null, notStopped: () => void) => {
  let isAway = false
  const stop = async (): Promise<void> => {
    let isContinued = false
    const continued = () => {
      isContinued = true
    }
    process.once('SIGCONT', continued)
    process.off('SIGTSTP', suspend)
    process.kill(0, 'SIGTSTP')
    await pause(stopsWithin)
    await turn()
    process.off('SIGCONT', continued)
    process.on('SIGTSTP', suspend)
    isAway = false
    if (!isContinued) return notStopped()
    // A stopped process gets no SIGWINCH.
    process.kill(process.pid, 'SIGWINCH')
  }
  const suspend = () => {
    const lend = terminal()
    if (isAway || !lend) return
    isAway = true
    void lend(stop)
  }
  return {suspend, isAway: () => isAway}
}

/** SIGSTOP cannot be caught: who is continued after it finds the terminal as the shell has set it, and takes it anew. */
const takingAnew = (terminal: () => SuspendTerminal | null, isElsewhere: () => boolean) => {
  const takeAnew = (): void => {
    const give = terminal()
    if (give && !isElsewhere()) void give(() => {}).then(() => process.kill(process.pid, 'SIGWINCH'))
  }
  process.on('SIGCONT', takeAnew)
  return () => process.off('SIGCONT', takeAnew)
}

/** A signal ends the screen as q does, so that what feeds it is put away; what is said at the exit is said on the screen that stays. */
const leavingInOrder = (leave: () => void, isLent: () => boolean) => {
  let isInterrupted = false
  const interrupted = (signal: NodeJS.Signals) => {
    if (signal === 'SIGINT' && isLent()) return
    isInterrupted = true
    setTimeout(() => process.exit(interruptedCode), drainMs).unref()
    leave()
  }
  for (const signal of endings) process.on(signal, interrupted)
  process.prependListener('exit', leave)
  const end = () => {
    process.off('exit', leave)
    for (const signal of endings) process.off(signal, interrupted)
  }
  return {isInterrupted: () => isInterrupted, end}
}

const renderOptions = (stdin: NodeJS.ReadStream) => ({
  stdin,
  interactive: true,
  alternateScreen: process.env['INK_SCREEN_READER'] !== 'true',
  incrementalRendering: true,
  patchConsole: false,
  exitOnCtrlC: false,
  maxFps: 60,
})

/** Has the terminal until the screen is left, and says how that was; a failure where there is no terminal. */
export const runInTerminal = async (
  look: Look,
  createApp: (session: TerminalSession) => ScreenApp,
): Promise<'left' | 'interrupted' | Failure> => {
  process.title = 'gatecrab'
  const stdin = keyboard()
  if (!stdin) {
    return {
      title: 'There is no terminal for the keys',
      because: 'standard input brings the log and /dev/tty cannot be opened',
      tryThis: '`gatecrab connections --follow --log -` needs none',
      from: 'you',
    }
  }
  let screen: ReadyScreen | null = null
  const mouse = createMouseMode(stdin, event => screen?.onMouse(event))
  const terminal = (): SuspendTerminal | null => screen && withoutMouse(mouse, screen.suspendTerminal)
  const {suspend, isAway} = suspending(terminal, () =>
    app.notify('No shell holds this terminal, so there is nowhere to go; q quits'),
  )
  const {lend, isLent} = lending(stdin, terminal, suspend)
  const redraw = (): void => {
    instance.clear()
    app.ticked()
  }
  const leave = (): void => {
    mouse.set(false)
    instance.unmount()
  }
  const app = createApp({leave, redraw, suspend, setMouse: mouse.set, lend})
  const theme = themeFor(look)
  const ready = (found: ReadyScreen) => {
    screen = found
  }
  writeWithoutBlocking()
  const readAgain = dropUnread(redraw)
  const instance = render(app.element(theme, ready), renderOptions(stdin))
  const leaving = leavingInOrder(leave, isLent)
  process.on('SIGTSTP', suspend)
  const endTaking = takingAnew(terminal, () => isAway() || isLent())
  process.stdout.on('error', () => process.exit(0))
  app.begun()
  const clock = setInterval(app.ticked, secondly)
  try {
    await instance.waitUntilExit()
    return leaving.isInterrupted() ? 'interrupted' : 'left'
  } finally {
    clearInterval(clock)
    process.off('SIGTSTP', suspend)
    endTaking()
    leaving.end()
    readAgain()
    app.end()
  }
}
