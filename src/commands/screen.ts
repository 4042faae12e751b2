import {setTimeout as pause, setImmediate as turn} from 'node:timers/promises'
import {render} from 'ink'
import {createElement} from 'react'
import type {Effect} from '../app/effect.ts'
import {type Opening, openingState} from '../app/state.ts'
import {createStore, type Store} from '../app/store.ts'
import {App, type SuspendTerminal} from '../ui/App.tsx'
import {themeFor} from '../ui/theme.ts'
import {type ExitCode, exit} from './command.ts'
import type {Given} from './flags.ts'
import {complain} from './output.ts'
import {keyboard, toClipboard, wantsColour} from './terminal.ts'

/** What feeds a screen, and does what the screen cannot do itself. */
export type Feed = {effects: (effect: Effect) => void; now?: () => number; end: () => void}

const secondly = 1000
const stopsWithin = 200
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
    // A stopped job is not told when its terminal is resized.
    process.kill(process.pid, 'SIGWINCH')
  }
  const suspend = () => {
    const lend = terminal()
    if (isAway || !lend) return
    isAway = true
    void lend(stop)
  }
  return suspend
}

/** A signal ends the screen as q does, so that what feeds it is put away; what is said at the exit is said on the screen that stays. */
const leavingInOrder = (leave: () => void) => {
  let code: ExitCode = exit.fine
  const interrupted = () => {
    code = exit.interrupted
    leave()
  }
  for (const signal of endings) process.once(signal, interrupted)
  process.prependListener('exit', leave)
  const end = () => {
    process.off('exit', leave)
    for (const signal of endings) process.off(signal, interrupted)
  }
  return {code: () => code, end}
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

/** Runs the screen until it is left. */
export const runScreen = async (given: Given, opening: Opening, begin: (store: Store) => Feed): Promise<ExitCode> => {
  const stdin = keyboard()
  if (!stdin) {
    return complain({
      title: 'There is no terminal for the keys',
      because: 'standard input brings the log and /dev/tty cannot be opened',
      tryThis: 'gatecrab connections --follow --log - needs none',
      from: 'you',
    })
  }
  let terminal: SuspendTerminal | null = null
  let feed: Feed | null = null
  const suspend = suspending(
    () => terminal,
    () => store.dispatch({type: 'told', text: 'No shell holds this terminal, so there is nowhere to go; q quits'}),
  )
  const act = (effect: Effect): void => {
    if (effect.type === 'quit') instance.unmount()
    else if (effect.type === 'suspend') suspend()
    else if (effect.type === 'redraw') redraw()
    else if (effect.type === 'copy') process.stdout.write(toClipboard(effect.text))
    else feed?.effects(effect)
  }
  const redraw = (): void => {
    instance.clear()
    store.dispatch({type: 'ticked', now: now()})
  }
  const now = (): number => (feed?.now ?? Date.now)()
  const store = createStore(openingState(opening), act)
  store.dispatch({type: 'resized', columns: process.stdout.columns, rows: process.stdout.rows})
  const theme = themeFor({colour: wantsColour(given), isAscii: given.has('ascii')})
  const ready = (found: SuspendTerminal) => {
    terminal = found
  }
  const instance = render(createElement(App, {store, theme, onReady: ready}), renderOptions(stdin))
  const leaving = leavingInOrder(() => instance.unmount())
  process.on('SIGTSTP', suspend)
  process.stdout.on('error', () => process.exit(exit.fine))
  feed = begin(store)
  const clock = setInterval(() => store.dispatch({type: 'ticked', now: now()}), secondly)
  try {
    await instance.waitUntilExit()
    return leaving.code()
  } finally {
    clearInterval(clock)
    process.off('SIGTSTP', suspend)
    leaving.end()
    feed.end()
  }
}
