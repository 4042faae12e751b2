import {once} from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import {setTimeout as pause} from 'node:timers/promises'
import {beforeAll, describe, expect, test} from 'vitest'
import {built} from '../e2e/built.ts'
import {isAlive} from './alive.ts'
import {distances} from './distant.ts'
import {begun, type Ended, gatecrab, jsonLines, type Room, type Running, room} from './gatecrab.ts'
import {freshRefusal} from './refusal.ts'

beforeAll(built)

type Row = Record<string, unknown>

const run = async (argv: readonly string[], home: Room, env: NodeJS.ProcessEnv): Promise<Ended> => {
  using running = begun(argv, home.folder, env)
  running.child.stdin.end()
  return await running.ended
}

const rowsOf = ({stdout}: Ended): Row[] => JSON.parse(stdout).hosts

const storm = (log: string): void => {
  for (let n = 0; n < 8; n += 1) fs.appendFileSync(log, freshRefusal(n))
}

const until = async (running: Running, isThere: (rows: Row[]) => boolean): Promise<Row[]> => {
  await running.until(({stdout}) => isThere(jsonLines(stdout.slice(0, stdout.lastIndexOf('\n') + 1))))
  return jsonLines(running.said().stdout)
}

describe('check --host', () => {
  test('asks the gatecrab beside each gateway, through ssh', async () => {
    using home = room()
    const {env, machine, calls} = distances(home)
    machine('mini')
    storm(machine('ops@studio').log)
    const ended = await run(['check', '--host', 'mini', '--host', 'ops@studio', '--json'], home, env)
    expect([ended.code, ended.stderr]).toEqual([1, ''])
    expect(rowsOf(ended)).toEqual([
      expect.objectContaining({host: 'mini', verdict: 'broken', clients: {refused: 0, in: 0}, unreachable: null}),
      expect.objectContaining({host: 'ops@studio', verdict: 'broken', clients: {refused: 1, in: 0}, unreachable: null}),
    ])
    expect(
      calls()
        .map(({host}) => host)
        .toSorted(),
    ).toEqual(['mini', 'ops@studio'])
    for (const {argv} of calls())
      expect(argv).toEqual(expect.arrayContaining(['-T', 'BatchMode=yes', 'ClearAllForwardings=yes', 'ForwardAgent=no', '--']))
  })

  test('in words, with what helps', async () => {
    using home = room()
    const {env, machine, behave} = distances(home)
    storm(machine('mini').log)
    behave('studio', 'echo "ops@studio: Permission denied (publickey)." >&2; exit 255')
    const {code, stdout} = await run(['check', '--host', 'mini', '--host', 'studio'], home, env)
    expect(code).toBe(1)
    expect(stdout).toMatch(/● 1 broken {2}✗ 1 out of reach/)
    expect(stdout).toContain('A client was refused before the gateway ended: password')
    expect(stdout).toContain('studio refused the ssh login')
  })

  test.each([
    ['ops@mini: Permission denied (publickey,password).', 255, 'mini refused the ssh login'],
    ['Host key verification failed.', 255, 'The host key of mini is not known here'],
    [
      '@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.',
      255,
      'The host key of mini has changed',
    ],
    ['ssh: Could not resolve hostname mini: Name or service not known', 255, 'mini is not known'],
    ['ssh: connect to host mini port 22: Connection refused', 255, 'mini takes no ssh connection'],
    ['ssh: connect to host mini port 22: No route to host', 255, 'mini does not answer'],
    ['sh: 1: exec: gatecrab: not found', 127, 'gatecrab is not installed on mini'],
    ['zsh:1: command not found: gatecrab', 127, 'gatecrab is not installed on mini'],
    ["/usr/bin/env: 'node': No such file or directory", 127, 'Node is not installed on mini'],
    ['gatecrab needs Node 22.19 or newer; this is v18.0.0.', 1, 'The Node on mini is too old'],
    ["gatecrab: Unknown option '--every'.", 64, 'The gatecrab on mini is older'],
    ['', 255, 'The line to mini was cut'],
    ['something \u001b[31mnew', 9, 'gatecrab on mini ended with 9'],
  ])('says what ssh meant by %j', async (text, code, title) => {
    using home = room()
    const {env, behave} = distances(home)
    behave('mini', `printf '%s' "${text.replaceAll('"', '\\"')}" >&2; exit ${code}`)
    const ended = await run(['check', '--host', 'mini', '--json'], home, env)
    expect(ended.code).toBe(3)
    expect(rowsOf(ended)[0]).toMatchObject({
      standing: 'unreachable',
      verdict: null,
      unreachable: {title: expect.stringContaining(title), tryThis: expect.any(String)},
    })
    expect(ended.stdout).not.toContain('\\u001b')
  })

  test('says that there is no ssh', async () => {
    using home = room()
    const ended = await run(['check', '--host', 'mini', '--json'], home, {PATH: home.folder})
    expect(rowsOf(ended)[0]).toMatchObject({unreachable: {because: 'there is no ssh on this machine'}})
  })

  test('takes another command for gatecrab, as the shell there understands it', async () => {
    using home = room()
    const {env, machine} = distances(home)
    machine('mini')
    fs.writeFileSync(home.file('it is here'), '#!/bin/sh\nexec gatecrab "$@"\n', {mode: 0o755})
    const ended = await run(['check', '--host', 'mini', '--gatecrab', `'${home.folder}/it is here'`, '--json'], home, env)
    expect(rowsOf(ended)[0]).toMatchObject({verdict: 'broken', unreachable: null})
  })

  test('what a stranger says there is cleaned, bounded, and never taken for more', async () => {
    using home = room()
    const {env, behave} = distances(home)
    const wild = {
      verdict: 'ok',
      now: new Date().toISOString(),
      gateway: {release: '2026\u001b]0;owned\u0007.9.6', reach: 'up'},
      clients: {refused: -5, in: 'many'},
      problems: Array.from({length: 300}, (_, i) => ({
        id: `p${i}`,
        title: `\u001b[2J\u202e${'x'.repeat(500)}`,
        tryThis: 'rm -rf',
      })),
      profiles: {nextEndAt: 'soon'},
      host: 'elsewhere',
    }
    fs.writeFileSync(home.file('wild.json'), JSON.stringify(wild))
    behave('mini', `cat '${home.folder}/wild.json'; exit 0`)
    const ended = await run(['check', '--host', 'mini', '--json'], home, env)
    const [row] = rowsOf(ended)
    expect(row).toMatchObject({host: 'mini', release: '2026.9.6', clients: {refused: 0, in: 0}, nextEndAt: null})
    expect(row?.['problems']).toHaveLength(30)
    expect(ended.stdout).not.toMatch(/\\u001b|\u202e|x{300}/)
  })

  test.each([
    ['no JSON at all', 'echo hello; exit 0'],
    ['other JSON', `echo '{"verdict":"splendid"}'; exit 0`],
    ['far too much', 'head -c 9000000 /dev/zero | tr "\\0" x; exit 0'],
    ['far too many lines', 'yes | head -n 100000; exit 0'],
  ])('%s is no word', async (_what, script) => {
    using home = room()
    const {env, behave} = distances(home)
    behave('mini', script)
    const ended = await run(['check', '--host', 'mini', '--json'], home, env)
    expect([ended.code, rowsOf(ended)[0]?.['standing']]).toEqual([3, 'unreachable'])
  })

  test.each(['-oProxyCommand=id', '-l', 'mini;id', 'mini id', '$(id)', 'ops@-oX', '`id`', 'a\nb', ''])(
    '%j is no host, and ssh is not started',
    async host => {
      using home = room()
      const {env, calls} = distances(home)
      const {code, stderr} = await run(['check', `--host=${host}`], home, env)
      expect([code, stderr]).toEqual([64, expect.stringContaining('Unknown --host')])
      expect(calls()).toEqual([])
    },
  )

  test.each([
    ['--log', 'x'],
    ['--state-dir', '/srv'],
    ['--url', 'ws://127.0.0.1:1'],
  ])('%s is said to the gatecrab there', async (flag, value) => {
    using home = room()
    const {env, calls} = distances(home)
    const {code, stderr} = await run(['check', '--host', 'mini', flag, value], home, env)
    expect([code, stderr]).toEqual([64, expect.stringContaining(`--gatecrab "gatecrab ${flag} …"`)])
    expect(calls()).toEqual([])
  })

  test('names that ssh knows are taken', async () => {
    using home = room()
    const {env, calls, behave} = distances(home)
    const hosts = ['mini', 'ops@mini.local', '203.0.113.7', '[2001:db8::7]', 'ops_1@gw-2.example']
    for (const host of hosts) behave(host, 'exit 255')
    await run(['check', ...hosts.flatMap(host => ['--host', host])], home, env)
    expect(
      calls()
        .map(({host}) => host)
        .toSorted(),
    ).toEqual(hosts.toSorted())
  })
})

