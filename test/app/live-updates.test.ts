import {expect, test} from 'vitest'
import {statusLine, titleLine} from '../../src/app/header.ts'
import type {Presence} from '../../src/domain/live/connected-client.ts'
import {createLiveNow} from '../../src/domain/live/live-state.ts'
import {initialObserved, type Observed} from '../../src/domain/live/observed.ts'
import {at, refusal} from '../domain/event-builders.ts'
import {having, opened, type Session} from './app-driver.ts'

const app: Presence = {
  ...{clientId: 'openclaw-macos', host: 'Studio', mode: 'ui', version: '2026.9.6', platform: 'darwin', ip: null},
  ...{deviceId: null, instanceId: null, roles: [], reason: 'connect', onlineSince: at(50), at: at(50)},
}
const self: Presence = {...app, clientId: null, mode: 'gateway', reason: 'self'}

const observed = (more: Partial<Observed>, seconds: number) =>
  ({
    type: 'observed',
    observed: {...initialObserved(0), state: 'up', upSince: at(40), bootedAt: at(0), presence: [self, app], ...more},
    at: at(seconds),
  }) as const

const listening = (): Session => having(opened({live: createLiveNow(1), port: 18_789}), observed({}, 60))

const header = ({state}: Session): string => [...titleLine(state), ...statusLine(state, false)].map(({text}) => text).join('  ')

test('the header says who is in and since when the gateway runs, by its own word', () => {
  expect(header(listening())).toMatch(/gateway :18789 {2}up 1m {2}\? no log is read .* 1 connected/)
})

test('a gateway that is gone without a word is told in the header and on the timeline, and nobody is in', () => {
  const lastEnd = {how: 'cut', code: 1006, text: '', at: at(61)} as const
  const gone = observed({state: 'gone', upSince: null, presence: null, lastEnd, because: 'cut'}, 61)
  const session = having(listening(), gone, {type: 'ticked', now: at(63)})
  expect(header(session)).toMatch(/GONE 2s ago {2}● the gateway is gone: killed or crashed .* 0 /)
  expect(session.state.externalEvents.gatewayStatus).toMatchObject([
    {kind: 'trouble', text: 'exited without a shutdown message (killed or crashed)'},
  ])
})

test('a new token is told once, with the way to who is back', () => {
  const lastEnd = {how: 'token-changed', code: 4001, text: '', at: at(61)} as const
  const first = having(listening(), observed({state: 'not-yet', upSince: null, lastEnd}, 61))
  expect(first.state.notice?.text).toBe("The gateway's token was changed; b shows who is back")
  const later = having(first, {type: 'ticked', now: at(200)}, observed({lastEnd}, 200))
  expect(later.state.notice).toBeNull()
})

test('while the screen is held still, its rows are, and the gateway is not', () => {
  const stored = having(listening(), {type: 'pause-toggled'}, observed({state: 'frozen', presence: [self]}, 62))
  expect(stored.state.live?.connectedClients).toHaveLength(1)
  expect(header(stored)).toContain('FROZEN')
  expect(having(stored, {type: 'pause-toggled'}, {type: 'ticked', now: at(63)}).state.live?.connectedClients).toHaveLength(0)
})

test('what was wrong with the config at the start is told until its copies can be read', () => {
  const problem = {title: 'Cannot understand the config', from: 'gateway' as const}
  const enforced = {digest: null, fingerprint: null, by: 'unknown' as const, provenAt: null, because: null, acceptsAnything: null}
  const unreadable = {id: 'config-unreadable' as const, title: 'The config cannot be read', cure: '', matters: false}
  const broken = having(opened({problem}), {
    type: 'copies-read',
    read: {enforced, copies: [], tokenProblems: [unreadable], at: at(60)},
  })
  expect(broken.state.problem).toEqual(problem)
  expect(
    having(broken, {type: 'copies-read', read: {enforced, copies: [], tokenProblems: [], at: at(61)}}).state.problem,
  ).toBeNull()
})

test('the header is not green above a row of a client that is stuck, however long ago it was refused', () => {
  const browser = {client: {id: 'openclaw-control-ui', mode: 'webchat'}}
  const lines = [refusal(1, 0, browser)]
  const result = having(opened({live: createLiveNow(1)}), {type: 'lines-received', lines}, {type: 'ticked', now: at(3000)})
  expect(header(result)).toMatch(/● 1 client refused and not back/)
})
