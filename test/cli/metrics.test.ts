import {execFileSync, spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import {setTimeout as pause} from 'node:timers/promises'
import {beforeAll, describe, expect, test} from 'vitest'
import {built} from '../e2e/built.ts'
import {captured, sum} from '../stories/captures.ts'
import {freePort} from './free-port.ts'
import {begun, gatecrab, jsonLines, type Room, type Running, room} from './gatecrab.ts'
import {refusal} from './refusal.ts'

beforeAll(built)

type Samples = Map<string, number>

const samplesIn = (page: string): Samples =>
  new Map(
    page
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('#'))
      .map(line => {
        const cut = line.lastIndexOf(' ')
        return [line.slice(0, cut), Number(line.slice(cut + 1))]
      }),
  )

const total = (samples: Samples, name: string, ...having: string[]): number =>
  sum(
    Array.from(samples)
      .filter(([key]) => key.startsWith(name) && having.every(label => key.includes(label)))
      .map(([, value]) => value),
  )

const get = async (url: string, method = 'GET'): Promise<{status: number; type: string; text: string}> => {
  const request = http.request(url, {method}).end()
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  let text = ''
  for await (const part of response) text += part
  return {status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text}
}

const addressIn = (stderr: string): string | undefined => /metrics at (http:\S+)/.exec(stderr)?.[1]

/** Until it has said where it listens. */
const listening = async (argv: readonly string[], home: Room): Promise<{running: Running; url: string}> => {
  const running = begun(['metrics', '--listen', '127.0.0.1:0', ...argv], home.folder)
  while (addressIn(running.said().stderr) === undefined) await once(running.child.stderr, 'data')
  return {running, url: addressIn(running.said().stderr) ?? ''}
}

const day = ['--now', '2026-11-21T10:20:00Z', '--since', '2026-01-01T00:00:00Z']

describe('metrics --print', () => {
  test.each([
    ['2026.9.6', 'default-level.jsonl'],
    ['2026.9.6', 'rate-limit.jsonl'],
    ['2026.9.6', 'restart.jsonl'],
    ['2026.8.2', 'default-level.jsonl'],
    ['2026.6.11', 'rate-limit.jsonl'],
    ['2026.2.26', 'verbose.jsonl'],
    ['2026.1.29', 'token-rotation.jsonl'],
  ])('prints the numbers that connections prints: %s %s', async (release, story) => {
    const log = captured(release, story)
    const [{code, stdout, stderr}, listed] = await Promise.all([
      gatecrab(['metrics', '--print', '--log', log, ...day]),
      gatecrab(['connections', '--json', '--log', log]),
    ])
    expect([code, stderr]).toEqual([0, ''])
    const samples = samplesIn(stdout)
    const rows = jsonLines(listed.stdout)
    const counted = (query: (row: Record<string, unknown>) => boolean) =>
      sum(rows.filter(query).map(({alsoHidden}) => 1 + Number(alsoHidden)))
    for (const outcome of ['connected', 'refused', 'left'])
      expect(total(samples, 'gatecrab_attempts_total', `"${outcome}"`)).toBe(counted(row => row['outcome'] === outcome))
    const away = rows.filter(({outcome}) => outcome === 'refused' || outcome === 'left')
    expect(away.length).toBeGreaterThan(0)
    for (const reason of new Set(away.map(row => row['reason'])))
      expect([reason, total(samples, 'gatecrab_refusals_total', `reason="${reason}"`)]).toEqual([
        reason,
        counted(row => row['reason'] === reason && row['outcome'] !== 'connected'),
      ])
    expect(total(samples, 'gatecrab_hidden_attempts_total')).toBe(sum(rows.map(({alsoHidden}) => Number(alsoHidden))))
  })

  test('of a pipe, to its end', async () => {
    const log = captured('2026.9.6', 'default-level.jsonl')
    const {code, stdout} = await gatecrab(['metrics', '--print', '--log', '-', ...day], fs.readFileSync(log, 'utf8'))
    expect([code, total(samplesIn(stdout), 'gatecrab_attempts_total', 'refused')]).toEqual([0, 37])
  })

  test('of no gateway is 3, and says why', async () => {
    const {code, stdout, stderr} = await gatecrab(['metrics', '--print'])
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toContain('no-such.log')
  })
})

