import {type ChildProcess, spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import fs from 'node:fs'
import {createServer} from 'node:net'
import os from 'node:os'
import path from 'node:path'
import {afterEach, describe, expect, onTestFinished, test, vi} from 'vitest'
import type {Connection, SocketTable} from '../../src/domain/live/socket.ts'
import {watchSockets} from '../../src/sources/live/sockets.ts'
import {macReader} from '../../src/sources/live/sockets-mac.ts'
import {lsofReader, procReader, type SocketReader, type SocketReading} from '../../src/sources/live/sockets-read.ts'
import {scratchFolder} from '../stress/recorder.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

const listening = async (): Promise<number> => {
  const server = createServer(socket => socket.on('error', () => {}))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as {port: number}).port
}

/** A process of its own that holds a connection, and the port it came from. */
const holder = async (port: number): Promise<{child: ChildProcess; from: number}> => {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'holder.ts'), String(port), 'a-secret-token'])
  onTestFinished(() => void child.kill('SIGKILL'))
  const [text] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
  return {child, from: Number(String(text))}
}

const watching = (port: number, reader?: SocketReader) => {
  const tables: SocketTable[] = []
  const sockets = watchSockets({
    port,
    everyMs: 50,
    share: 1,
    onChange: table => void tables.push(table),
    ...(reader ? {reader} : {}),
  })
  onTestFinished(sockets.close)
  const open = (): Connection[] => (tables.at(-1)?.connections ?? []).filter(connection => connection.open)
  return {...sockets, tables, open}
}

const readers: [string, SocketReader][] = []
if (spawnSync('lsof', ['-v']).error === undefined) readers.push(['lsof', lsofReader()])
if (process.platform === 'linux') readers.unshift(['/proc', procReader()])

describe.each(readers)('by %s', (_name, reader) => {
  test('who holds a connection, by process, until it lets go', async () => {
    const port = await listening()
    const {open, tables, ownerOf} = watching(port, reader)
    await vi.waitFor(() => expect(tables.at(-1)?.listeners).toMatchObject([{pid: process.pid, host: '127.0.0.1'}]))
    expect(open()).toEqual([])
    const {child, from} = await holder(port)
    const endpoint = `127.0.0.1:${from}->127.0.0.1:${port}`
    const owner = {pid: child.pid, process: 'node holder.ts', user: os.userInfo().username}
    await vi.waitFor(() => expect(open()).toMatchObject([{endpoint, owner}]), {timeout: 5000})
    expect(JSON.stringify(tables)).not.toContain('a-secret-token')
    expect(open()[0]?.notYetAt).toBeGreaterThan(0)
    child.kill('SIGKILL')
    await vi.waitFor(() => expect(open()).toEqual([]), {timeout: 5000})
    expect(ownerOf(endpoint)).toEqual(owner)
    expect(ownerOf(`[::ffff:127.0.0.1]:${from}->[::ffff:127.0.0.1]:${port}`)).toEqual(owner)
    expect(ownerOf('127.0.0.1:1->127.0.0.1:2')).toBeNull()
  })
})

test('what was there before is known to have been', async () => {
  const port = await listening()
  await holder(port)
  const {open} = watching(port)
  await vi.waitFor(() => expect(open()).toMatchObject([{notYetAt: null}]))
})

test('a nudge is answered even where nothing has changed', async () => {
  const {nudge, tables} = watching(1, async () => ({ends: []}))
  await vi.waitFor(() => expect(tables).toHaveLength(1))
  nudge()
  await vi.waitFor(() => expect(tables).toHaveLength(2))
})

describe('what it costs', () => {
  const costly = (ms: number) => {
    let looks = 0
    const reader: SocketReader = () =>
      new Promise<SocketReading>(resolve => {
        looks += 1
        setTimeout(() => resolve({ends: []}), ms)
      })
    return {reader, looks: () => looks}
  }
  const aMinute = async (lookMs: number, disturb: (sockets: ReturnType<typeof watchSockets>) => void): Promise<number> => {
    vi.useFakeTimers()
    const {reader, looks} = costly(lookMs)
    const sockets = watchSockets({port: 1, onChange: () => {}, reader})
    for (let at = 0; at < 60_000; at += 50) {
      disturb(sockets)
      await vi.advanceTimersByTimeAsync(50)
    }
    sockets.close()
    return looks()
  }
  /** Its share of a minute, and what is saved up at the start: with what is done about it, less than a percent of a core. */
  const max = 0.0075 * (60_000 + 15_000)

  test.each([1, 20, 200])('a look of %d ms, in a storm of nudges: no more than a percent of a core', async ms => {
    const looks = await aMinute(ms, sockets => sockets.nudge())
    expect(looks * ms).toBeLessThanOrEqual(max + ms)
    expect(looks * ms).toBeGreaterThan(ms === 1 ? 300 : 400)
  })

  test('nor when it is to look closely', async () => {
    expect((await aMinute(10, sockets => sockets.closely(60_000))) * 10).toBeLessThanOrEqual(max + 10)
  })

  test('undisturbed, it looks every second', async () => {
    expect(await aMinute(1, () => {})).toBe(60)
  })

  test('closed, it looks no more', async () => {
    vi.useFakeTimers()
    const {reader, looks} = costly(1)
    const sockets = watchSockets({port: 1, onChange: () => {}, reader})
    await vi.advanceTimersByTimeAsync(100)
    sockets.close()
    sockets.nudge()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(looks()).toBe(1)
  })
})

