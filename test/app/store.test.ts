import {describe, expect, test, vi} from 'vitest'
import {createStore} from '../../src/app/store.ts'
import {lines, opened} from './app-driver.ts'

const storeOf = () => {
  const run = vi.fn()
  const store = createStore(opened().state, run)
  const listener = vi.fn()
  const leave = store.subscribe(listener)
  return {store, run, listener, leave}
}

describe('the store', () => {
  test('changes, tells those who listen, and runs the effects', () => {
    const {store, run, listener} = storeOf()
    store.dispatch({type: 'quit'})
    expect(store.state().ended).toBe(true)
    expect(listener).toHaveBeenCalledTimes(1)
    expect(run).toHaveBeenCalledExactlyOnceWith({type: 'quit'}, store)
  })

  test('tells once of what comes by the thousand, and soon', () => {
    vi.useFakeTimers()
    try {
      const {store, listener} = storeOf()
      for (let i = 0; i < 50; i += 1) store.dispatchSoon({type: 'lines-received', lines: lines(i * 2 + 1, i * 2 + 2)})
      expect(store.state().log.lines).toHaveLength(100)
      expect(listener).not.toHaveBeenCalled()
      vi.advanceTimersByTime(1000)
      expect(listener).toHaveBeenCalledTimes(1)
    } finally {
      vi.useRealTimers()
    }
  })

  test('a key is answered at once, and with it what was waiting', () => {
    vi.useFakeTimers()
    try {
      const {store, listener} = storeOf()
      store.dispatchSoon({type: 'lines-received', lines: lines(1, 2)})
      store.dispatch({type: 'panel-chosen', panel: 'log'})
      expect(listener).toHaveBeenCalledTimes(1)
      vi.advanceTimersByTime(1000)
      expect(listener).toHaveBeenCalledTimes(1)
    } finally {
      vi.useRealTimers()
    }
  })

  test('who has left is not told', () => {
    const {store, listener, leave} = storeOf()
    leave()
    store.dispatch({type: 'quit'})
    expect(listener).not.toHaveBeenCalled()
  })
})
