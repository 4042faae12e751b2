import {once} from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import {beforeAll, describe, expect, onTestFinished, test, vi} from 'vitest'
import {freePort} from '../cli/free-port.ts'
import {freshRefusal} from '../cli/refusal.ts'
import {answersAsGateway, challengesOn} from '../sources/gateway-answers.ts'
import {built} from './built.ts'
import {openScreen} from './screen.ts'
import {temporaryFolder} from './surroundings.ts'

beforeAll(built)
vi.setConfig({testTimeout: 120_000})

const token = '5ec2e7f00d5ec2e7f00d5ec2e7f00d5ec2e7f00d5ec2e7f0'

/** Listens as a gateway, or as another program does, and keeps what it was asked and sent. */
const startListener = async (port: number, isGateway: boolean) => {
  const asked: string[] = []
  const server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`)
    if (!isGateway || !answersAsGateway(request, response)) response.writeHead(404).end()
  })
  const sockets = isGateway ? challengesOn(server) : null
  sockets?.on('connection', socket => socket.on('message', data => asked.push(String(data))))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const stop = (): void => {
    for (const socket of sockets?.clients ?? []) socket.terminate()
    server.closeAllConnections()
    server.close()
  }
  onTestFinished(stop)
  return {asked, stop}
}

const start = async (...more: string[]) => {
  const [port, nextPort] = [await freePort(), await freePort()]
  const folder = temporaryFolder()
  const config = path.join(folder, 'openclaw.json')
  const writePort = (gatewayPort: number): void =>
    fs.writeFileSync(
      config,
      JSON.stringify({
        gateway: {port: gatewayPort, auth: {mode: 'token', token}},
        logging: {file: path.join(folder, 'gateway.jsonl')},
      }),
      {mode: 0o600},
    )
  writePort(port)
  const writeLine = (line: string): void => fs.appendFileSync(path.join(folder, 'gateway.jsonl'), line)
  writeLine('')
  const first = await startListener(port, true)
  const args = ['--config', config, '--state-dir', folder, ...more.map(one => one.replace('PORT', String(port)))]
  const screen = openScreen(args, {cols: 140, rows: 30})
  await screen.waitFor(`:${port}`)
  await vi.waitFor(() => expect(first.asked.join()).toContain(token), {timeout: 30_000})
  return {port, nextPort, first, screen, writePort, writeLine}
}

describe('a gateway that comes back on another port while the screen is open', () => {
  test('is followed there, and is sent the token once it is proven again', async () => {
    const {port, nextPort, first, screen, writePort} = await start()
    writePort(nextPort)
    const second = await startListener(nextPort, true)
    first.stop()
    await screen.waitFor(new RegExp(`gateway \\S*:${nextPort} `))
    await screen.waitFor(`The gateway is at ws://127.0.0.1:${nextPort} now`)
    await vi.waitFor(() => expect(second.asked.join()).toContain(token), {timeout: 30_000})
    const sentAt = second.asked.findIndex(one => one.includes(token))
    expect(second.asked.slice(0, sentAt).join()).toContain('GET /tools/invoke')
    expect(screen.row(0)).not.toContain(`:${port}`)
    screen.type('q')
  })

  test('is not taken for another program that has the new port, which is sent nothing secret', async () => {
    const {nextPort, first, screen, writePort} = await start()
    const second = await startListener(nextPort, false)
    writePort(nextPort)
    first.stop()
    await screen.waitFor(new RegExp(`gateway \\S*:${nextPort} .*ANOTHER PROGRAM HAS ITS PORT`))
    expect(second.asked.join()).toContain('GET /healthz')
    expect(second.asked.join()).not.toContain(token.slice(0, 12))
    screen.type('q')
  })

  test('is waited for where the operator named the address', async () => {
    const {port, nextPort, first, screen, writePort, writeLine} = await start('--url', 'ws://127.0.0.1:PORT')
    writePort(nextPort)
    const second = await startListener(nextPort, true)
    first.stop()
    await screen.waitFor(/stopped|GONE/)
    writeLine(freshRefusal(1).replace(/->127\.0\.0\.1:\d+/g, `->127.0.0.1:${port}`))
    await screen.waitFor(/last line (?:[5-9]|\d\d)\s?s ago/)
    expect(screen.row(0)).toContain(`:${port}`)
    expect(second.asked).toEqual([])
    screen.type('q')
  })

  test('is not looked for elsewhere while the old port is listened on', async () => {
    const {port, nextPort, screen, writePort, writeLine} = await start()
    writePort(nextPort)
    const second = await startListener(nextPort, true)
    writeLine(freshRefusal(1).replace(/->127\.0\.0\.1:\d+/g, `->127.0.0.1:${port}`))
    await screen.waitFor(/last line (?:[5-9]|\d\d)\s?s ago/)
    expect(screen.row(0)).toContain(`:${port}`)
    expect(second.asked).toEqual([])
    screen.type('q')
  })
})
