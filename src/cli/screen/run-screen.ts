import {createElement} from 'react'
import {type Effect, runEffect, type TerminalHandlers} from '../../app/effect.ts'
import type {Begin, CopyText, Feed} from '../../app/feed.ts'
import {isTickDue} from '../../app/idle.ts'
import {type Opening, openingState, type State} from '../../app/state.ts'
import {createStore} from '../../app/store.ts'
import {withSavedFilters} from '../../app/typing.ts'
import {isWatching} from '../../domain/alerts/transitions.ts'
import {type Failure, isFailure} from '../../domain/failure.ts'
import type {Settings} from '../../settings/read.ts'
import {handToClipboard} from '../../sources/clipboard.ts'
import {type StatePlaces, statePlaces} from '../../sources/plans/journals-folder.ts'
import {readSavedFilters, writeSavedFilter} from '../../sources/saved-filters.ts'
import {readHostEnv} from '../../sources/service/host-env.ts'
import {App} from '../../tui/App.tsx'
import {clipboardText, createAlerter, writeClipboardSequence} from '../../tui/terminal/terminal.ts'
import type {ExitCode} from '../command.ts'
import {createOnChange, watchingText} from '../on-change/command.ts'
import {changeJson} from '../on-change/document.ts'
import {alertWayOf, onChangeOf} from '../on-change/flags.ts'
import type {Args} from '../options.ts'
import {runOnTerminal} from './run-on-terminal.ts'

const mistakeMs = 30_000

/**
 * The names of filters are there from the start, those of the config file before those that were saved here. What is wrong with the
 * file is said for a while, and by `gatecrab config` for as long as it is so.
 */
const withOwnSettings = (state: State, {values: {filters = {}}, mistakes}: Settings, places: StatePlaces): State => {
  const saved = readSavedFilters(places)
  const [first] = isFailure(saved) ? [...mistakes, saved] : mistakes
  const kept = isFailure(saved) ? {} : saved.filters
  const next = withSavedFilters(state, [...Object.entries(kept), ...Object.entries(filters)])
  return state.problem || first === undefined ? next : {...next, problem: first, problemUntil: state.now + mistakeMs}
}

const copy: CopyText = (text, isSecret = false) =>
  handToClipboard(clipboardText(text), {
    ...{env: process.env, platform: process.platform, isSecret},
    writeSequence: writeClipboardSequence,
  })

export const startScreen = (args: Args, opening: Opening, begin: Begin): Promise<ExitCode> =>
  runOnTerminal(args, session => {
    let feed: Feed | null = null
    const places = statePlaces(readHostEnv())
    const {alert, silence: restoreTitle} = createAlerter(alertWayOf(args))
    const command = onChangeOf(args, opening.kind === 'live')
    const onFailure = (problem: Failure): void => store.dispatch({type: 'failed', problem})
    const onChange = command === null ? null : createOnChange({command, onFailure})
    const terminal: TerminalHandlers = {
      quit: session.leave,
      suspend: session.suspend,
      redraw: session.redraw,
      'set-mouse': ({isOn}) => session.setMouse(isOn),
      alert: ({transition}) => {
        alert(transition.text)
        onChange?.run(changeJson(transition, store.state()))
      },
      copy: ({text}) => void copy(text),
      'keep-filter': ({name, text}) => {
        const problem = writeSavedFilter(places, name, text)
        if (problem) onFailure(problem)
      },
    }
    const act = (effect: Effect): void => runEffect({...feed?.handlers, ...terminal}, effect)
    const clock = (): number => (feed?.now ?? Date.now)()
    let isSaid = onChange === null
    const sayWatching = (): void => {
      const {alerts, now} = store.state()
      if (isSaid || !isWatching(alerts, now)) return
      isSaid = true
      store.dispatch({type: 'notified', text: watchingText})
    }
    const store = createStore(withOwnSettings(openingState(opening), args.settings, places), act, clock)
    store.dispatch({type: 'resized', columns: process.stdout.columns, rows: process.stdout.rows})
    return {
      element: (theme, onReady) => createElement(App, {store, theme, onReady}),
      begun: () => {
        feed = begin(store, {lend: session.lend, copy})
        if (args.flag('mouse')) store.dispatch({type: 'mouse-set', isOn: true})
      },
      ticked: () => {
        const now = clock()
        if (isTickDue(store.state(), now)) store.dispatch({type: 'ticked', now})
        sayWatching()
      },
      notify: text => store.dispatch({type: 'notified', text}),
      end: () => {
        restoreTitle()
        feed?.end()
        void onChange?.end()
      },
    }
  })
