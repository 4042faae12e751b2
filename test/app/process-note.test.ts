import {expect, test} from 'vitest'
import {processNote} from '../../src/app/visitor-words.ts'
import type {Tally} from '../../src/domain/attempts/client.ts'
import {newLiveNow, withProcess} from '../../src/domain/live/live-now.ts'
import {at, onlyClient, refusal} from '../domain/telling.ts'
import {opened} from './session.ts'

test('a process is named for the attempts that it made, not for those from before it was seen', () => {
  const client = onlyClient([
    refusal(1, 0, {cause: 'device-required', authReason: '', text: 'device identity required'}),
    refusal(2, 30),
  ])
  const owner = {pid: 21_419, process: 'node knock2.mjs', user: 'root', since: at(30)}
  const state = {...opened().state, live: withProcess(newLiveNow(1), client.key, owner)}
  const notes = Array.from(client.tallies.values(), (tally: Tally) => [tally.reason, processNote(state, client, tally)])
  expect(notes).toEqual([
    ['device-required', null],
    ['token-mismatch', 'connecting from: node knock2.mjs (pid 21419, root)'],
  ])
})
