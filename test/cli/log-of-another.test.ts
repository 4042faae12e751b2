import {once} from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import type {AddressInfo} from 'node:net'
import path from 'node:path'
import {expect, it} from 'vitest'
import {begun, type Ended, room} from './gatecrab.ts'

const console = fs.readFileSync(new URL('../fixtures/container/console.log', import.meta.url), 'utf8')

type Checked = {verdict: string; counters: {gatewayAuthFailures: number}; problems: {id: string}[]}

/** Something listens on the port of the config, and in the default folder lies what another gateway has written just now. */
const lookBesideAnother = async (): Promise<{check: Checked; code: number | null; listed: Ended}> => {
  using home = room()
  const server = http.createServer((_request, response) => response.writeHead(404).end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const {port} = server.address() as AddressInfo
  home.file('openclaw.json', JSON.stringify({gateway: {port}}))
  const folder = path.join(home.folder, `openclaw-${process.getuid?.()}`)
  fs.mkdirSync(folder, {mode: 0o700})
  const now = new Date().toISOString()
  const lines = console.replace(/^\S+/gm, now.replace('Z', '+00:00'))
  fs.writeFileSync(path.join(folder, `openclaw-${now.slice(0, 10)}.log`), lines, {mode: 0o600})
  const run = async (...argv: string[]): Promise<Ended> => {
    using running = begun(argv, home.folder)
    running.child.stdin.end()
    return await running.ended
  }
  const {stdout, code} = await run('check', '--json')
  const listed = await run('connections', '--json')
  server.close()
  return {check: JSON.parse(stdout), code, listed}
}

it('a default log of another gateway is not counted as this one, and what is unknown is said to be', async () => {
  const {check, code, listed} = await lookBesideAnother()
  expect(check.problems.map(({id}) => id)).toContain('log-of-another')
  expect(check.problems.map(({id}) => id)).not.toContain('token-mismatch')
  expect([check.counters.gatewayAuthFailures, code === 0]).toEqual([0, false])
  expect([listed.code, listed.stdout]).toEqual([3, ''])
  expect(listed.stderr).toContain('is not the log of this gateway')
})
