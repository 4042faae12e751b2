import {expect, test} from 'vitest'
import {nearest} from '../../src/domain/nearest.ts'

const words = ['check', 'connections', 'rotate', 'restart', 'report', 'clean-up', 'undo']

test.each([
  ['chekc', 'check'],
  ['rotat', 'rotate'],
  ['conections', 'connections'],
  ['conn', 'connections'],
  ['cleanup', 'clean-up'],
  ['udno', 'undo'],
  ['re', null],
  ['dance', null],
  ['x', null],
  ['', null],
  ['c'.repeat(5000), null],
])('%s is %s', (typed, meant) => expect(nearest(typed, words)).toBe(meant))