describe('metrics --listen', () => {
  test('counts what is appended, over rotations by name and by day, and ends by a signal', async () => {
    using home = room()
    const file = home.file('gw.jsonl', refusal(1))
    const {running, url} = await listening(['--log', file], home)
    using _ = running
    const seen = async (count: number): Promise<Samples> => {
      for (;;) {
        const samples = samplesIn((await get(url)).text)
        const found = total(samples, 'gatecrab_attempts_total', 'refused')
        expect(found).toBeLessThanOrEqual(count)
        if (found === count) return samples
        await pause(30)
      }
    }
    await seen(1)
    fs.appendFileSync(file, refusal(2))
    await seen(2)
    fs.renameSync(file, home.file('gw.1.jsonl'))
    fs.writeFileSync(file, refusal(3))
    await seen(3)
    fs.truncateSync(file)
    await pause(400)
    fs.appendFileSync(file, refusal(4))
    const samples = await seen(4)
    expect(total(samples, 'gatecrab_logs', 'reading')).toBe(1)
    running.child.kill('SIGTERM')
    expect(await running.ended).toMatchObject({code: 130, stdout: ''})
  })

  test('goes on from the log of one day into that of the next', async () => {
    using home = room()
    home.file('openclaw-2026-11-20.log', refusal(1))
    const {running, url} = await listening(['--log', home.folder], home)
    using _ = running
    const refused = async () => total(samplesIn((await get(url)).text), 'gatecrab_attempts_total', 'refused')
    expect(await refused()).toBe(1)
    home.file('openclaw-2026-11-21.log', refusal(2) + refusal(3))
    while ((await refused()) < 3) await pause(30)
    expect(await refused()).toBe(3)
  })

  test('serves the page as Prometheus wants it, and nothing else', async () => {
    using home = room()
    const {running, url} = await listening(['--log', home.file('gw.jsonl', refusal(1))], home)
    using _ = running
    expect(await get(url)).toMatchObject({status: 200, type: 'text/plain; version=0.0.4; charset=utf-8'})
    expect(await get(`${url}?debug=1`)).toMatchObject({status: 200})
    expect(await get(url, 'HEAD')).toMatchObject({status: 200, text: ''})
    expect(await get(url, 'POST')).toMatchObject({status: 405})
    expect(await get(url.replace('/metrics', '/etc/passwd'))).toMatchObject({status: 404})
    expect(await get(url.replace('/metrics', '/'))).toMatchObject({status: 200, text: expect.stringContaining('/metrics')})
  })

  test('says that the port is taken', async () => {
    using home = room()
    const server = net.createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const {port} = server.address() as net.AddressInfo
    using running = begun(['metrics', '--listen', `127.0.0.1:${port}`, '--log', home.file('gw.jsonl', '')], home.folder)
    const {code, stdout, stderr} = await running.ended
    server.close()
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toContain(`Cannot listen on 127.0.0.1:${port}: another program listens there already`)
  })

  test('warns where other machines can reach it, and not where they cannot', async () => {
    using home = room()
    const log = home.file('gw.jsonl', '')
    const inside = await listening(['--log', log], home)
    inside.running.child.kill('SIGINT')
    expect((await inside.running.ended).stderr).not.toContain('other machines')
    using open = begun(['metrics', '--listen', '0.0.0.0:0', '--log', log], home.folder)
    while (addressIn(open.said().stderr) === undefined) await once(open.child.stderr, 'data')
    expect(open.said().stderr).toContain('can be reached from other machines')
  })

  test.each(['mini', '127.0.0.1:x', '127.0.0.1:70000', 'a b:1', '-x:1'])('%s is no address', async text => {
    const {code, stderr} = await gatecrab(['metrics', `--listen=${text}`])
    expect([code, stderr]).toEqual([64, expect.stringContaining('--listen 127.0.0.1:9464')])
  })
})

