import {describe, expect, test} from 'vitest'
import type {Message} from '../../src/app/message.ts'
import {panelIds} from '../../src/app/panels/panels.ts'
import type {State} from '../../src/app/state.ts'
import {device, request, token} from '../domain/device-builders.ts'
import {frameOf} from './emulated.tsx'
import {at, having, read} from './screen-state.ts'

const sizes = [
  [80, 24],
  [200, 60],
] as const

/** While the gateway still runs. */
const refusing = read('default-level', {until: 'admission closed'})
const rotated = read('token-rotation', {until: 'admission closed'})

const day = 86_400_000

const withDevices = (state: State): State => {
  const {now} = state
  const kate = {clientId: 'openclaw-ios', mode: 'ui', platform: 'ios', name: "Kate's phone", deviceId: 'ab'.repeat(32)}
  const cli = {clientId: 'cli', mode: 'cli', platform: 'darwin', name: 'studio', address: '192.168.1.20'}
  const aged = (id: string, seenAt: number) =>
    device({
      ...cli,
      deviceId: id.repeat(32),
      lastSeenAt: seenAt,
      approvedAt: seenAt,
      pairedAt: seenAt,
      tokens: [{...token, createdAt: seenAt}],
    })
  const store = {
    pending: [
      request({
        ...kate,
        requestId: 'ce59c729-3601-471a-b2a1-d13029c852cb',
        scopes: ['operator.read', 'operator.admin'],
        isRepair: true,
        requestedAt: now - 130_000,
      }),
    ],
    paired: [
      device({...kate, lastSeenAt: now - 7_200_000, approvedAt: now - 3 * day, tokens: [{...token, createdAt: now - 3 * day}]}),
      aged('cd', now - 600_000),
      aged('ef', now - 5 * day),
      device({...cli, name: 'old tablet', deviceId: '12'.repeat(32), lastSeenAt: now - 90 * day, approvedAt: now - 90 * day}),
    ],
  }
  return having(state, {type: 'devices-read', read: {store, problem: null, at: now}})
}

const stays = async (name: string, state: State, options = {}) =>
  expect(await frameOf(state, options)).toMatchFileSnapshot(`frames/${name}.txt`)

describe.each(sizes)('at %i x %i', (columns, rows) => {
  const on = (state: State) => at(state, columns, rows)
  const name = (what: string) => `${what}-${columns}x${rows}`

  test.each(panelIds)('%s', async panel => {
    await stays(name(panel), having(on(refusing), {type: 'panel-chosen', panel}))
  })

  test('the clients and the timeline after the token was changed', async () => {
    await stays(name('rotated-clients'), on(rotated))
    await stays(name('rotated-timeline'), having(on(rotated), {type: 'panel-chosen', panel: 'timeline'}))
  })

  test('a gateway that has stopped', async () => {
    await stays(name('stopped'), on(read('default-level')))
  })

  test('the lines behind a client', async () => {
    await stays(name('evidence'), having(on(refusing), {type: 'moved', by: 2}, {type: 'evidence-asked'}))
  })

  test('the devices: one that waits for more than it has, a duplicate, one that nobody has seen for months', async () => {
    await stays(name('devices-waiting'), having(on(withDevices(refusing)), {type: 'panel-chosen', panel: 'devices'}))
    await stays(
      name('devices-paired'),
      having(on(withDevices(refusing)), {type: 'panel-chosen', panel: 'devices'}, {type: 'moved', by: 3}),
    )
  })

  test('a filter, and one that nothing matches', async () => {
    const filtered = (text: string): Message[] => [{type: 'prompt-opened', kind: 'filter', text}, {type: 'prompt-entered'}]
    await stays(name('filtered'), having(on(refusing), ...filtered('reason:token')))
    await stays(name('filtered-out'), having(on(refusing), ...filtered('no-such-thing')))
  })

  test('prompts, help and explanations', async () => {
    await stays(name('palette'), having(on(refusing), {type: 'prompt-opened', kind: 'command', text: ''}))
    await stays(name('help'), having(on(refusing), {type: 'overlay-opened', overlay: {kind: 'help', top: 0}}))
    await stays(name('explain'), having(on(refusing), {type: 'overlay-opened', overlay: {kind: 'explain', word: '1008', top: 0}}))
  })
})

test('the least screen, one that is too small, ASCII, held still', async () => {
  await stays('least', at(refusing, 40, 10))
  await stays('too-small', at(refusing, 30, 8))
  await stays('ascii', at(refusing, 80, 24), {isAscii: true, colour: false})
  await stays('paused', having(at(refusing, 80, 24), {type: 'pause-toggled'}))
})

test('clients of yesterday', async () => {
  await stays('yesterday', at(read('default-level', {until: 'admission closed', laterMs: 86_400_000}), 80, 24))
})

test('nothing read yet, and a log that may not be read', async () => {
  const empty = read('default-level', {until: '{'})
  await stays('empty', at({...empty, now: Date.UTC(2026, 10, 21, 3)}, 80, 24))
  const unreadable = {
    name: '/var/log/openclaw/gateway.jsonl',
    state: 'unreadable',
    because: "this user may not read it; run gatecrab as the gateway's user",
    lastLineAt: null,
  } as const
  await stays('unreadable', having(at(empty, 80, 24), {type: 'sources-changed', sources: [unreadable]}))
})
