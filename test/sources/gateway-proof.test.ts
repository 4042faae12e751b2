import http from 'node:http'
import type {AddressInfo} from 'node:net'
import {describe, expect, onTestFinished, test} from 'vitest'
import {startDemoGateway} from '../../src/demo/server/gateway.ts'
import {proveGateway} from '../../src/sources/live/gateway-proof.ts'
import {logOf, newFolder} from '../demo/demo-client.ts'
import {gatewayServer} from './gateway-answers.ts'

const listen = async (server: http.Server, port = 0): Promise<number> => {
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

const stop = (server: http.Server): Promise<void> => {
  server.closeAllConnections()
  return new Promise(resolve => server.close(() => resolve()))
}

const at = (port: number) => ({host: '127.0.0.1', port})

describe('the proof', () => {
  test('holds for the demo gateway, leaves no line in its log, and says by what', async () => {
    const gateway = await startDemoGateway({folder: newFolder(), timing: {startMs: 0, delayScale: 0}})
    onTestFinished(() => gateway.stop())
    const before = logOf(gateway).length
    const {proven} = await proveGateway(at(gateway.port))
    expect(proven?.by).toMatch(/pid \d+, account .*; \/healthz, \/tools\/invoke, connect\.challenge have OpenClaw's form/)
    await gateway.stop()
    expect(
      logOf(gateway)
        .slice(before)
        .filter(line => JSON.stringify(line).includes('gatecrab')),
    ).toEqual([])
  })

  test('is kept for the same listener and asked again for another one on the same port', async () => {
    const asked: string[] = []
    const counted = (): http.Server =>
      gatewayServer((_, response) => void response.end()).prependListener('request', ({url}: http.IncomingMessage) => {
        asked.push(url ?? '')
      })
    const first = counted()
    const port = await listen(first)
    for (let i = 0; i < 3; i++) expect((await proveGateway(at(port))).proven).not.toBeNull()
    expect(asked).toEqual(['/healthz', '/tools/invoke'])
    await stop(first)
    expect((await proveGateway(at(port))).verdict.is).toBe('none')
    await listen(counted(), port)
    expect((await proveGateway(at(port))).proven).not.toBeNull()
    expect(asked).toHaveLength(4)
  })

  test('fails for a successor that is no gateway', async () => {
    const first = gatewayServer((_, response) => void response.end())
    const port = await listen(first)
    expect((await proveGateway(at(port))).proven).not.toBeNull()
    await stop(first)
    await listen(
      http.createServer((_, response) => void response.writeHead(404).end()),
      port,
    )
    expect(await proveGateway(at(port))).toMatchObject({proven: null, verdict: {is: 'foreign'}})
  })

  test('takes a server that answers 503 for one that is not ready', async () => {
    const port = await listen(http.createServer((_, response) => void response.writeHead(503).end()))
    expect((await proveGateway(at(port))).verdict.is).toBe('not-ready')
  })

  test('fails where the WebSocket does not begin with the challenge, though HTTP has the form', async () => {
    const server = gatewayServer((_, response) => void response.end())
    server.removeAllListeners('upgrade')
    server.on('upgrade', (_, socket) => void socket.end('HTTP/1.1 426 Upgrade Required\r\n\r\n'))
    const port = await listen(server)
    expect((await proveGateway(at(port))).verdict).toMatchObject({is: 'foreign', because: expect.stringContaining('426')})
  })
})
