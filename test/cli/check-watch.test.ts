import {once} from 'node:events'
import fs from 'node:fs'
import type net from 'node:net'
import {setTimeout as pause} from 'node:timers/promises'
import {beforeAll, describe, expect, test} from 'vitest'
import {built} from '../e2e/built.ts'
import {gatewayServer} from '../sources/gateway-answers.ts'
import {begun, gatecrab, jsonLines, type Running, room} from './gatecrab.ts'
import {freshRefusal} from './refusal.ts'

beforeAll(built)

const freshLine = (): string =>
  `${JSON.stringify({'0': '{"subsystem":"gateway"}', '1': 'heartbeat', time: new Date().toISOString()})}\n`

const linesOf = (running: Running) => jsonLines(running.said().stdout)

const until = async (running: Running, count: number): Promise<Record<string, unknown>[]> => {
  await running.until(({stdout}) => stdout.split('\n').length > count)
  return linesOf(running)
}

const answering = async (port = 0): Promise<{port: number; close: () => Promise<void>}> => {
  const server = gatewayServer((_request, response) => response.end()).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as net.AddressInfo).port,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

describe('check --watch', () => {
  test('begins with the state, is quiet, tells of a change, and ends with 130', async () => {
    using home = room()
    const file = home.file('gw.jsonl', '')
    using running = begun(['check', '--watch', '--log', file], home.folder)
    const [began] = await until(running, 1)
    expect(began).toMatchObject({event: 'began', was: null, verdict: 'unknown', gone: []})
    expect(began?.['appeared']).toEqual(['log-unreadable'])
    await pause(2500)
    expect(linesOf(running)).toHaveLength(1)
    for (let n = 0; n < 8; n += 1) fs.appendFileSync(file, freshRefusal(n))
    const [, changed] = await until(running, 2)
    expect(changed).toMatchObject({
      event: 'changed',
      was: 'unknown',
      verdict: 'broken',
      gone: ['log-unreadable'],
      clients: {refused: 1},
    })
    expect(changed?.['appeared']).toEqual([expect.stringMatching(/^password/)])
    expect(changed?.['problems']).toEqual([expect.objectContaining({count: 8, evidence: expect.any(Array)})])
    running.child.kill('SIGINT')
    expect(await running.ended).toMatchObject({code: 130, stderr: ''})
  })

  test('tells when the gateway goes and comes, within five seconds', async () => {
    using home = room()
    const up = await answering()
    using running = begun(
      ['check', '--watch', '--log', home.file('gw.jsonl', freshLine()), '--url', `ws://127.0.0.1:${up.port}`],
      home.folder,
    )
    expect((await until(running, 1))[0]).toMatchObject({verdict: 'ok', gateway: {reach: 'up'}})
    await up.close()
    const went = Date.now()
    expect((await until(running, 2))[1]).toMatchObject({verdict: 'broken', appeared: ['gateway-down'], gateway: {reach: 'down'}})
    expect(Date.now() - went).toBeLessThan(6000)
    const again = await answering(up.port)
    expect((await until(running, 3))[2]).toMatchObject({was: 'broken', verdict: 'ok', gone: ['gateway-down']})
    await again.close()
    running.child.kill('SIGTERM')
    expect((await running.ended).code).toBe(130)
  })

  test('has a word to say now and then where that is asked', async () => {
    using home = room()
    using running = begun(['check', '--watch', '--every', '1s', '--log', home.file('gw.jsonl', '')], home.folder)
    const lines = await until(running, 3)
    expect(lines.map(({event}) => event)).toEqual(['began', 'unchanged', 'unchanged'])
    running.child.kill('SIGINT')
    await running.ended
  })

  test('says first what check says', async () => {
    using home = room()
    const file = home.file('gw.jsonl', Array.from({length: 8}, (_, n) => freshRefusal(n)).join(''))
    using running = begun(['check', '--watch', '--log', file], home.folder)
    const [began] = await until(running, 1)
    running.child.kill('SIGINT')
    await running.ended
    const once = JSON.parse((await gatecrab(['check', '--json', '--log', file])).stdout)
    const {now: _then, gateway, ...text} = once
    expect(began).toMatchObject(text)
    expect(began?.['gateway']).toMatchObject({...gateway, port: expect.any(Number), config: expect.any(String)})
  })

  test('of a pipe ends with it, by its last verdict', async () => {
    using home = room()
    using running = begun(['check', '--watch', '--log', '-'], home.folder)
    running.child.stdin.write(Array.from({length: 8}, (_, n) => freshRefusal(n)).join(''))
    await until(running, 1)
    running.child.stdin.end()
    expect(await running.ended).toMatchObject({code: 1, stderr: ''})
  })

  test('is fine when nobody reads it any more', async () => {
    using home = room()
    using running = begun(['check', '--watch', '--every', '1s', '--log', home.file('gw.jsonl', '')], home.folder)
    await until(running, 1)
    running.child.stdout.destroy()
    expect((await running.ended).code).toBe(0)
  })

  test.each(['x', '10', '5ms'])('--every %s is no length', async text => {
    const {code, stderr} = await gatecrab(['check', '--watch', '--every', text])
    expect([code, stderr]).toEqual([64, expect.stringContaining('--every')])
  })
})
