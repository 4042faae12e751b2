import {once} from 'node:events'
import http from 'node:http'
import type {AddressInfo} from 'node:net'
import {beforeAll, expect, onTestFinished, test} from 'vitest'
import {built} from '../e2e/built.ts'
import {begun, room} from './gatecrab.ts'
import {freshRefusal} from './refusal.ts'

beforeAll(built)

const someGateway = async (): Promise<number> => {
  const server = http.createServer((_request, response) => response.end('{"ok":true,"status":"live"}')).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const atPort = (line: string, port: number): string => line.replace(/->127\.0\.0\.1:\d+/g, `->127.0.0.1:${port}`)

const failuresAt = async (port: number, lines: readonly string[]): Promise<unknown> => {
  using home = room()
  const file = home.file('shared.jsonl', lines.join(''))
  home.file('openclaw.json', JSON.stringify({gateway: {port}, logging: {file}}))
  using running = begun(['check', '--json'], home.folder)
  running.child.stdin.end()
  const {stdout} = await running.ended
  return JSON.parse(stdout).counters.gatewayAuthFailures
}

test('two gateways in one log: only the sockets of the one that is meant are counted', async () => {
  const [own, other] = [await someGateway(), await someGateway()]
  const lines = [1, 2, 3, 4, 5].map(n => atPort(freshRefusal(n), n <= 3 ? own : other))
  expect(await failuresAt(own, lines)).toBe(3)
  expect(await failuresAt(other, lines)).toBe(2)
})

test('a gateway that its log knows by another port, as behind a mapped one, keeps all its sockets', async () => {
  const [mapped, inside] = [await someGateway(), 18_789]
  expect(
    await failuresAt(
      mapped,
      [1, 2].map(n => atPort(freshRefusal(n), inside)),
    ),
  ).toBe(2)
})

test.each([
  ['attempts', []],
  ['clients', ['--by', 'client']],
])('connections lists the %s of the one that is meant, and says how many it left out', async (_name, more) => {
  const [own, other] = [await someGateway(), await someGateway()]
  using home = room()
  const lines = [1, 2, 3, 4, 5].map(n => atPort(freshRefusal(n), n <= 3 ? own : other))
  const file = home.file('shared.jsonl', lines.join(''))
  home.file('openclaw.json', JSON.stringify({gateway: {port: own}, logging: {file}}))
  using running = begun(['connections', '--json', ...more], home.folder)
  running.child.stdin.end()
  const {stdout, stderr} = await running.ended
  const rows = stdout
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))
  expect(more.length === 0 ? rows.length : rows[0].attempts).toBe(3)
  expect(stderr).toContain(`2 connections of the gateway on :${other}, which writes into the same log, left out`)
})
