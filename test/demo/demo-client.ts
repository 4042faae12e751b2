import {mkdtempSync, readFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {WebSocket} from 'ws'
import {type Device, proofOf} from '../../src/demo/device.ts'
import type {ClientInfo, Connect} from '../../src/demo/server/connect.ts'
import type {DemoGateway} from '../../src/demo/server/gateway.ts'

type Frame = {event?: string; id?: string; ok?: boolean; payload?: Record<string, unknown>; error?: unknown; seq?: number}

export type Ask = {
  connect?: Partial<Connect>
  client?: Partial<ClientInfo>
  device?: Device
  /** Spoils the device's proof. */
  spoil?: (proof: Record<string, unknown>) => void
  headers?: Record<string, string>
  /** Sent instead of a connect request. */
  raw?: string
  silent?: boolean
}

export type ConnectedClient = {
  socket: WebSocket
  frames: Frame[]
  /** The answer to the connect request, null when the socket closed without one. */
  answer: Promise<Frame | null>
  closed: Promise<{code: number; reason: string}>
  call: (method: string, params?: unknown) => Promise<Frame>
}

const connectText = ({connect, client, device, spoil}: Ask, nonce: string): string => {
  const params: Connect = {
    minProtocol: 3,
    maxProtocol: 4,
    client: {id: 'cli', version: '1.2.3', platform: 'linux', mode: 'cli', ...client},
    role: 'operator',
    scopes: ['operator.read'],
    ...connect,
  }
  const proof = device && {...proofOf(device, params, nonce, Date.now())}
  if (proof) spoil?.(proof)
  return JSON.stringify({
    type: 'req',
    id: 'c1',
    method: 'connect',
    params: {...params, caps: [], ...(proof ? {device: proof} : {})},
  })
}

export const visit = ({url}: DemoGateway, ask: Ask = {}): ConnectedClient => {
  const socket = new WebSocket(url, {headers: ask.headers ?? {}})
  const frames: Frame[] = []
  const waiting = new Map<string, (frame: Frame) => void>()
  const closed = new Promise<{code: number; reason: string}>(resolve =>
    socket.once('close', (code, reason) => resolve({code, reason: String(reason)})),
  )
  const answer = new Promise<Frame | null>(resolve => {
    waiting.set('c1', resolve)
    void closed.then(() => resolve(null))
  })
  socket.on('error', () => {})
  socket.on('message', data => {
    const frame: Frame = JSON.parse(String(data))
    frames.push(frame)
    if (frame.id) waiting.get(frame.id)?.(frame)
    if (frame.event === 'connect.challenge' && !ask.silent)
      socket.send(ask.raw ?? connectText(ask, String(frame.payload?.['nonce'])))
  })
  const call = (method: string, params: unknown = {}): Promise<Frame> =>
    new Promise(resolve => {
      const id = `${method}-${waiting.size}`
      waiting.set(id, resolve)
      socket.send(JSON.stringify({type: 'req', id, method, params}))
    })
  return {socket, frames, answer, closed, call}
}

/** Comes, and leaves as soon as it is let in. */
export const comeAndGo = async (gateway: DemoGateway, ask: Ask = {}): Promise<ConnectedClient> => {
  const client = visit(gateway, ask)
  if ((await client.answer)?.ok) client.socket.close(1000, 'done')
  await client.closed
  return client
}

export const page = (port: number): Pick<Ask, 'client' | 'headers'> => ({
  client: {id: 'openclaw-control-ui', mode: 'webchat'},
  headers: {Origin: `http://127.0.0.1:${port}`},
})

export const tokenOf = ({configFile}: DemoGateway): string => JSON.parse(readFileSync(configFile, 'utf8')).gateway.auth.token

export const newFolder = (): string => mkdtempSync(path.join(tmpdir(), 'gatecrab-demo-test-'))

export const logOf = ({logFile}: DemoGateway): string[] => readFileSync(logFile, 'utf8').split('\n').filter(Boolean)

export const messages = (gateway: DemoGateway): string[] => logOf(gateway).map(line => JSON.parse(line).message)

export const invoke = async ({port}: DemoGateway, token: string): Promise<number> => {
  const headers = {authorization: `Bearer ${token}`, 'content-type': 'application/json'}
  return (await fetch(`http://127.0.0.1:${port}/tools/invoke`, {method: 'POST', headers, body: '{}'})).status
}
