import {createElement} from 'react'
import {describe, expect, test} from 'vitest'
import {type FleetMessage, type FleetState, fleetKeys, openingFleet, pressFleet, updateFleet} from '../../src/app/fleet-screen.ts'
import {storeOf} from '../../src/app/store.ts'
import type {RemoteStatus} from '../../src/domain/fleet.ts'
import {sshFailure} from '../../src/gateway/ssh-output.ts'
import {FleetApp} from '../../src/tui/FleetApp.tsx'
import {themeFor} from '../../src/tui/parts/paint.ts'
import {frameOn} from './emulated.tsx'

const now = Date.parse('2026-11-21T12:41:07Z')

const word = (more: Partial<RemoteStatus> = {}): RemoteStatus => ({
  verdict: 'ok',
  gatecrab: '0.1.0',
  release: '2026.9.6',
  reach: 'up',
  refused: 0,
  in: 4,
  nextEndMs: 40 * 3_600_000,
  problems: [],
  ...more,
})

const outputOf = (host: string, at: number, more: Partial<RemoteStatus> = {}): FleetMessage => ({
  type: 'tiding-came',
  fleetEvent: {kind: 'said', host, status: word(more), event: 'changed', at},
})

const lost = (host: string, stderr: string, code = 255): FleetMessage => {
  const {lasting: _, ...problem} = sshFailure(host, {code, stderr, problem: null})
  return {type: 'tiding-came', fleetEvent: {kind: 'lost', host, problem, retryAt: now + 90_000, at: now - 5000}}
}

const having = (state: FleetState, ...messages: FleetMessage[]): FleetState =>
  messages.reduce((so, message) => updateFleet(so, message)[0], state)

const turnedAway = {
  id: 'token-mismatch',
  layer: 'gateway',
  harm: 'broken',
  title: 'A client uses an old or wrong token',
  because: 'The client sent a gateway token, but not the one this gateway accepts. Seen: control-ui from 100.64.0.7.',
  tryThis: 'Give it the current token.',
  count: 212,
}

const hosts = ['mini', 'ops@studio.local', 'attic', 'office', 'ssh://ops@[2001:db8::7]:2222', 'new']

const fleet = having(
  openingFleet(hosts, now),
  {type: 'ticked', now},
  outputOf('mini', now - 2000),
  outputOf('ops@studio.local', now - 9000, {verdict: 'broken', refused: 3, in: 12, problems: [turnedAway]}),
  outputOf('office', now - 3000, {verdict: 'soon', nextEndMs: 11 * 3_600_000}),
  outputOf('attic', now - 3_600_000, {nextEndMs: null}),
  lost('attic', 'ssh: connect to host attic port 22: No route to host'),
  outputOf('ssh://ops@[2001:db8::7]:2222', now - 120_000),
)

const frame = ({isAscii = false, colour = true}, state: FleetState, columns = 80, rows = 24): Promise<string> => {
  const sized = having(state, {type: 'resized', columns, rows})
  const store = storeOf(sized, updateFleet, () => {})
  return frameOn(sized.size, createElement(FleetApp, {store, theme: themeFor({colour, isAscii}), onReady: () => {}}))
}

const stays = async (name: string, shown: Promise<string>) => expect(await shown).toMatchFileSnapshot(`frames/fleet-${name}.txt`)

describe('the screen on several gateways', () => {
  test('at 80 x 24 and 200 x 60, the worst first', async () => {
    await stays('80x24', frame({}, fleet))
    await stays('200x60', frame({}, fleet, 200, 60))
  })

  test('on a gateway that cannot be heard: why, and what is known of before', async () => {
    await stays('lost', frame({}, having(fleet, {type: 'moved', by: 1})))
  })

  test('in ASCII and without colours', async () => {
    const shown = await frame({isAscii: true, colour: false}, fleet)
    expect(shown).toMatch(/^[\n -~]*$/)
    await stays('ascii', Promise.resolve(shown))
  })

  test('its help, the least screen, and more gateways than rows', async () => {
    await stays('help', frame({}, having(fleet, {type: 'help-toggled'})))
    await stays('least', frame({}, fleet, 40, 10))
    const many = Array.from({length: 80}, (_, i) => `gw${i}`)
    await stays(
      'many',
      frame({}, having(openingFleet(many, now), ...many.map(host => outputOf(host, now)), {type: 'moved', by: 50})),
    )
  })

  test('no line is wider than the screen, no frame taller', async () => {
    for (const [columns, rows] of [
      [80, 24],
      [40, 10],
      [61, 13],
      [132, 43],
    ] as const) {
      const lines = (await frame({}, fleet, columns, rows)).split('\n')
      expect(lines.length).toBe(rows + 1)
      expect(lines[rows - 1]).toMatch(/q quit/)
    }
  })
})

describe('keys', () => {
  const pressed = (state: FleetState, ...keys: string[]) =>
    keys.reduce<{state: FleetState; effects: unknown[]}>(
      (so, key) => {
        const message = pressFleet(so.state, key)
        const [next, ...effects] = message ? updateFleet(so.state, message) : [so.state]
        return {state: next, effects: [...so.effects, ...effects]}
      },
      {state, effects: []},
    )

  test('enter visits the row one is on, which stays though the order changes', () => {
    expect(pressed(fleet, 'enter').effects).toEqual([{type: 'visit', host: 'ops@studio.local'}])
    const onLast = pressed(fleet, 'G').state
    expect(pressed(onLast, 'enter').effects).toEqual([{type: 'visit', host: 'mini'}])
    const worse = having(onLast, outputOf('mini', now, {verdict: 'broken', problems: [turnedAway]}))
    expect(pressed(worse, 'enter').effects).toEqual([{type: 'visit', host: 'mini'}])
  })

  test('no key stands twice, and the ends are ends', () => {
    const keys = fleetKeys.flatMap(row => row.keys)
    expect(new Set(keys).size).toBe(keys.length)
    expect(pressed(fleet, 'k', 'k', 'enter').effects).toEqual([{type: 'visit', host: 'ops@studio.local'}])
    expect(pressed(fleet, 'G', 'j', 'pagedown', 'enter').effects).toEqual([{type: 'visit', host: 'mini'}])
  })

  test('q leaves the help first, then the screen', () => {
    expect(pressed(fleet, '?', 'q').effects).toEqual([])
    expect(pressed(fleet, '?', 'q', 'q').effects).toEqual([{type: 'quit'}])
  })
})
