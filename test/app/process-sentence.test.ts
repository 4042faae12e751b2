import {expect, test} from 'vitest'
import {processSentence} from '../../src/app/connected-words.ts'
import type {Tally} from '../../src/domain/attempts/client.ts'
import {createLiveNow, withProcess} from '../../src/domain/live/live-state.ts'
import {at, onlyClient, refusal} from '../domain/event-builders.ts'
import {opened} from './app-driver.ts'

test('a process is named for the attempts that it made, not for those from before it was seen', () => {
  const client = onlyClient([
    refusal(1, 0, {cause: 'device-required', authReason: '', text: 'device identity required'}),
    refusal(2, 30),
  ])
  const owner = {pid: 21_419, process: 'node knock2.mjs', user: 'root', since: at(30)}
  const notesAt = (now: number) => {
    const state = {...opened().state, now, live: withProcess(createLiveNow(1), client.key, owner)}
    return Array.from(client.tallies.values(), (tally: Tally) => [tally.reason, processSentence(state, client, tally)])
  }
  expect(notesAt(at(31))).toEqual([
    ['device-required', null],
    ['token-mismatch', 'now connecting from: node knock2.mjs (pid 21419, root)'],
  ])
  expect(notesAt(at(90))).toContainEqual(['token-mismatch', 'last connected from: node knock2.mjs (pid 21419, root)'])
})
