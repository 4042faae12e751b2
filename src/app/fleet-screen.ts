import {applyFleetEvent, createRemoteGateway, type FleetEvent, type RemoteGateway, worstFirst} from '../domain/fleet.ts'

/** The screen on several gateways, each on a machine of its own. */
export type FleetState = {
  fleet: readonly RemoteGateway[]
  now: number
  size: {columns: number; rows: number}
  /** The host of the row one is on; null: the first. */
  chosen: string | null
  help: boolean
  notice: string | null
}

export type FleetMessage =
  | {type: 'tiding-came'; fleetEvent: FleetEvent}
  | {type: 'ticked'; now: number}
  | {type: 'resized'; columns: number; rows: number}
  | {type: 'moved'; by: number}
  | {type: 'moved-to'; end: 'first' | 'last'}
  | {type: 'entered'}
  | {type: 'call-asked'}
  | {type: 'help-toggled'}
  | {type: 'notified'; text: string | null}
  | {type: 'suspend-asked'}
  | {type: 'redraw-asked'}
  | {type: 'quit'}

export type FleetEffect = {type: 'quit'} | {type: 'suspend'} | {type: 'redraw'} | {type: 'visit'; host: string} | {type: 'call'}

export const openingFleet = (hosts: readonly string[], now: number): FleetState => ({
  fleet: hosts.map(createRemoteGateway),
  now,
  size: {columns: 80, rows: 24},
  chosen: null,
  help: false,
  notice: null,
})

export const shownFleet = ({fleet, now}: FleetState): RemoteGateway[] => worstFirst(fleet, now)

export const chosenRow = (state: FleetState): number =>
  Math.max(
    0,
    shownFleet(state).findIndex(({host}) => host === state.chosen),
  )

const movedTo = (state: FleetState, index: number): FleetState => {
  const shown = shownFleet(state)
  const at = Math.max(0, Math.min(index, shown.length - 1))
  return {...state, chosen: shown[at]?.host ?? null}
}

export const updateFleet = (state: FleetState, message: FleetMessage): readonly [FleetState, ...FleetEffect[]] => {
  switch (message.type) {
    case 'tiding-came': {
      const {fleetEvent} = message
      const fleet = state.fleet.map(one => (one.host === fleetEvent.host ? applyFleetEvent(one, fleetEvent) : one))
      return [{...state, fleet, now: Math.max(state.now, fleetEvent.at)}]
    }
    case 'ticked':
      return [{...state, now: message.now}]
    case 'resized':
      return [{...state, size: {columns: message.columns, rows: message.rows}}]
    case 'moved':
      return [movedTo(state, chosenRow(state) + message.by)]
    case 'moved-to':
      return [movedTo(state, message.end === 'first' ? 0 : Infinity)]
    case 'entered': {
      const host = shownFleet(state)[chosenRow(state)]?.host
      return host === undefined
        ? [state]
        : [
            {...state, chosen: host},
            {type: 'visit', host},
          ]
    }
    case 'call-asked':
      return [{...state, notice: 'Those that are out of reach are called now'}, {type: 'call'}]
    case 'help-toggled':
      return [{...state, help: !state.help}]
    case 'notified':
      return [{...state, notice: message.text}]
    case 'suspend-asked':
      return [state, {type: 'suspend'}]
    case 'redraw-asked':
      return [state, {type: 'redraw'}]
    case 'quit':
      return [state, {type: 'quit'}]
  }
}

type FleetKey = {keys: readonly string[]; about: string; hint?: string; message: FleetMessage}

export const fleetKeys: readonly FleetKey[] = [
  {keys: ['j', 'down'], about: 'down', message: {type: 'moved', by: 1}},
  {keys: ['k', 'up'], about: 'up', message: {type: 'moved', by: -1}},
  {keys: ['g', 'home'], about: 'first row', message: {type: 'moved-to', end: 'first'}},
  {keys: ['G', 'end'], about: 'last row', message: {type: 'moved-to', end: 'last'}},
  {keys: ['ctrl+d', 'pagedown'], about: 'ten rows down', message: {type: 'moved', by: 10}},
  {keys: ['ctrl+u', 'pageup'], about: 'ten rows up', message: {type: 'moved', by: -10}},
  {
    keys: ['enter'],
    about: 'the screen of that gateway, there; q comes back',
    hint: 'enter its own screen',
    message: {type: 'entered'},
  },
  {keys: ['c'], about: 'call those that are out of reach now', hint: 'c call again', message: {type: 'call-asked'}},
  {keys: ['?'], about: 'this help', hint: '? help', message: {type: 'help-toggled'}},
  {keys: ['ctrl+l'], about: 'draw the screen again', message: {type: 'redraw-asked'}},
  {keys: ['ctrl+z'], about: 'suspend (fg to return)', message: {type: 'suspend-asked'}},
  {keys: ['q', 'ctrl+c'], about: 'quit', hint: 'q quit', message: {type: 'quit'}},
]

/** In the help, esc and q go back instead. */
export const pressFleet = (state: FleetState, key: string): FleetMessage | null => {
  if (state.help && (key === 'esc' || key === 'q')) return {type: 'help-toggled'}
  return fleetKeys.find(({keys}) => keys.includes(key))?.message ?? null
}
