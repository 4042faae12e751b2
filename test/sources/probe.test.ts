import {once} from 'node:events'
import http from 'node:http'
import type {AddressInfo} from 'node:net'
import {expect, onTestFinished, test} from 'vitest'
import {probeGateway} from '../../src/sources/live/gateway-call.ts'

const answering = async (answer: http.RequestListener): Promise<number> => {
  const server = http.createServer(answer).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

test('one late answer, as of a loaded machine, is no silence', async () => {
  const port = await answering((_request, response) => void setTimeout(() => response.end('{"ok":true}'), 1200))
  expect(await probeGateway('127.0.0.1', port)).toMatchObject({state: 'up', because: 'HTTP 200'})
})

test('no answer at all is silence, and says for how long it was waited', async () => {
  const port = await answering(() => {})
  expect(await probeGateway('127.0.0.1', port)).toMatchObject({state: 'silent', because: expect.stringContaining('within 3.5 s')})
}, 20_000)
