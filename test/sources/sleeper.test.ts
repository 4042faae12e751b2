import {expect, test} from 'vitest'
import {createSleeper} from '../../src/sources/live/sleeper.ts'

test('what begins after it was closed is ended at once', () => {
  const bell = createSleeper(0)
  let ended = 0
  bell.onClose(() => {
    ended += 1
  })
  bell.close()
  expect(ended).toBe(1)
  bell.onClose(() => {
    ended += 10
  })
  expect(ended).toBe(11)
})
