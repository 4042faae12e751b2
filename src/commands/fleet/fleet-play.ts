import {createElement} from 'react'
import {type FleetEffect, type FleetMessage, openingFleet, updateFleet} from '../../app/fleet-screen.ts'
import {storeOf} from '../../app/store.ts'
import {visitArguments} from '../../gateway/ssh-said.ts'
import {type Fleet, watchFleet} from '../../sources/fleet.ts'
import {visit} from '../../sources/ssh-line.ts'
import {FleetApp} from '../../ui/FleetApp.tsx'
import type {ExitCode} from '../command.ts'
import type {Given} from '../flags.ts'
import {onStage, type Stage} from '../screen/stage.ts'
import type {FleetGiven} from './fleet-flags.ts'

const refused = 255

/** Goes to the screen of that gateway, on its own machine, and comes back. */
const visiting =
  ({lend}: Stage, gatecrab: string, told: (text: string) => void) =>
  (host: string): void => {
    void lend(async () => {
      const code = await visit(visitArguments(host, gatecrab))
      if (code === null) told('There is no ssh on this machine')
      else if (code === refused) told(`ssh did not get to ${host}`)
      else if (code === 127) told(`gatecrab is not installed on ${host}`)
    })
  }

/** Each gateway is watched by the gatecrab beside it. */
export const playFleet = (given: Given, {hosts, gatecrab}: FleetGiven): Promise<ExitCode> =>
  onStage(given, stage => {
    let fleet: Fleet | null = null
    const told = (text: string) => store.dispatch({type: 'told', text})
    const visitHost = visiting(stage, gatecrab, told)
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
        fleet = watchFleet({hosts, gatecrab, onTiding: tiding => store.dispatchSoon({type: 'tiding-came', tiding})})
      },
      ticked: () => store.dispatch({type: 'ticked', now: Date.now()} satisfies FleetMessage),
      told,
      end: () => fleet?.close(),
    }
  })
