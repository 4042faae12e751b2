import {expect, test} from 'vitest'
import {panels} from '../../src/app/panels/panels.ts'
import {read, refusal} from '../domain/event-builders.ts'
import {opened, readLines} from './app-driver.ts'

const applied = (seconds: number) => read(seconds, {kind: 'config-applied', what: 'gateway.auth.token'})

test('of two changes of the token a client is told the one since which it is refused', () => {
  const {state} = readLines(opened(), [applied(1), refusal(1, 10), refusal(2, 20), applied(30), refusal(3, 40)])
  const seenIn = (panel: 'clients' | 'attempts') => panels[panel].view(state, false).selectionAt(0)?.why(state).seen
  expect(seenIn('clients')).toContain('the token changed at 10:00:01')
  expect(seenIn('attempts')).toContain('the token changed at 10:00:30')
})
