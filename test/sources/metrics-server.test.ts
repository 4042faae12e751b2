import {once} from 'node:events'
import http from 'node:http'
import net from 'node:net'
import {afterEach, beforeEach, describe, expect, it, onTestFinished} from 'vitest'
import {type MetricsServer, serveMetrics} from '../../src/sources/metrics-server.ts'

const page = 'gatecrab_up 1\n'
let server: MetricsServer

beforeEach(async () => {
  const started = await serveMetrics({host: '127.0.0.1', port: 0}, () => Promise.resolve(page), ['metrics.example'])
  if ('title' in started) throw new Error(started.title)
  server = started
})

afterEach(() => server.close())

const scrape = async (headers: http.OutgoingHttpHeaders = {}): Promise<{status: number; text: string}> => {
  const {port} = server.address
  const request = http.get({host: '127.0.0.1', port, path: '/metrics', headers, agent: false})
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  let text = ''
  for await (const part of response) text += part
  return {status: response.statusCode ?? 0, text}
}

/** A connection that begins a request and never ends it. */
const halfOpen = async (): Promise<net.Socket> => {
  const socket = net.connect(server.address.port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write('GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ')
  return socket
}

describe('the metrics server', () => {
  it.each([
    '127.0.0.1',
    '127.0.0.1:9464',
    'localhost:9464',
    'LOCALHOST',
    '[::1]:9464',
    '192.0.2.7:9464',
    'metrics.example',
    'Metrics.Example.:9464',
  ])('answers to its own name: %s', async host => {
    expect(await scrape({host})).toEqual({status: 200, text: page})
  })

  it.each(['evil.example', 'evil.example:9464', '127.0.0.1.evil.example', 'localhost.evil.example'])(
    'tells no number to a foreign name: %j',
    async host => {
      const {status, text} = await scrape({host})
      expect(status).toBe(421)
      expect(text).not.toContain('gatecrab_up')
    },
  )

  it.each(['http://evil.example', 'http://localhost:9464', 'null'])('tells no number to a web page: %s', async origin => {
    const {status, text} = await scrape({origin})
    expect(status).toBe(403)
    expect(text).not.toContain('gatecrab_up')
  })

  it('serves a scrape beside 64 half-open connections', async () => {
    for (let i = 0; i < 64; i += 1) await halfOpen()
    expect(await scrape()).toEqual({status: 200, text: page})
  })

  it('serves every scrape while 100 half-open connections come again whenever they are ended', async () => {
    let isOver = false
    const comeAgain = async (): Promise<void> => {
      while (!isOver) await once(await halfOpen(), 'close')
    }
    onTestFinished(() => {
      isOver = true
    })
    const all = Array.from({length: 100}, () => comeAgain().catch(() => {}))
    for (let i = 0; i < 12; i += 1) expect((await scrape()).status).toBe(200)
    isOver = true
    server.close()
    await Promise.all(all)
  })

  it('ends a connection that never ends its headers', async () => {
    const socket = await halfOpen()
    socket.resume()
    await once(socket, 'close')
  })

  it('serves a connection that is kept for a second request', async () => {
    const agent = new http.Agent({keepAlive: true, maxSockets: 1})
    onTestFinished(() => agent.destroy())
    const ports = new Set<number | undefined>()
    for (let i = 0; i < 3; i += 1) {
      const request = http.get({host: '127.0.0.1', port: server.address.port, path: '/metrics', agent})
      const [response] = (await once(request, 'response')) as [http.IncomingMessage]
      ports.add(request.socket?.localPort)
      response.resume()
      await once(response, 'end')
    }
    expect(ports.size).toBe(1)
  })
})
