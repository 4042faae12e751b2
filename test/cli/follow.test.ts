import fs from 'node:fs'
import {setTimeout as pause} from 'node:timers/promises'
import {beforeAll, describe, expect, test} from 'vitest'
import {built} from '../e2e/built.ts'
import {captured, readFileEvents} from '../stories/captures.ts'
import {begun, jsonLines, type Room, type Running, room} from './gatecrab.ts'
import {freshRefusal, idOf, refusal} from './refusal.ts'

beforeAll(built)

const whole = captured('2026.9.6', 'password.jsonl')
const ids = readFileEvents(whole).attempts.map(({id}) => id)

const following = (argv: readonly string[], home: Room): Running =>
  begun(['connections', '--follow', '--json', ...argv], home.folder)

const countIn = (stdout: string): number => stdout.split('\n').length - 1

/** Appends until the first is printed: nothing says that the end of the file has been found. */
const appendUntilRead = async (file: string, running: Running): Promise<void> => {
  for (let n = 1; countIn(running.said().stdout) === 0; n += 1) {
    fs.appendFileSync(file, refusal(n))
    await pause(50)
  }
}

const interrupted = async (running: Running) => {
  running.child.kill('SIGINT')
  return await running.ended
}

describe('connections --follow', () => {
  test('prints what is appended, not what was there, until it is interrupted', async () => {
    using home = room()
    const file = home.file('gw.jsonl', fs.readFileSync(whole, 'utf8'))
    using running = following(['--log', file], home)
    await appendUntilRead(file, running)
    const {code, stdout, stderr} = await interrupted(running)
    expect([code, stderr]).toEqual([130, ''])
    const rows = jsonLines(stdout)
    expect(ids).not.toContain(rows[0]?.['id'])
    expect(rows[0]).toMatchObject({outcome: 'refused', closeCode: 1008, evidence: [{file}]})
  })

  test('begins further back where --since says so, and goes on', async () => {
    using home = room()
    const file = home.file('gw.jsonl', fs.readFileSync(whole, 'utf8'))
    using running = following(['--log', file, '--since', '2026-11-21T00:00:00Z'], home)
    await running.until(({stdout}) => countIn(stdout) >= ids.length)
    fs.appendFileSync(file, refusal(77))
    await running.until(({stdout}) => countIn(stdout) > ids.length)
    const {code, stdout} = await interrupted(running)
    expect([code, jsonLines(stdout).map(({id}) => id)]).toEqual([130, [...ids, idOf(77)]])
  })

  test('waits for a file that is not there yet', async () => {
    using home = room()
    const file = home.file('later.jsonl')
    using running = following(['--log', file], home)
    await appendUntilRead(file, running)
    expect(jsonLines((await interrupted(running)).stdout)[0]).toMatchObject({outcome: 'refused'})
  })

  test('prints a visit when it begins and again when it ends', async () => {
    using home = room()
    const file = home.file('gw.jsonl', fs.readFileSync(captured('2026.9.6', 'token-rotation.jsonl'), 'utf8'))
    using running = following(['--log', file, '--since', '2026-11-21T00:00:00Z'], home)
    const rows = jsonLines((await running.until(({stdout}) => countIn(stdout) >= 8)).stdout)
    await interrupted(running)
    const visits = rows.filter(({outcome}) => outcome === 'connected').map(({id, endedAt}) => [id, endedAt === null])
    expect(visits.map(([, isOpen]) => isOpen)).toEqual([true, false, true, false])
  })

  test('follows a pipe, and is fine when it ends', async () => {
    using home = room()
    using running = following(['--log', '-'], home)
    running.child.stdin.write(fs.readFileSync(whole, 'utf8'))
    await running.until(({stdout}) => countIn(stdout) >= ids.length)
    running.child.stdin.write(refusal(5))
    await running.until(({stdout}) => countIn(stdout) > ids.length)
    running.child.stdin.end()
    expect(await running.ended).toMatchObject({code: 0, stderr: ''})
  })

  test('by client, prints the client each time something becomes of it', async () => {
    using home = room()
    using running = following(['--by', 'client', '--log', '-'], home)
    running.child.stdin.end(refusal(1) + refusal(2))
    const {code, stdout} = await running.ended
    expect([code, jsonLines(stdout).map(({attempts, refused}) => [attempts, refused])]).toEqual([
      0,
      [
        [1, 1],
        [2, 2],
      ],
    ])
  })

  test('ends when the time that was asked about is over', async () => {
    using home = room()
    const file = home.file('gw.jsonl', freshRefusal(1))
    using running = following(['--log', file, '--since', '1h', '--until', '0s'], home)
    const {code, stdout} = await running.ended
    expect([code, jsonLines(stdout).map(({id}) => id)]).toEqual([0, [idOf(1)]])
  })

  test('says of a log that is not there that it is waited for', async () => {
    using home = room()
    const file = home.file('later.jsonl')
    using running = following(['--log', file], home)
    while (running.said().stderr === '') await pause(50)
    expect((await interrupted(running)).stderr).toBe(`gatecrab: ${file}: does not exist yet; waiting for it\n`)
  })

  test('is fine when nobody reads it any more', async () => {
    using home = room()
    const file = home.file('gw.jsonl', '')
    using running = following(['--log', file], home)
    await appendUntilRead(file, running)
    running.child.stdout.destroy()
    let n = 1000
    while (running.child.exitCode === null && running.child.signalCode === null) {
      fs.appendFileSync(file, refusal(n))
      n += 1
      await pause(50)
    }
    expect(await running.ended).toMatchObject({code: 0, stderr: ''})
  })

  test('tells of every attempt of which the list tells', async () => {
    using home = room()
    const log = captured('2026.5.28', 'default-level.jsonl')
    const file = home.file('gw.jsonl', fs.readFileSync(log, 'utf8'))
    using running = following(['--log', file, '--since', '2026-11-21T00:00:00Z'], home)
    fs.appendFileSync(file, refusal(9))
    const {stdout} = await running.until(now => now.stdout.includes(idOf(9)))
    await interrupted(running)
    const printed = new Set(jsonLines(stdout).map(({id}) => id))
    expect(readFileEvents(log).attempts.filter(({id}) => !printed.has(id))).toEqual([])
  })
})
