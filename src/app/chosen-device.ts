import type {DeviceAction} from '../domain/devices/change.ts'
import {activeTokens} from '../domain/devices/device.ts'
import {type DeviceItem, deviceKey, deviceReport, requestKey} from './devices-read.ts'
import type {Message} from './message.ts'
import {chosenIndex, viewPanel} from './panel-view.ts'
import {devices} from './panels/devices.ts'
import {type State, withNotice} from './state.ts'

const ofRequest: readonly DeviceAction[] = ['approve', 'reject']

const chosenItem = (state: State): DeviceItem | null => {
  if (state.panel !== 'devices') return null
  const found = devices.view(state, false)
  return found.items[chosenIndex(found, state.places.devices)] ?? null
}

/** The request that the refusal on this row is about. */
const refusedRequest = (state: State): string | null => {
  if (state.panel === 'devices') return null
  const found = viewPanel(state, false)
  return found.selectionAt(chosenIndex(found, state.places[state.panel]))?.requestId() ?? null
}

const whyNoRequest = (item: DeviceItem | null): string | null => {
  if (item === null) return 'There is no device on this row'
  if (item.is === 'device') return 'That is about a request that waits, and this device is paired'
  return item.request.state === 'expired' ? 'This request has ended: the next attempt of the device makes a new one' : null
}

const whyNoDevice = (item: DeviceItem | null, action: DeviceAction, role: string): string | null => {
  if (item === null) return 'There is no device on this row'
  if (item.is === 'request') return 'That is about a paired device, and this one waits: X rejects it'
  const roles = activeTokens(item.device).map(one => one.role)
  if (action === 'remove') return null
  if (roles.length === 0) return 'It has no token that works: D removes the device itself'
  if (role !== '') return roles.includes(role) ? null : `It has no token as ${role}, but as ${roles.join(', ')}`
  return roles.length === 1 ? null : `It has several roles (${roles.join(', ')}): :${action} ROLE names one`
}

/** Why this cannot be done to the row of the cursor now. */
export const deviceUnless =
  (action: DeviceAction) =>
  (state: State, word = ''): string | null => {
    if (state.kind === 'replay') return 'A replay is of the past: there is nothing to change'
    if (state.devices === null) return 'No devices have been read here: gatecrab does not know of one to change'
    if (action === 'approve' && refusedRequest(state) !== null) return null
    if (state.panel !== 'devices') return 'That is about a device: 7 shows them'
    const item = chosenItem(state)
    return ofRequest.includes(action) ? whyNoRequest(item) : whyNoDevice(item, action, word.trim())
  }

/** On a refusal for pairing it leads to the request; on the request itself it opens the plan. */
export const deviceChangeOf =
  (action: DeviceAction) =>
  (state: State, word = ''): Message => {
    const refused = action === 'approve' ? refusedRequest(state) : null
    if (refused !== null) return {type: 'request-shown', requestId: refused}
    const item = chosenItem(state)
    if (item === null) return {type: 'notified', text: 'There is no device on this row'}
    const id = item.is === 'request' ? item.request.requestId : item.device.deviceId
    return {type: 'device-asked', request: {action, id, role: word.trim() || null}}
  }

/** The Devices panel, with the cursor on this request, on the one that has replaced it, or on its device. */
export const requestShown = (state: State, requestId: string): State => {
  const {requests} = deviceReport(state)
  const found = requests.find(one => one.requestId === requestId) ?? requests.find(one => one.supersedes.includes(requestId))
  const attempt = state.world.recent.findLast(one => one.requestId === requestId)
  const key = found ? requestKey(found.requestId) : attempt?.deviceId ? deviceKey(attempt.deviceId) : null
  const shown: State = {
    ...state,
    panel: 'devices',
    evidence: null,
    overlay: null,
    places: {...state.places, devices: {key, index: Infinity, offset: 0}},
  }
  if (found?.requestId === requestId) return shown
  return withNotice(
    shown,
    found
      ? `Request ${requestId} was replaced by this one`
      : `Request ${requestId} no longer waits: it was answered, or has ended`,
  )
}
