import {expect, test} from 'vitest'
import {at} from '../domain/event-builders.ts'
import {having, opened, typed} from './app-driver.ts'

const enforced = {digest: null, fingerprint: null, by: 'unknown' as const, provenAt: null, because: null, acceptsAnything: null}
const expected = having(opened(), {type: 'copies-read', read: {enforced, copies: [], tokenProblems: [], at: at(60)}})

test.each(['rotate', 'restart', 'propagate', 'verify', 'undo'])('%s has its name on the command line here, too', name => {
  expect(typed(expected, `: "${name}" enter`).effects.at(-1)).toMatchObject({type: 'make-plan', fix: name})
  expect(typed(opened(), `: "${name}" enter`).state.notice?.text).toContain('Only logs are read here')
})

test('a slip is told what is near to it', () => {
  expect(typed(expected, ': "veryfi" enter').state.notice?.text).toBe('There is no command “veryfi”; :verify is one')
  expect(typed(expected, ': "dance" enter').state.notice?.text).toContain('lists them')
})
