import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest'
import {every} from '../../src/sources/every.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('every', () => {
  test('looks again until it is ended', async () => {
    const look = vi.fn()
    const stop = every(1000, look)
    await vi.advanceTimersByTimeAsync(3500)
    expect(look).toHaveBeenCalledTimes(3)
    stop()
    await vi.advanceTimersByTimeAsync(5000)
    expect(look).toHaveBeenCalledTimes(3)
  })

  test('starts no second look while one is under way', async () => {
    const {promise, resolve: finish} = Promise.withResolvers<void>()
    const look = vi.fn(() => promise)
    const stop = every(1000, look)
    await vi.advanceTimersByTimeAsync(4000)
    expect(look).toHaveBeenCalledTimes(1)
    finish()
    await vi.advanceTimersByTimeAsync(1000)
    expect(look).toHaveBeenCalledTimes(2)
    stop()
  })
})
