import {beforeAll, describe, expect, test} from 'vitest'
import {built} from '../e2e/built.ts'
import {captured} from '../stories/captures.ts'
import {intoHead, type Room, room} from './gatecrab.ts'
import {refusal} from './refusal.ts'

beforeAll(built)

const many = (home: Room): string => home.file('many.jsonl', Array.from({length: 4000}, (_, n) => refusal(n)).join(''))

const quietly = async (argv: readonly string[]): Promise<void> => {
  using home = room()
  const {code, stdout, stderr} = await intoHead([...argv, '--log', many(home)], home.folder)
  expect(stdout).not.toBe('')
  expect([code, stderr]).toEqual([0, ''])
}

describe('a reader that goes away', () => {
  test('ends the list', async () => {
    await quietly(['connections'])
  })

  test('ends the list as JSON', async () => {
    await quietly(['connections', '--json'])
  })

  test('ends a short one', async () => {
    using home = room()
    const argv = ['connections', '--log', captured('2026.9.6', 'password.jsonl')]
    expect(await intoHead(argv, home.folder)).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('password-mismatch'),
    })
  })

  test('ends a long explanation', async () => {
    using home = room()
    expect(await intoHead(['explain', '--list', '--json'], home.folder)).toMatchObject({code: 0, stderr: '', stdout: '['})
  })
})