describe('check --watch --host', () => {
  test('tells of each when it begins, changes, is lost and comes back, and ends its ssh with itself', async () => {
    using home = room()
    const {env, machine, behave, calls} = distances(home)
    const {log} = machine('mini')
    behave('studio', 'echo "Host key verification failed." >&2; exit 255')
    using running = begun(['check', '--watch', '--host', 'mini', '--host', 'studio'], home.folder, env)
    const first = await until(running, rows => rows.length >= 2)
    expect(first.map(({host, event}) => [host, event]).toSorted()).toEqual([
      ['mini', 'began'],
      ['studio', 'lost'],
    ])
    storm(log)
    const changed = await until(running, rows => rows.some(({event}) => event === 'changed'))
    expect(changed.find(({event}) => event === 'changed')).toMatchObject({host: 'mini', clients: {refused: 1}})
    const [line] = calls().filter(({host}) => host === 'mini')
    process.kill(line?.pid ?? 0, 'SIGTERM')
    const lost = await until(running, rows => rows.some(({host, event}) => host === 'mini' && event === 'lost'))
    expect(lost.find(({host, event}) => host === 'mini' && event === 'lost')).toMatchObject({
      standing: 'unreachable',
      verdict: 'broken',
      retryAt: expect.any(String),
    })
    await until(running, rows => rows.some(({host, event}) => host === 'mini' && event === 'back'))
    running.child.kill('SIGINT')
    expect((await running.ended).code).toBe(130)
    while (calls().some(({pid}) => isAlive(pid))) await pause(20)
    expect(calls().filter(({host}) => host === 'studio')).toHaveLength(1)
  })
})

