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

/** Stops this job as the shell's Ctrl-Z would, and draws again when it is continued. */
const suspending = (terminal: () => SuspendTerminal | null) => {
  const suspend = () =>
    void terminal()?.(async () => {
      const continued = new Promise(resolve => process.once('SIGCONT', resolve))
      process.off('SIGTSTP', suspend)
      process.kill(0, 'SIGTSTP')
      await continued
      process.on('SIGTSTP', suspend)
    })
  return suspend
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
  const suspend = suspending(() => terminal)
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
  process.on('SIGTSTP', suspend)
  process.stdout.on('error', () => process.exit(exit.fine))
  feed = begin(store)
  const clock = setInterval(() => store.dispatch({type: 'ticked', now: now()}), secondly)
  try {
    await instance.waitUntilExit()
    return exit.fine
  } finally {
    clearInterval(clock)
    process.off('SIGTSTP', suspend)
    feed.end()
  }
}
