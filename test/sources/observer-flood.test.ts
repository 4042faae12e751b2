import {expect, test} from 'vitest'
import {isDeep} from '../../src/gateway/json.ts'
import {fakeGateway} from './fake-gateway.ts'
import {watched} from './observed.ts'

const mib = 1024 * 1024
const token = (): string => 'a-token'
const talk = (bytes: number): string => `{"type":"event","event":"chat","payload":"${'x'.repeat(bytes)}"}`

test('a frame of 10 MB ends the connection before it is held whole', async () => {
  const gateway = await fakeGateway(socket => void socket.send(talk(10 * mib)))
  const observer = watched(gateway.url, token)
  const closed = await observer.until('not-yet', ({because}) => /1006|1009/.test(because ?? ''))
  expect(closed.because).toMatch(/closed/)
})

test('of a flood no more is taken than a busy gateway sends, and the connection goes on', async () => {
  let sent = 0
  const gateway = await fakeGateway(socket => {
    const frame = talk(mib)
    const more = (): void =>
      socket.send(frame, () => {
        sent += 1
        setImmediate(more)
      })
    more()
  })
  const began = performance.now()
  watched(gateway.url, token)
  await expect.poll(() => sent, {timeout: 20_000, interval: 20}).toBeGreaterThan(30)
  // 4 a second; what the system holds in between is some frames more.
  expect(performance.now() - began).toBeGreaterThan(1000)
})

test('a frame that nests a thousand levels is not parsed', () => {
  const nested = (depth: number) =>
    Buffer.from(`{"type":"event","event":"health","payload":${'['.repeat(depth)}${']'.repeat(depth)}}`)
  expect(isDeep(nested(1000))).toBe(true)
  expect(isDeep(nested(20))).toBe(false)
})
