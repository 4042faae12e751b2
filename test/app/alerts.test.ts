import {describe, expect, test} from 'vitest'
import {createLiveNow} from '../../src/domain/live/live-state.ts'
import {initialObserved} from '../../src/domain/live/observed.ts'
import {at, refusal} from '../domain/event-builders.ts'
import {having, opened, readLines, type Session} from './app-driver.ts'

const tick = (seconds: number) => ({type: 'ticked', now: at(seconds)}) as const

/** Open for ten seconds: how things stood at the start is known. */
const watching = (more = {}): Session => having(opened(more), tick(61), tick(70))

const alerts = ({effects}: Session): string[] =>
  effects.flatMap(effect =>
    effect.type === 'alert' ? [`${effect.transition.event} ${effect.transition.change}: ${effect.transition.text}`] : [],
  )

const refused = (session: Session, from: number, times: number, every = 1): Session => {
  let next = session
  for (let n = 0; n < times; n += 1) {
    const second = from + n * every
    next = having(readLines(next, [refusal(from * 1000 + n, second)]), tick(second + 1))
  }
  return next
}

describe('what the screen tells of unasked', () => {
  test('a client that is refused, once, with a notice; its storm is a part of it', () => {
    const session = refused(watching(), 71, 12)
    expect(alerts(session)).toEqual(['clients-refused began: A client uses an old or wrong token'])
    expect(session.state.notice?.text).toBe('A client uses an old or wrong token')
  })

  test('a storm of a client that was refused slowly before', () => {
    const slow = refused(watching(), 71, 3, 90)
    expect(alerts(refused(slow, 340, 30))).toEqual([
      'clients-refused began: A client uses an old or wrong token',
      expect.stringMatching(/^storm began: cli from 192\.0\.2\.7 is refused and retries every 1\.0 s: token-mismatch$/),
    ])
  })

  test('nothing of what was refused before it was opened, nor while the history is read', () => {
    expect(alerts(refused(opened(), 61, 1))).toEqual([])
    expect(alerts(refused(watching({readingHistory: true}), 71, 3))).toEqual([])
  })

  test('nothing in a replay', () => {
    expect(alerts(refused(watching({kind: 'replay'}), 71, 3))).toEqual([])
  })

  test('nothing of a problem that is muted', () => {
    const seen = refused(watching(), 71, 1)
    const key = 'gateway token-mismatch '
    const muted = {state: {...watching().state, muted: new Map([[key, at(4000)]])}, effects: []}
    expect(alerts(seen)).toHaveLength(1)
    expect(alerts(refused(muted, 71, 3))).toEqual([])
  })

  test('a device that asks by the store alone, once; none that asked before', () => {
    const pending = (deviceId: string, requestedAt: number) => ({
      ...{
        deviceId,
        name: `phone ${deviceId}`,
        clientId: null,
        mode: null,
        platform: null,
        family: null,
        origin: null,
        address: null,
      },
      ...{requestId: `r-${deviceId}`, roles: [], scopes: [], isRepair: false, requestedAt, refreshedAt: null},
    })
    const read = (...devices: ReturnType<typeof pending>[]) =>
      ({type: 'devices-read', read: {store: {pending: devices, paired: []}, problem: null, at: at(80)}}) as const
    const session = having(
      watching(),
      read(pending('old', at(20)), pending('new', at(75))),
      tick(81),
      read(pending('old', at(20)), pending('new', at(75))),
      tick(90),
    )
    expect(alerts(session)).toEqual(['pairing-request began: Waits for approval: phone new from this host (request r-new)'])
  })

  test('a gateway that died, by its state and not by the problem that names it', () => {
    const observed = (more: object, seconds: number) =>
      ({
        type: 'observed',
        observed: {...initialObserved(0), state: 'up', upSince: at(40), bootedAt: at(0), presence: [], ...more},
        at: at(seconds),
      }) as const
    const up = having(opened({live: createLiveNow(1), port: 18_789}), observed({}, 60), tick(61), tick(76), tick(79))
    const lastEnd = {how: 'cut', code: 1006, text: '', at: at(80)} as const
    const gone = having(up, observed({state: 'gone', upSince: null, presence: null, lastEnd, because: 'cut'}, 80), tick(81))
    expect(alerts(gone)).toEqual(['gateway-gone began: The gateway exited without a shutdown message (killed or crashed)'])
    const back = having(gone, observed({upSince: at(90), bootedAt: at(90)}, 90), tick(91), tick(100), tick(110))
    expect(alerts(back).slice(1)).toEqual(['gateway-gone ended: The gateway is up again'])
  })
})
