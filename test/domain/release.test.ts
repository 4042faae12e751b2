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
  expect(isSince('next', '2026.9.6')).toBe(true)
  expect(isUpTo('next', '2026.9.6')).toBe(false)
})

test('a release of the same day comes after the first one of it', () => {
  expect(isSince('2026.2.6-3', '2026.2.6')).toBe(true)
  expect(isUpTo('2026.2.6-3', '2026.2.6')).toBe(false)
  expect(isSince('2026.2.6', '2026.2.6-3')).toBe(false)
  expect(isSince('openclaw 2026.2.26', '2026.2.6-3')).toBe(true)
})
