import {type ChildProcess, execFileSync, spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import fs from 'node:fs'
import http, {type IncomingMessage} from 'node:http'
import type {AddressInfo} from 'node:net'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest'
import {dial} from '../../src/demo/clients/rpc-client.ts'
import {freePort} from '../cli/free-port.ts'
import {built, bundle} from '../e2e/built.ts'
import {isOnTap, onTap, type Tap} from './traffic-recorder.ts'

const release = '2026.9.6'
const runs = (program: string): boolean => spawnSync(program, ['--version']).status === 0
const alertmanager = ['alertmanager', 'prometheus-alertmanager'].find(runs)
const alert = 'GatecrabGatewayRefusesSignIns'

type Notice = {alerts: {status: 'firing' | 'resolved'; labels: Record<string, string>; annotations: Record<string, string>}[]}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = ''
  for await (const data of request) text += data
  return text
}

/** The rules as they are printed, of which an hour's test has no time to wait for: minutes are seconds. */
const quickRules = (): string =>
  execFileSync(process.execPath, [bundle, 'metrics', '--rules'], {encoding: 'utf8'})
    .replaceAll(/\[\d+m\]/g, '[20s]')
    .replaceAll(/for: \d+m/g, 'for: 1s')

const prometheusConfig = (metrics: string, alerts: string): string =>
  JSON.stringify({
    global: {scrape_interval: '1s', evaluation_interval: '1s'},
    rule_files: ['rules.yml'],
    scrape_configs: [{job_name: 'gatecrab', static_configs: [{targets: [metrics]}]}],
    alerting: {alertmanagers: [{static_configs: [{targets: [alerts]}]}]},
  })

const alertmanagerConfig = (webhook: string): string =>
  JSON.stringify({
    route: {receiver: 'operator', group_by: ['alertname'], group_wait: '1s', group_interval: '1s', repeat_interval: '1h'},
    receivers: [{name: 'operator', webhook_configs: [{url: webhook, send_resolved: true}]}],
  })

describe.runIf(isOnTap(release) && runs('prometheus') && alertmanager !== undefined)(
  'a real gateway, Prometheus and Alertmanager',
  () => {
    let tap: Tap
    const children: ChildProcess[] = []
    const notices: Notice[] = []
    const receiver = http.createServer(async (request, response) => {
      notices.push(JSON.parse(await bodyOf(request)))
      response.end()
    })
    const states = (): string[] =>
      notices
        .flatMap(({alerts}) => alerts)
        .filter(({labels}) => labels['alertname'] === alert)
        .map(({status, labels}) => `${status} ${labels['reason']}`)

    beforeAll(async () => {
      await built()
      tap = onTap(release)
      receiver.listen(0, '127.0.0.1')
      await once(receiver, 'listening')
      const [metrics, alerts, web] = await Promise.all(Array.from({length: 3}, async () => `127.0.0.1:${await freePort()}`))
      const start = (program: string, ...args: string[]): void => {
        const env = {PATH: process.env['PATH'], HOME: tap.home, GATECRAB_STATE_DIR: path.join(tap.home, 'gatecrab')}
        children.push(spawn(program, args, {cwd: tap.home, env, stdio: 'ignore'}))
      }
      fs.writeFileSync(path.join(tap.home, 'rules.yml'), quickRules())
      fs.writeFileSync(path.join(tap.home, 'prometheus.yml'), prometheusConfig(metrics ?? '', alerts ?? ''))
      const webhook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
      fs.writeFileSync(path.join(tap.home, 'alertmanager.yml'), alertmanagerConfig(webhook))
      start(process.execPath, bundle, 'metrics', '--listen', metrics ?? '')
      start('prometheus', '--config.file=prometheus.yml', '--storage.tsdb.path=data', `--web.listen-address=${web}`)
      start(
        alertmanager ?? '',
        '--config.file=alertmanager.yml',
        '--storage.path=alerts',
        `--web.listen-address=${alerts}`,
        '--cluster.listen-address=',
      )
      // The first sample of a counter is no increase: it has to be there before anybody is refused.
      await vi.waitUntil(
        async () => {
          const query = encodeURIComponent('gatecrab_gateway_up == 1')
          const found = await fetch(`http://${web}/api/v1/query?query=${query}`).then(
            answer => answer.json() as Promise<{data: {result: unknown[]}}>,
            () => null,
          )
          return (found?.data.result.length ?? 0) > 0
        },
        {timeout: 90_000, interval: 500},
      )
    }, 240_000)

    afterAll(() => {
      for (const child of children) child.kill('SIGTERM')
      receiver.close()
      tap?.end()
    })

    test('an alert fires for sign-ins that the gateway refuses, and resolves when they end', async () => {
      const caller = {
        client: {id: 'cli', mode: 'cli', version: '1.2.3', platform: 'linux'},
        scopes: ['operator.read'],
        headers: {},
      }
      // Once, so that the counter of its reason is there; then often enough for the alert.
      const refuse = async (): Promise<void> => {
        const call = dial(tap.url, caller, {token: 'f'.repeat(48)})
        expect(await call.admitted).toBeFalsy()
        await call.ended
      }
      await refuse()
      await vi.waitUntil(
        async () => {
          // The gateway answers each failure later than the one before, up to some seconds.
          await Promise.all(Array.from({length: 15}, refuse))
          return states().includes('firing token-mismatch')
        },
        {timeout: 120_000, interval: 300},
      )
      const [fired] = notices.flatMap(({alerts}) => alerts).filter(({labels}) => labels['alertname'] === alert)
      expect(fired?.annotations['description']).toContain('gatecrab explain token-mismatch')
      await vi.waitUntil(() => states().includes('resolved token-mismatch'), {timeout: 120_000, interval: 500})
    })
  },
)
