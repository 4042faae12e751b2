import {spawn} from 'node:child_process'
import {once} from 'node:events'
import fs from 'node:fs'
import {connect, createServer, type Server} from 'node:net'
import path from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {readListeners} from '../../src/sources/live/listener-read.ts'
import {socketReader} from '../../src/sources/live/sockets-mac.ts'
import {freePort} from '../cli/free-port.ts'
import {scratchFolder} from '../stress/recorder.ts'
import {hasSudo, keep, onMac, run, said} from './proof.ts'

const listening = async (host: string, port = 0): Promise<{server: Server; port: number}> => {
  const server = createServer(socket => socket.resume()).listen(port, host)
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const address = server.address()
  return {server, port: typeof address === 'object' ? (address?.port ?? 0) : 0}
}

const endsAt = async (port: number, env: NodeJS.ProcessEnv = process.env) => {
  const read = await socketReader(process.platform, env)?.(port)
  if (!read || 'problem' in read) throw new Error(read?.problem ?? 'no reader of sockets for this system')
  return read.ends
}

onMac('the list of connections', () => {
  test.each(['127.0.0.1', '::1'])('a listener of ours on %s and its client, both with their process', async host => {
    const {port} = await listening(host)
    const client = connect(port, host)
    onTestFinished(() => void client.destroy())
    await once(client, 'connect')
    keep(`lsof-own-${host.includes(':') ? '6' : '4'}`, said('lsof', '-b', '-w', '-nP', `-iTCP:${port}`, '-F', 'pcnLuT'))
    const ends = await endsAt(port)
    expect(ends.filter(({state}) => state === 'listening')).toMatchObject([{pid: process.pid}])
    expect(ends.filter(({state}) => state === 'open').length).toBe(2)
  })

  test('is there with the short PATH of cron and launchd', async () => {
    const {port} = await listening('127.0.0.1')
    expect((await endsAt(port, {PATH: '/usr/bin:/bin'})).some(({state}) => state === 'listening')).toBe(true)
  })

  test('a port that nobody has is empty', async () => expect(await endsAt(await freePort())).toEqual([]))

  test('takes less than a second', async () => {
    const {port} = await listening('127.0.0.1')
    const began = performance.now()
    await endsAt(port)
    expect(performance.now() - began).toBeLessThan(1000)
  })

  test('a program with a blank in its name keeps the whole of it', async () => {
    const program = path.join(scratchFolder(), 'two words')
    fs.copyFileSync(process.execPath, program)
    fs.chmodSync(program, 0o755)
    const script = "require('net').createServer().listen(0,'127.0.0.1',function(){console.log(this.address().port)})"
    const child = spawn(program, ['-e', script])
    onTestFinished(() => void child.kill())
    const [port] = await once(child.stdout, 'data')
    keep('lsof-blank-in-name', said('lsof', '-nP', `-iTCP:${Number(port)}`, '-F', 'pcnLuT'))
    const [listener] = (await endsAt(Number(port))).filter(({state}) => state === 'listening')
    expect(listener).toMatchObject({pid: child.pid, process: 'two words'})
  })

  test.skipIf(!hasSudo())('a listener of another account is there, by netstat, and is no empty port', async () => {
    const port = await freePort()
    const script = `require('net').createServer().listen(${port},'127.0.0.1',()=>console.log('ready'))`
    const child = spawn('sudo', ['-n', '-u', 'nobody', process.execPath, '-e', script])
    onTestFinished(() => void run('sudo', '-n', 'pkill', '-P', String(child.pid)))
    await once(child.stdout, 'data')
    keep('netstat-anv', said('netstat', '-anv', '-p', 'tcp'))
    expect((await endsAt(port)).some(({state}) => state === 'listening')).toBe(true)
    const seen = await readListeners(port)
    expect('listeners' in seen && seen.listeners.length).toBe(1)
  })
})
