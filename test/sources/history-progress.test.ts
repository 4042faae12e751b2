import fs from 'node:fs'
import {expect, onTestFinished, test} from 'vitest'
import {historyProgress} from '../../src/runtime/watchers/history-progress.ts'
import {readHistory} from '../../src/sources/log/history.ts'
import {room} from '../cli/gatecrab.ts'
import {captured} from '../stories/captures.ts'

test('is told after two seconds and then each second, with the time left at the speed so far', () => {
  let now = 0
  const told: unknown[] = []
  const tell = historyProgress(
    progress => told.push(progress),
    () => now,
  )
  for (const [at, share] of [
    [500, 0.05],
    [1999, 0.2],
    [2000, 0.25],
    [2900, 0.3],
    [3000, 0.5],
  ] as const) {
    now = at
    tell(share)
  }
  expect(told).toEqual([
    {share: 0.25, leftMs: 6000},
    {share: 0.5, leftMs: 3000},
  ])
})

test('is by the bytes of all files that are read', async () => {
  const home = room()
  onTestFinished(() => home[Symbol.dispose]())
  const text = fs.readFileSync(captured('2026.9.6', 'password.jsonl'), 'utf8')
  const files = ['a.log', 'b.log'].map((name, i) => home.file(name, text.repeat(i === 0 ? 1 : 3)))
  const shares: number[] = []
  const places = files.map(file => ({kind: 'file', file}) as const)
  const more = {onProgress: (share: number) => shares.push(share)}
  await readHistory(places, new Map(), 0, new AbortController().signal, [], more)
  expect(shares).toEqual(shares.toSorted((a, b) => a - b))
  expect(shares[0]).toBeCloseTo(0.25, 1)
  expect(shares.at(-1)).toBe(1)
})
