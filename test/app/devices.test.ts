import {describe, expect, test} from 'vitest'
import {press} from '../../src/app/press.ts'
import {fixOf} from '../../src/app/problem-list.ts'
import type {State} from '../../src/app/state.ts'
import {update} from '../../src/app/update.ts'
import {device, request, token} from '../domain/device-builders.ts'
import {having, read} from '../tui/screen-state.ts'

const story = read('pairing')
const refusal = story.world.recent.findLast(({requestId, reason}) => requestId !== null && reason === 'pairing-required')!
const requestId = refusal.requestId!
const deviceId = refusal.deviceId!

type Stored = {pending?: ReturnType<typeof request>[]; paired?: ReturnType<typeof device>[]}

const withStore = (state: State, {pending = [], paired = []}: Stored): State =>
  having(state, {type: 'devices-read', read: {store: {pending, paired}, problem: null, at: state.now}})

const waiting = () => request({requestId, deviceId, requestedAt: story.now - 60_000})

const onRefusal = (state: State): State =>
  having(
    {...state, places: {...state.places, attempts: {key: refusal.id, index: 0, offset: 0}}},
    {type: 'panel-chosen', panel: 'attempts'},
  )

const onDevices = (state: State, key: string): State => ({
  ...state,
  panel: 'devices',
  places: {...state.places, devices: {key, index: 0, offset: 0}},
})

const wordOf = (state: State, key: string): string => {
  const message = press(state, key)
  return message.type === 'notified' ? message.text : message.type
}

describe('a refusal for pairing', () => {
  test('leads to its request by a key, and the advice names the whole id', () => {
    const state = onRefusal(withStore(story, {pending: [waiting()]}))
    expect(press(state, 'a')).toEqual({type: 'request-shown', requestId})
    const shown = having(state, press(state, 'a'))
    expect([shown.panel, shown.places.devices.key, shown.notice]).toEqual(['devices', `request ${requestId}`, null])
  })

  test('whose request was replaced leads to the one that took its place, and says so', () => {
    const state = onRefusal(withStore(story, {pending: [request({requestId: 'newer', deviceId, requestedAt: story.now})]}))
    const shown = having(state, press(state, 'a'))
    expect(shown.places.devices.key).toBe('request newer')
    expect(shown.notice?.text).toContain('was replaced by this one')
  })

  test('whose request was answered leads to its device', () => {
    const shown = having(onRefusal(withStore(story, {paired: [device({deviceId})]})), {type: 'request-shown', requestId})
    expect(shown.places.devices.key).toBe(`device ${deviceId}`)
    expect(shown.notice?.text).toContain('no longer waits')
  })
})

describe('a key on a device', () => {
  test('opens the plan for the row that the cursor is on', () => {
    const state = onDevices(withStore(story, {pending: [waiting()], paired: [device()]}), `request ${requestId}`)
    expect(press(state, 'a')).toEqual({type: 'device-asked', request: {action: 'approve', id: requestId, role: null}})
    expect(press(state, 'X')).toEqual({type: 'device-asked', request: {action: 'reject', id: requestId, role: null}})
    const [next, effect] = update(state, press(state, 'X'))
    expect(next.plan).toMatchObject({fix: 'reject-device', phase: 'making'})
    expect(effect).toEqual({type: 'make-device-plan', request: {action: 'reject', id: requestId, role: null}})
    const paired = onDevices(state, 'device phone-1111')
    for (const [key, action] of [
      ['V', 'revoke'],
      ['T', 'rotate'],
      ['D', 'remove'],
    ] as const)
      expect(press(paired, key)).toEqual({type: 'device-asked', request: {action, id: 'phone-1111', role: null}})
  })

  test('says why it does nothing', () => {
    const store = {
      pending: [waiting()],
      paired: [
        device(),
        device({deviceId: 'two', tokens: [token, {...token, role: 'node'}]}),
        device({deviceId: 'none', tokens: []}),
      ],
    }
    const state = withStore(story, store)
    expect(wordOf(story, 'D')).toContain('No devices have been read')
    expect(wordOf(state, 'D')).toBe('That is about a device: 7 shows them')
    expect(wordOf(onDevices(state, `request ${requestId}`), 'D')).toContain('this one waits')
    expect(wordOf(onDevices(state, 'device phone-1111'), 'a')).toContain('this device is paired')
    expect(wordOf(onDevices(state, 'device two'), 'V')).toContain(':revoke ROLE')
    expect(wordOf(onDevices(state, 'device none'), 'V')).toContain('no token that works')
    const ended = withStore(story, {pending: [request({requestId, requestedAt: story.now - 360_000})]})
    expect(wordOf(onDevices(ended, `request ${requestId}`), 'a')).toContain('has ended')
  })
})

describe('among the problems', () => {
  const asked = (state: State) => having(state, {type: 'overlay-opened', overlay: {kind: 'problems', chosen: null, top: 0}})

  test('a device that waits is one, with a key that leads to the devices', () => {
    const state = asked(withStore(story, {pending: [waiting()]}))
    const found = state.assessment.problems.find(({id}) => id === 'device-pending')
    expect(found).toMatchObject({harm: 'soon', count: 1, since: story.now - 60_000})
    expect(found?.tryThis).toContain(`gatecrab devices approve ${requestId.slice(0, 8)}`)
    expect(fixOf(found!, state)).toEqual({key: 'a', does: 'devices'})
  })

  test('a request that has ended is none', () => {
    const state = withStore(story, {pending: [request({requestId, requestedAt: story.now - 360_000})]})
    expect(state.assessment.problems.map(({id}) => id)).not.toContain('device-pending')
  })

  test('a refusal for pairing leads there too, and its advice names the request', () => {
    const found = story.assessment.problems.find(({id}) => id === 'not-paired')
    expect(found && fixOf(found, story)).toEqual({key: 'a', does: 'devices'})
  })
})
