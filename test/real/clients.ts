import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import path from 'node:path'
import {expect} from 'vitest'
import type {ConnectedClient} from '../../src/domain/live/connected-client.ts'
import type {TestClient} from './client-process.ts'
import type {Tap} from './traffic-recorder.ts'

export type Kind = TestClient & {name: string; by: ConnectedClient['by']}

const client = (id: string, mode: string, more: Partial<TestClient['client']> = {}): TestClient['client'] => ({
  id,
  mode,
  version: '1.2.3',
  platform: 'linux',
  ...more,
})
const reads = ['operator.read']

/** Six kinds of clients: two that write no line and are on no list, three that are on the list, one that is in the log as well. */
export const kinds = (url: string, buildId: string): Kind[] => [
  {name: 'openclaw-logs', title: 'openclaw-logs', by: 'socket', client: client('cli', 'cli'), scopes: reads, headers: {}},
  {
    name: 'home-bridge',
    title: 'home-bridge',
    by: 'socket',
    client: client('gateway-client', 'backend'),
    scopes: reads,
    headers: {},
  },
  {name: 'openclaw-macos', title: 'OpenClaw', by: 'presence', client: client('openclaw-macos', 'ui'), scopes: reads, headers: {}},
  {name: 'openclaw-ios', title: 'relay', by: 'presence', client: client('openclaw-ios', 'ui'), scopes: reads, headers: {}},
  {
    name: 'node-host',
    title: 'openclaw-node',
    by: 'presence',
    client: client('node-host', 'node'),
    role: 'node',
    scopes: [],
    headers: {},
    device: 'a node',
  },
  {
    ...{name: 'openclaw-control-ui', title: 'firefox', by: 'log', scopes: reads, device: 'a page'},
    client: client('openclaw-control-ui', 'webchat', {buildId}),
    headers: {Origin: url.replace('ws', 'http')},
  },
]

/** Comes with a token, and says whether it is `in` or `refused`. */
export const arrive = async ({url}: Tap, token: string, kind: Kind): Promise<{child: ChildProcess; said: string}> => {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'client-process.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin?.end(JSON.stringify({...kind, url, token}))
  const [text] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
  return {child, said: String(text)}
}

/** Comes, and says so once it is in. */
export const come = async (tap: Tap, kind: Kind): Promise<ChildProcess> => {
  const {child, said: text} = await arrive(tap, tap.token(), kind)
  expect([kind.name, text]).toEqual([kind.name, 'in'])
  return child
}
