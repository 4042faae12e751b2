import {createElement} from 'react'
import {type FleetEffect, type FleetMessage, openingFleet, updateFleet} from '../../app/fleet-screen.ts'
import {storeOf} from '../../app/store.ts'
import type {FleetCommands} from '../../gateway/fleet.ts'
import {type Fleet, fleetEnv, watchFleet} from '../../sources/fleet.ts'
import {openRemoteScreen} from '../../sources/ssh-line.ts'
import {FleetApp} from '../../tui/FleetApp.tsx'
import type {TerminalSession} from '../../tui/terminal/terminal-session.ts'
import {type ExitCode, exit} from '../command.ts'
import type {Args} from '../options.ts'
import {runOnTerminal} from '../screen/run-on-terminal.ts'
import type {FleetArgs} from './flags.ts'

const refused = 255
const {interrupted} = exit

/** Goes to the screen of that gateway, on its own machine where it is another one, and comes back. */
const visiting =
  ({lend}: TerminalSession, gateways: readonly FleetCommands[], notify: (text: string) => void) =>
  (host: string): void => {
    const member = gateways.find(({name}) => name === host)
    if (!member) return
    void lend(async () => {
      const code = await openRemoteScreen(member.screen, fleetEnv(member))
      if (member.kind !== 'host') {
        if (code !== 0 && code !== interrupted) notify(`The screen of ${host} ended with ${code ?? 'a signal'}`)
      } else if (code === null) notify('There is no ssh on this machine')
      else if (code === refused) notify(`ssh did not get to ${host}`)
      else if (code === 127) notify(`gatecrab is not installed on ${host}`)
    })
  }

/** Each gateway is watched by a gatecrab beside it. */
export const playFleet = (args: Args, {gateways}: FleetArgs): Promise<ExitCode> =>
  runOnTerminal(args, stage => {
    let fleet: Fleet | null = null
    const notify = (text: string) => store.dispatch({type: 'notified', text})
    const visitHost = visiting(stage, gateways, notify)
    const act = (effect: FleetEffect): void => {
      if (effect.type === 'quit') stage.leave()
      else if (effect.type === 'suspend') stage.suspend()
      else if (effect.type === 'redraw') stage.redraw()
      else if (effect.type === 'call') fleet?.callNow()
      else visitHost(effect.host)
    }
    const store = storeOf(
      openingFleet(
        gateways.map(({name}) => name),
        Date.now(),
      ),
      updateFleet,
      act,
    )
    store.dispatch({type: 'resized', columns: process.stdout.columns, rows: process.stdout.rows})
    return {
      element: (theme, onReady) => createElement(FleetApp, {store, theme, onReady}),
      begun: () => {
        stage.setMouse(args.flag('mouse'))
        fleet = watchFleet({
          gateways,
          onEvent: fleetEvent => store.dispatchSoon({type: 'tiding-came', fleetEvent: fleetEvent}),
        })
      },
      ticked: () => store.dispatch({type: 'ticked', now: Date.now()} satisfies FleetMessage),
      notify: notify,
      end: () => fleet?.close(),
    }
  })
