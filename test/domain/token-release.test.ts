import {expect, test} from 'vitest'
import {isBetween, isSince, isUpTo} from '../../src/domain/release.ts'
import {releases} from './token-copies.ts'

test('releases stand in their order', () => {
  releases.forEach((release, i) => {
    releases.forEach((other, j) => {
      expect(isSince(release, other), `${release} since ${other}`).toBe(i >= j)
      expect(isUpTo(release, other), `${release} up to ${other}`).toBe(i <= j)
    })
  })
})

test('an unknown one is judged as the newest', () => {
  expect(isSince(null, '2026.9.6')).toBe(true)
  expect(isBetween(null, '2026.1.29', '2026.9.6')).toBe(false)
  expect(isSince('2026.10.1', '2026.9.6')).toBe(true)
  expect(isSince('2026.9.6-beta.2', '2026.9.6')).toBe(true)
})
