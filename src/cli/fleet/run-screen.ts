import {createElement} from 'react'
import {type FleetEffect, type FleetMessage, openingFleet, updateFleet} from '../../app/fleet-screen.ts'
import {storeOf} from '../../app/store.ts'
import {screenArguments} from '../../gateway/ssh-output.ts'
import {type Fleet, watchFleet} from '../../sources/fleet.ts'
import {openRemoteScreen} from '../../sources/ssh-line.ts'
import {FleetApp} from '../../tui/FleetApp.tsx'
import type {TerminalSession} from '../../tui/terminal/terminal-session.ts'
import type {ExitCode} from '../command.ts'
import type {Args} from '../options.ts'
import {runOnTerminal} from '../screen/run-on-terminal.ts'
import type {FleetArgs} from './flags.ts'

const refused = 255

/** Goes to the screen of that gateway, on its own machine, and comes back. */
const visiting =
  ({lend}: TerminalSession, gatecrab: string, notify: (text: string) => void) =>
  (host: string): void => {
    void lend(async () => {
      const code = await openRemoteScreen(screenArguments(host, gatecrab))
      if (code === null) notify('There is no ssh on this machine')
      else if (code === refused) notify(`ssh did not get to ${host}`)
      else if (code === 127) notify(`gatecrab is not installed on ${host}`)
    })
  }

/** Each gateway is watched by the gatecrab on its own host. */
export const playFleet = (args: Args, {hosts, gatecrab}: FleetArgs): Promise<ExitCode> =>
  runOnTerminal(args, stage => {
    let fleet: Fleet | null = null
    const notify = (text: string) => store.dispatch({type: 'notified', text})
    const visitHost = visiting(stage, gatecrab, notify)
    const act = (effect: FleetEffect): void => {
      if (effect.type === 'quit') stage.leave()
      else if (effect.type === 'suspend') stage.suspend()
      else if (effect.type === 'redraw') stage.redraw()
      else if (effect.type === 'call') fleet?.callNow()
      else visitHost(effect.host)
    }
    const store = storeOf(openingFleet(hosts, Date.now()), updateFleet, act)
    store.dispatch({type: 'resized', columns: process.stdout.columns, rows: process.stdout.rows})
    return {
      element: (theme, onReady) => createElement(FleetApp, {store, theme, onReady}),
      begun: () => {
        fleet = watchFleet({
          hosts,
          gatecrab,
          onEvent: fleetEvent => store.dispatchSoon({type: 'tiding-came', fleetEvent: fleetEvent}),
        })
      },
      ticked: () => store.dispatch({type: 'ticked', now: Date.now()} satisfies FleetMessage),
      notify: notify,
      end: () => fleet?.close(),
    }
  })
