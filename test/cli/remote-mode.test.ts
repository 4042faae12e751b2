import {once} from 'node:events'
import type {AddressInfo} from 'node:net'
import {beforeAll, expect, onTestFinished, test} from 'vitest'
import {built} from '../e2e/built.ts'
import {gatewayServer} from '../sources/gateway-answers.ts'
import {begun, type Ended, type Room, room} from './gatecrab.ts'

beforeAll(built)

/** A home whose config says that the gateway is elsewhere, where something answers. */
const clientHome = async (): Promise<{home: Room; asked: string[]; port: number}> => {
  const asked: string[] = []
  const server = gatewayServer((_request, response) => void response.end('{}'))
  server.on('request', ({url}) => asked.push(url ?? ''))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  const {port} = server.address() as AddressInfo
  const home = room()
  onTestFinished(() => home[Symbol.dispose]())
  const gateway = {mode: 'remote', port: 1, remote: {url: `ws://127.0.0.1:${port}`}}
  home.file('openclaw.json', JSON.stringify({gateway}))
  return {home, asked, port}
}

const run = async (argv: readonly string[], folder: string): Promise<Ended> => {
  using running = begun(argv, folder)
  return await running.ended
}

test('check asks the gateway that this machine is a client of, and judges by no log and no login of its own', async () => {
  const {home, asked, port} = await clientHome()
  const {code, stdout} = await run(['check', '--json'], home.folder)
  expect(asked).toContain('/healthz')
  expect(JSON.parse(stdout)).toMatchObject({
    verdict: 'ok',
    gateway: {host: '127.0.0.1', port, reach: 'up', release: null},
    profiles: null,
  })
  expect(code).toBe(0)
  const text = (await run(['check'], home.folder)).stdout.replace(/\s+/g, ' ')
  expect(text).toContain(`ok: gateway 127.0.0.1:${port} up (HTTP 200) No gateway log is on this machine: by its config`)
})

test('copies and profiles say which gateway is meant, and whose logins these are', async () => {
  const {home, port} = await clientHome()
  expect((await run(['copies'], home.folder)).stdout).toContain(`gateway 127.0.0.1:${port}, OpenClaw of an unknown release`)
  expect((await run(['profiles'], home.folder)).stdout).toContain(
    `The logins of this machine, which is a client (gateway.mode is remote).\nThe gateway on 127.0.0.1:${port} works with`,
  )
})

test('a gateway that is named is meant before that of the config', async () => {
  const {home, asked} = await clientHome()
  const {stdout} = await run(['check', '--json', '--url', 'ws://127.0.0.1:1'], home.folder)
  expect([JSON.parse(stdout).gateway.reach, asked]).toEqual(['down', []])
})