const hasPromtool = spawnSync('promtool', ['--version']).status === 0

/** Debian's package prometheus has it. */
describe.skipIf(!hasPromtool)('promtool finds nothing wrong (needs promtool on the PATH)', () => {
  test('with the rules', async () => {
    using home = room()
    const file = home.file('rules.yml', (await gatecrab(['metrics', '--rules'])).stdout)
    expect(execFileSync('promtool', ['check', 'rules', file], {encoding: 'utf8'})).toMatch(/SUCCESS: \d+ rules found/)
  })

  test('with the metrics', async () => {
    const log = captured('2026.9.6', 'default-level.jsonl')
    const {stdout} = await gatecrab(['metrics', '--print', '--log', log, ...day])
    const {status, stderr} = spawnSync('promtool', ['check', 'metrics'], {input: stdout, encoding: 'utf8'})
    expect([status, stderr]).toEqual([0, ''])
  })
})

const hasPrometheus = spawnSync('prometheus', ['--version']).status === 0

type Vector = {data: {result: {metric: Record<string, string>; value: [number, string]}[]}}

describe.skipIf(!hasPrometheus)('the real Prometheus (needs prometheus on the PATH)', () => {
  test('scrapes it, loads its rules, and answers with the numbers that connections prints', async () => {
    using home = room()
    const log = captured('2026.9.6', 'default-level.jsonl')
    const {running, url} = await listening(['--log', log, ...day], home)
    using _ = running
    home.file('rules.yml', (await gatecrab(['metrics', '--rules'])).stdout)
    const target = new URL(url).host
    home.file(
      'prometheus.yml',
      JSON.stringify({
        global: {scrape_interval: '1s', evaluation_interval: '1s'},
        rule_files: ['rules.yml'],
        scrape_configs: [{job_name: 'gatecrab', static_configs: [{targets: [target]}]}],
      }),
    )
    const at = `127.0.0.1:${await freePort()}`
    const prometheus = spawn(
      'prometheus',
      ['--config.file=prometheus.yml', '--storage.tsdb.path=data', `--web.listen-address=${at}`],
      {cwd: home.folder, stdio: 'ignore'},
    )
    const api = async <T>(path: string): Promise<T | null> => {
      try {
        return JSON.parse((await get(`http://${at}/api/v1/${path}`)).text)
      } catch {
        return null
      }
    }
    const query = async (expr: string): Promise<Vector['data']['result']> => {
      for (;;) {
        const {result = []} = (await api<Vector>(`query?query=${encodeURIComponent(expr)}`))?.data ?? {}
        if (result.length > 0) return result
        await pause(200)
      }
    }
    try {
      const byReason = await query('sum by (reason) (gatecrab_refusals_total)')
      const rows = jsonLines((await gatecrab(['connections', '--json', '--log', log])).stdout)
      const away = Map.groupBy(
        rows.filter(({outcome}) => outcome !== 'connected' && outcome !== 'pending'),
        ({reason}) => String(reason),
      )
      expect(Object.fromEntries(byReason.map(({metric, value}) => [metric['reason'], Number(value[1])]))).toEqual(
        Object.fromEntries(Array.from(away, ([reason, found]) => [reason, sum(found.map(row => 1 + Number(row['alsoHidden'])))])),
      )
      const firing = await query('ALERTS{alertname="GatecrabGatewayDown"}')
      expect(firing[0]?.metric).toMatchObject({severity: 'critical'})
      const rules = await api<{data: {groups: {rules: {health: string; lastError?: string}[]}[]}}>('rules')
      const found = rules?.data.groups.flatMap(group => group.rules) ?? []
      expect(found.length).toBeGreaterThan(8)
      expect(found.filter(({lastError}) => lastError)).toEqual([])
    } finally {
      prometheus.kill('SIGTERM')
      await once(prometheus, 'exit')
    }
  })
})

test('the dashboard is a JSON document', async () => {
  const {code, stdout} = await gatecrab(['metrics', '--dashboard'])
  expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({uid: 'gatecrab', panels: expect.any(Array)})])
})
