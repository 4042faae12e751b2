import http from 'node:http'
import type {AddressInfo} from 'node:net'
import {afterEach, describe, expect, test} from 'vitest'
import {readReadiness} from '../../src/sources/live/readiness.ts'

let server: http.Server | null = null

afterEach(() => new Promise<void>(resolve => (server === null ? resolve() : server.close(() => resolve()))))

type Answer = readonly [status: number, body: string]

const asked: string[] = []

const serving = async (answers: Readonly<Record<string, Answer>>): Promise<number> => {
  asked.length = 0
  server = http.createServer(({url = ''}, response) => {
    asked.push(url)
    const [status, body] = answers[url] ?? [200, '<!doctype html><title>OpenClaw</title>']
    response.writeHead(status).end(body)
  })
  await new Promise<void>(resolve => server?.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const read = async (answers: Readonly<Record<string, Answer>>) => readReadiness('127.0.0.1', await serving(answers))

/** Bodies of a 2026.9.6 that ran, without the figures of its event loop. */
const failing: Answer = [503, '{"ready":false,"failing":["telegram"],"uptimeMs":30597}']

describe('how ready the gateway is', () => {
  test('a ready one is asked one question', async () => {
    expect(await read({'/readyz': [200, '{"ready":true,"failing":[],"uptimeMs":66471}']})).toEqual({
      is: 'ready',
      failing: [],
      pending: null,
    })
    expect(asked).toEqual(['/readyz'])
  })

  test('one that has started names what fails', async () => {
    const started: Answer = [200, '{"ok":true,"status":"started","version":"2026.9.6","uptimeMs":30621}']
    expect(await read({'/readyz': failing, '/startupz': started})).toMatchObject({is: 'failing', failing: ['telegram']})
  })

  test('one that still starts says so, and for what it waits', async () => {
    const starting: Answer = [503, '{"ok":false,"status":"starting","pendingReason":"startup-sidecars"}']
    expect(await read({'/readyz': [503, '{"ready":false,"failing":["startup-sidecars"]}'], '/startupz': starting})).toMatchObject(
      {
        is: 'starting',
        pending: 'startup-sidecars',
      },
    )
  })

  test('before 2026.8.1, which has no /startupz, the words of /readyz tell it', async () => {
    expect(await read({'/readyz': [503, '{"ready":false,"failing":["startup-sidecars"]}']})).toMatchObject({is: 'starting'})
    server?.close()
    expect(await read({'/readyz': [503, '{"ready":false,"failing":["gateway-draining"]}']})).toMatchObject({is: 'draining'})
    server?.close()
    expect(await read({'/readyz': failing})).toMatchObject({is: 'failing', failing: ['telegram']})
  })

  test.each([
    ['a page, as old releases and the Control UI answer', [200, '<!doctype html>']],
    ['no names, as for one who asks from elsewhere', [503, '{"ready":false}']],
    ['names that are none', [503, '{"ready":false,"failing":["\\u001b[2J", 7]}']],
  ] as const)('nothing is concluded from %s', async (_, answer) => {
    expect(await read({'/readyz': answer})).toBeNull()
  })
})
