import {WebSocket} from 'ws'
import {type Device, deviceOf, proofOf} from '../device.ts'
import type {ClientInfo, Connect, Credentials} from '../server/connect.ts'
import {buildId, release} from '../server/lines.ts'

/** Somebody who connects: what they run, how they reach the gateway, and as which device. */
export type Caller = {client: ClientInfo; role?: string; scopes: string[]; headers: Record<string, string>; device?: Device}

export const publicOrigin = 'https://gw.example.net'
const safari = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15'
const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36'

const via = (address: string, more: Record<string, string> = {}) => ({
  'X-Forwarded-For': address,
  Host: 'gw.example.net',
  ...more,
})
const page = (platform: string): ClientInfo => ({id: 'openclaw-control-ui', version: release, platform, mode: 'webchat', buildId})
const cli: ClientInfo = {id: 'cli', version: release, platform: 'linux', mode: 'cli'}
const pageScopes = ['operator.admin', 'operator.read', 'operator.write']

export const callersOf = (port: number) =>
  ({
    laptop: {
      client: page('MacIntel'),
      scopes: pageScopes,
      headers: via('100.64.0.7', {Origin: publicOrigin, 'User-Agent': safari}),
      device: deviceOf('demo laptop'),
    },
    webchat: {
      client: page('Linux x86_64'),
      scopes: pageScopes,
      headers: {Origin: `http://127.0.0.1:${port}`, 'User-Agent': chrome},
      device: deviceOf('demo webchat'),
    },
    node: {
      client: {id: 'node-host', version: release, platform: 'darwin', mode: 'node', displayName: 'studio'},
      role: 'node',
      scopes: [],
      headers: via('192.168.1.20'),
      device: deviceOf('demo node'),
    },
    phone: {
      client: {id: 'openclaw-ios', version: release, platform: 'ios', mode: 'ui', displayName: "Kate's phone"},
      scopes: ['operator.read', 'operator.write'],
      headers: via('100.64.0.9'),
      device: deviceOf('demo phone'),
    },
    tokenless: {client: cli, scopes: ['operator.read'], headers: {}, device: deviceOf('demo cron job')},
    operator: {client: cli, scopes: ['operator.read'], headers: {}},
    stranger: {
      client: page('Win32'),
      scopes: ['operator.read'],
      headers: via('203.0.113.50', {Origin: 'https://elsewhere.example', 'User-Agent': chrome}),
    },
  }) satisfies Record<string, Caller>

export type ClientCall = {
  socket: WebSocket
  /** Resolves to whether there was a hello. */
  admitted: Promise<boolean>
  ended: Promise<void>
  say: (method: string) => void
}

const connectFrame = ({client, role = 'operator', scopes, device}: Caller, auth: Credentials, nonce: string): string => {
  const connect: Connect = {minProtocol: 3, maxProtocol: 4, client, role, scopes, auth}
  const params = device ? {...connect, device: proofOf(device, connect, nonce, Date.now())} : connect
  return JSON.stringify({type: 'req', id: 'connect', method: 'connect', params: {...params, caps: []}})
}

export const dial = (url: string, caller: Caller, auth: Credentials): ClientCall => {
  const socket = new WebSocket(url, {headers: caller.headers})
  const ended = new Promise<void>(resolve => socket.once('close', () => resolve()))
  const answered = new Promise<boolean>(resolve => {
    socket.on('message', data => {
      const frame = JSON.parse(String(data))
      if (frame.event === 'connect.challenge') socket.send(connectFrame(caller, auth, frame.payload.nonce))
      if (frame.id === 'connect') resolve(frame.ok === true)
    })
  })
  socket.on('error', () => {})
  const say = (method: string): void => socket.send(JSON.stringify({type: 'req', id: method, method, params: {}}))
  return {socket, admitted: Promise.race([answered, ended.then(() => false)]), ended, say}
}
