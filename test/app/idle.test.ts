import {describe, expect, test, vi} from 'vitest'
import {isIdle, isTickDue} from '../../src/app/idle.ts'
import {createStore} from '../../src/app/store.ts'
import {having, lines, opened, type Session} from './app-driver.ts'

const start = opened().state.now
const later = (session: Session, seconds: number): Session => having(session, {type: 'ticked', now: start + seconds * 1000})
const dueAt = ({state}: Session, seconds: number): boolean => isTickDue(state, start + seconds * 1000)

describe('a screen on which nothing happens', () => {
  test('shows each second for a minute, and then one in thirty and each new minute', () => {
    expect([1, 2, 59].map(seconds => dueAt(later(opened(), seconds - 1), seconds))).toEqual([true, true, true])
    const quiet = later(opened(), 62)
    expect([63, 64, 91].map(seconds => dueAt(quiet, seconds))).toEqual([false, false, false])
    expect(dueAt(quiet, 92)).toBe(true)
    expect(dueAt(later(opened(), 115), 119)).toBe(false)
    expect(dueAt(later(opened(), 119), 120)).toBe(true)
  })

  test('wakes with a line of the log and with a key, not with what is read again by itself', () => {
    const quiet = later(opened(), 70)
    expect(dueAt(having(quiet, {type: 'lines-received', lines: lines(1, 1)}), 71)).toBe(true)
    expect(dueAt(having(quiet, {type: 'key-pressed'}), 71)).toBe(true)
    expect(dueAt(having(quiet, {type: 'sources-changed', sources: []}), 71)).toBe(false)
  })

  test('is never one that replays, or that tells something', () => {
    const replayed = later(opened({kind: 'replay'}), 70)
    const template = having(later(opened(), 70), {type: 'notified', text: 'x'})
    expect([replayed, template].map(({state}) => isIdle(state, start + 300_000))).toEqual([false, false])
  })

  test('does not let the clock run backwards unseen', () => {
    expect(dueAt(later(opened(), 90), 20)).toBe(true)
  })

  test('answers a key at its own time', () => {
    const store = createStore(later(opened(), 70).state, vi.fn(), () => start + 77_000)
    store.dispatch({type: 'notified', text: 'x'})
    expect([store.state().now, store.state().notice?.until]).toEqual([start + 77_000, start + 83_000])
  })
})
