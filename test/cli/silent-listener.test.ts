import {once} from 'node:events'
import fs from 'node:fs'
import type {AddressInfo} from 'node:net'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import {beforeAll, describe, expect, onTestFinished, test, vi} from 'vitest'
import {built} from '../e2e/built.ts'
import {openScreen} from '../e2e/screen.ts'
import {begun, room} from './gatecrab.ts'

beforeAll(built)
vi.setConfig({testTimeout: 120_000})

const token = '5ec2e7f00d5ec2e7f00d5ec2e7f00d5ec2e7f00d5ec2e7f0'

/** A program of this very process that takes connections on the gateway's port and never says a word. */
const begin = async () => {
  const home = room()
  onTestFinished(() => home[Symbol.dispose]())
  let lines = ''
  const open = new Set<net.Socket>()
  const server = net.createServer(socket => {
    open.add(socket)
    socket.on('error', () => {}).on('data', data => (lines += String(data)))
  })
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const {port} = server.address() as AddressInfo
  const logging = {file: path.join(home.folder, 'gateway.jsonl')}
  home.file('openclaw.json', JSON.stringify({gateway: {port, auth: {mode: 'token', token}}, logging}))
  fs.chmodSync(path.join(home.folder, 'openclaw.json'), 0o600)
  return {folder: home.folder, heard: () => lines}
}

const account = os.userInfo().username

describe('a program on the port that takes connections and never answers', () => {
  test('is named by check, which does not say that it is the gateway', async () => {
    const {folder, heard: lines} = await begin()
    using running = begun(['check', '--json', '--state-dir', folder], folder)
    running.child.stdin.end()
    const {gateway, problems} = JSON.parse((await running.ended).stdout)
    expect(gateway.is).toBe('frozen')
    const found = problems.find(({id}: {id: string}) => id === 'gateway-frozen')
    expect(found.because).toMatch(new RegExp(`its port is held by \\S.*, pid ${process.pid}, account ${account}, since 20`))
    expect(found.title).toBe("What has the gateway's port takes connections and says nothing")
    expect(lines()).not.toContain(token.slice(0, 12))
  })

  test('is named on the screen', async () => {
    const {folder, heard: lines} = await begin()
    const args = ['--config', path.join(folder, 'openclaw.json'), '--state-dir', folder]
    const screen = openScreen(args, {cols: 140, rows: 30})
    await screen.waitFor(`(pid ${process.pid}, account ${account}) has the gateway's port and answers no request`)
    await screen.waitFor('FROZEN')
    screen.press('i')
    await screen.waitFor(`pid ${process.pid}, account ${account}`)
    await screen.waitFor("What has the gateway's port takes connections and says nothing")
    expect(lines()).not.toContain(token.slice(0, 12))
    screen.type('q')
  })
})
