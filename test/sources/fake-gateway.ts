import http from 'node:http'
import {createServer, type Server, type Socket} from 'node:net'
import {onTestFinished} from 'vitest'
import {type WebSocket, WebSocketServer} from 'ws'
import {answersAsGateway} from './gateway-answers.ts'

const portOf = (server: Server | WebSocketServer): number => (server.address() as {port: number}).port

/** Takes connections and never says a word. */
export const muteServer = async (): Promise<{url: string; sockets: Socket[]; hangUp: () => void}> => {
  const sockets: Socket[] = []
  const server = createServer(socket => {
    socket.on('error', () => {})
    sockets.push(socket)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  onTestFinished(() => {
    hangUp()
    server.close()
  })
  return {url: `ws://127.0.0.1:${portOf(server)}`, sockets, hangUp}
}

/** Answers every request with these lines. */
export const curtServer = async (answer: string): Promise<{url: string; count: () => number}> => {
  let count = 0
  const server = createServer(socket => {
    socket.on('error', () => {})
    socket.once('data', () => {
      count += 1
      socket.end(answer)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return {url: `ws://127.0.0.1:${portOf(server)}`, count: () => count}
}

export type FakeGateway = {
  url: string
  sockets: WebSocket[]
  /** What clients sent. */
  asked: string[]
  agents: (string | undefined)[]
  origins: (string | undefined)[]
  say: (frame: unknown) => void
  answerPings: (yes: boolean) => void
}

/** Speaks just what a test has it say. */
export const fakeGateway = async (onConnect: (socket: WebSocket, nth: number) => unknown): Promise<FakeGateway> => {
  const listener = http.createServer((request, response) => {
    if (!answersAsGateway(request, response)) response.writeHead(404).end()
  })
  const server = new WebSocketServer({server: listener, autoPong: false})
  const fake = {
    sockets: [] as WebSocket[],
    asked: [] as string[],
    agents: [] as (string | undefined)[],
    origins: [] as (string | undefined)[],
  }
  let isAnswering = true
  server.on('connection', (socket, request) => {
    fake.sockets.push(socket)
    fake.agents.push(request.headers['user-agent'])
    fake.origins.push(request.headers.origin)
    socket.on('ping', data => isAnswering && socket.pong(data))
    socket.on('message', data => {
      fake.asked.push(String(data))
      const answer = onConnect(socket, fake.sockets.length)
      if (answer) socket.send(JSON.stringify(answer))
    })
    socket.send(JSON.stringify({type: 'event', event: 'connect.challenge', payload: {nonce: 'n', ts: 1}}))
  })
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate()
    server.close()
    listener.close()
  })
  return {
    ...fake,
    url: `ws://127.0.0.1:${portOf(server)}`,
    say: frame => {
      for (const socket of server.clients) socket.send(JSON.stringify(frame))
    },
    answerPings: yes => {
      isAnswering = yes
      if (yes) for (const socket of server.clients) socket.pong()
    },
  }
}

export const helloOk = (version: string, presence: unknown[], presenceVersion = 1): unknown => ({
  type: 'res',
  id: 'connect',
  ok: true,
  payload: {
    type: 'hello-ok',
    protocol: 4,
    server: {version},
    snapshot: {presence, stateVersion: {presence: presenceVersion, health: 1}},
  },
})

export const refusal = (error: unknown): unknown => ({type: 'res', id: 'connect', ok: false, error})