describe('metrics --host', () => {
  test('prints how each stands', async () => {
    using home = room()
    const {env, machine, behave} = distances(home)
    machine('mini')
    behave('studio', 'exit 255')
    const {code, stdout} = await run(['metrics', '--print', '--host', 'mini', '--host', 'studio'], home, env)
    expect(code).toBe(0)
    expect(stdout).toContain('gatecrab_fleet_standing{host="mini",standing="broken"} 1')
    expect(stdout).toContain('gatecrab_fleet_standing{host="studio",standing="unreachable"} 1')
    expect(stdout).toContain('gatecrab_fleet_refused_clients{host="mini"} 0')
    expect(stdout).toMatch(/gatecrab_build_info\{.*\} 1/)
  })

  test('serves them', async () => {
    using home = room()
    const {env, machine} = distances(home)
    machine('mini')
    using running = begun(['metrics', '--listen', '127.0.0.1:0', '--host', 'mini'], home.folder, env)
    while (!running.said().stderr.includes('/metrics')) await once(running.child.stderr, 'data')
    const url = /http:\S+/.exec(running.said().stderr)?.[0] ?? ''
    const page = async (): Promise<string> => {
      const [response] = (await once(http.get(url), 'response')) as [http.IncomingMessage]
      return (await response.toArray()).join('')
    }
    while (!(await page()).includes('standing="broken"} 1')) await pause(100)
    running.child.kill('SIGTERM')
    expect((await running.ended).code).toBe(130)
  })
})

test('without a terminal the screen on several gateways is one look at each', async () => {
  using home = room()
  const {env, machine} = distances(home)
  machine('mini')
  const {code, stdout} = await run(['--host', 'mini'], home, env)
  expect([code, stdout]).toEqual([1, expect.stringContaining('1 broken')])
})

test('the flags stand in the help', async () => {
  for (const command of ['check', 'metrics', 'watch']) {
    const {stdout} = await gatecrab([command, '--help'])
    expect(stdout).toContain('--host HOST')
    expect(stdout).toContain('--gatecrab CMD')
  }
})