describe('where nothing is told', () => {
  test.each([
    ['a system without a way', null, /not told on this system/],
    ['no table to read', procReader('/nowhere'), /cannot be read/],
    ['a reader that fails', () => Promise.reject(new Error('broken')), /broken/],
  ] as const)('%s', async (_what, reader, problem) => {
    const tables: SocketTable[] = []
    const sockets = watchSockets({port: 1, onChange: table => void tables.push(table), reader})
    onTestFinished(sockets.close)
    await vi.waitFor(() => expect(tables.at(-1)?.problem).toMatch(problem))
    expect(tables.at(-1)).toMatchObject({connections: [], listeners: []})
  })

  const stub = (name: string, script: string, folder = scratchFolder()): string => {
    fs.writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`, {mode: 0o755})
    return folder
  }

  test('no lsof on the path', async () => {
    vi.stubEnv('PATH', scratchFolder())
    expect(await lsofReader()(1)).toEqual({problem: 'there is no lsof here'})
  })

  test('lsof that finds nothing ends with 1, and that is no problem', async () => {
    vi.stubEnv('PATH', stub('lsof', 'exit 1'))
    expect(await lsofReader()(1)).toEqual({ends: []})
  })

  test('on macOS lsof cuts names short, ps has them whole, and is asked once for each process', async () => {
    const folder = scratchFolder()
    stub(
      'lsof',
      "printf 'p501\\ncOpenClaw\\nu501\\nLops\\nf12\\nn127.0.0.1:5->127.0.0.1:1\\nTST=ESTABLISHED\\np502\\ncGoogle\\\\x20Ch\\nu501\\nLops\\nf9\\nn127.0.0.1:6->127.0.0.1:1\\nTST=ESTABLISHED\\n'",
      folder,
    )
    stub(
      'ps',
      `echo "$*" >> ${folder}/asked; echo '  502 /Applications/Google Chrome.app/Contents/MacOS/Google Chrome --type=x'`,
      folder,
    )
    vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`)
    const reader = lsofReader()
    await reader(1)
    expect(await reader(1)).toMatchObject({
      ends: [
        {process: 'OpenClaw', pid: 501},
        {process: 'Google Chrome', pid: 502, user: 'ops'},
      ],
    })
    const asked = fs.readFileSync(`${folder}/asked`, 'utf8').trim().split('\n')
    expect(asked[0]).toBe('-ww -o pid=,args= -p 501,502')
    expect(asked.filter(line => line.includes('502'))).toHaveLength(1)
  })

  describe('on macOS', () => {
    const listed = fs.readFileSync(path.join(import.meta.dirname, '../fixtures/macos/netstat-macos26.txt'), 'utf8')
    const mac = (lsof: string, netstat: string | null): {folder: string; env: NodeJS.ProcessEnv; asked: () => string} => {
      const folder = stub('lsof', `echo lsof >>"$ASKED"; ${lsof}`)
      if (netstat !== null) stub('netstat', `echo netstat >>"$ASKED"; ${netstat}`, folder)
      stub('ps', `case "$*" in *uid=*) echo '13942 502 other' ;; esac`, folder)
      const asked = path.join(folder, 'asked')
      return {folder, env: {PATH: folder, ASKED: asked}, asked: () => fs.readFileSync(asked, 'utf8').trim()}
    }
    const netstat = `echo '${listed}'`

    test('an empty answer of lsof is no answer: netstat lists the connections of all accounts', async () => {
      const {env} = mac('exit 1', netstat)
      expect(await macReader(env, 501)(5173)).toMatchObject({
        ends: [{state: 'listening', pid: 13_942, process: 'node', uid: 502, user: 'other'}],
      })
      expect(await macReader(env, 501)(1)).toEqual({ends: []})
    })

    test('without netstat nothing is known, but for root', async () => {
      const {env} = mac('exit 1', null)
      const because = 'lsof shows the processes of this account only, and there is no netstat here'
      expect(await macReader(env, 501)(5173)).toEqual({problem: because})
      expect(await macReader(env, 0)(5173)).toEqual({ends: []})
    })

    test('netstat in a form of its own is no empty list', async () => {
      const {env} = mac('exit 1', 'echo Active Internet connections')
      expect(await macReader(env, 501)(5173)).toMatchObject({problem: expect.stringContaining('gave no list')})
    })

    test('an own listener is enough, and lsof is not waited for on volumes that do not answer', async () => {
      const {env, asked} = mac(`printf 'p7\\ncnode\\nu501\\nLops\\nf1\\nn*:5173\\nTST=LISTEN\\n'; echo "$*" >>"$ASKED"`, netstat)
      expect(await macReader(env, 501)(5173)).toMatchObject({ends: [{pid: 7, local: {host: '*'}, user: 'ops'}]})
      expect(asked()).toBe('lsof\n-b -w -nP -iTCP:5173 -F pcnLuT')
    })

    test('lsof that was slow once rests, and netstat goes on', async () => {
      const {env, asked} = mac('exec /bin/sleep 30', netstat)
      const reader = macReader(env, 501)
      for (let looks = 0; looks < 3; looks += 1) expect(await reader(5173)).toMatchObject({ends: [{pid: 13_942}]})
      expect(asked().split('\n')).toEqual(['lsof', 'netstat', 'netstat', 'netstat'])
    })
  })
})
