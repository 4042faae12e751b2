import {once} from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import type {AddressInfo} from 'node:net'
import path from 'node:path'
import {beforeAll, onTestFinished, test, vi} from 'vitest'
import {freshRefusal} from '../cli/refusal.ts'
import {built} from './built.ts'
import {openScreen} from './screen.ts'
import {temporaryFolder} from './surroundings.ts'

beforeAll(built)
vi.setConfig({testTimeout: 120_000})

/** Answers as a gateway that starts does, so that it may yet become the gateway. */
const startListener = async (): Promise<number> => {
  const server = http.createServer((_request, response) => response.writeHead(503).end()).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const refusalAt = (n: number, port: number): string => freshRefusal(n).replace(/->127\.0\.0\.1:\d+/g, `->127.0.0.1:${port}`)

const sharedLog = (port: number) => {
  const folder = temporaryFolder()
  const file = path.join(folder, 'shared.jsonl')
  const config = path.join(folder, 'openclaw.json')
  fs.writeFileSync(config, JSON.stringify({gateway: {port}, logging: {file}}), {mode: 0o600})
  const write = (...lines: string[]): void => fs.appendFileSync(file, lines.join(''))
  write()
  return {write, args: ['--config', config, '--state-dir', folder]}
}

test('the screen leaves out what another gateway has written into its log, before it was opened and since', async () => {
  const [own, other] = [await startListener(), await startListener()]
  const log = sharedLog(own)
  log.write(...[1, 2, 3, 4, 5].map(n => refusalAt(n, n <= 3 ? own : other)))
  const screen = openScreen(log.args, {cols: 140, rows: 30})
  await screen.waitFor(`:${own} (2 connections of :${other} in its log left out)`)
  await screen.waitFor(/\b3 refused\/5m/)
  log.write(refusalAt(6, other), refusalAt(7, own))
  await screen.waitFor(`:${own} (3 connections of :${other} in its log left out)`)
  await screen.waitFor(/\b4 refused\/5m/)
  screen.type('q')
})

test('the screen leaves out a gateway that begins to write into its log while it is open', async () => {
  const [own, other] = [await startListener(), await startListener()]
  const log = sharedLog(own)
  log.write(refusalAt(1, own))
  const screen = openScreen(log.args, {cols: 140, rows: 30})
  await screen.waitFor(/\b1 refused\/5m/)
  log.write(refusalAt(2, other), refusalAt(3, other), refusalAt(4, own))
  await screen.waitFor(`:${own} (2 connections of :${other} in its log left out)`)
  await screen.waitFor(/\b2 refused\/5m/)
  screen.type('q')
})
