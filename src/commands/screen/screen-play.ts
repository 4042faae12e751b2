import {createElement} from 'react'
import type {Effect} from '../../app/effect.ts'
import {isTickDue} from '../../app/quiet.ts'
import {type Opening, openingState} from '../../app/state.ts'
import {createStore} from '../../app/store.ts'
import {App} from '../../ui/App.tsx'
import type {ExitCode} from '../command.ts'
import type {Given} from '../flags.ts'
import {ringer} from './alert.ts'
import type {Begin, Feed} from './screen.ts'
import {onStage} from './stage.ts'
import {toClipboard} from './terminal.ts'

export const playScreen = (given: Given, opening: Opening, begin: Begin): Promise<ExitCode> =>
  onStage(given, stage => {
    let feed: Feed | null = null
    const {ring, silence} = ringer(given)
    const act = (effect: Effect): void => {
      if (effect.type === 'quit') stage.leave()
      else if (effect.type === 'suspend') stage.suspend()
      else if (effect.type === 'redraw') stage.redraw()
      else if (effect.type === 'alert') ring(effect.text)
      else if (effect.type === 'copy') process.stdout.write(toClipboard(effect.text))
      else feed?.effects(effect)
    }
    const clock = (): number => (feed?.now ?? Date.now)()
    const store = createStore(openingState(opening), act, clock)
    store.dispatch({type: 'resized', columns: process.stdout.columns, rows: process.stdout.rows})
    return {
      element: (theme, onReady) => createElement(App, {store, theme, onReady}),
      begun: () => {
        feed = begin(store, stage.lend)
      },
      ticked: () => {
        const now = clock()
        if (isTickDue(store.state(), now)) store.dispatch({type: 'ticked', now})
      },
      told: text => store.dispatch({type: 'told', text}),
      end: () => {
        silence()
        feed?.end()
      },
    }
  })
