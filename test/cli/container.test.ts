import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, it} from 'vitest'
import {stubEngine} from '../fixtures/stubs/engine.ts'
import {begun, type Ended, jsonLines, room} from './gatecrab.ts'

const captured = fs.readFileSync(new URL('../fixtures/container/inspect-host-network.json', import.meta.url), 'utf8')
const refused = fs
  .readFileSync(new URL('../fixtures/container/console.log', import.meta.url), 'utf8')
  .trim()
  .split('\n')

/** A host whose only OpenClaw is in a container: its state folder is mounted, its log is inside. */
const host = () => {
  const home = room()
  const state = path.join(home.folder, 'gw/state')
  fs.mkdirSync(state, {recursive: true})
  fs.writeFileSync(path.join(state, 'openclaw.json'), JSON.stringify({gateway: {port: 18789, auth: {token: 'x'.repeat(40)}}}))
  const engine = stubEngine(home.folder, captured.replaceAll('/srv/openclaw', path.join(home.folder, 'gw')))
  const now = Date.now()
  for (const [i, line] of refused.entries()) {
    const at = new Date(now - 60_000 + i).toISOString()
    engine.write(at, line.replace(/^\S+/, at.replace('Z', '+00:00')))
  }
  const env = {PATH: `${engine.bin}:${path.dirname(process.execPath)}:/usr/bin:/bin`, DOCKER_HOST: 'unix:///nowhere'}
  const run = async (...argv: string[]): Promise<Ended> => {
    using running = begun(argv, home.folder, {...env, OPENCLAW_CONFIG_PATH: ''})
    running.child.stdin.end()
    return await running.ended
  }
  return {engine, run, config: path.join(state, 'openclaw.json'), [Symbol.dispose]: () => home[Symbol.dispose]()}
}

type Checked = {
  verdict: string
  counters: {gatewayAuthFailures: number}
  problems: {id: string; because: string; tryThis: string}[]
}

describe('a gateway in a container', () => {
  it('is found by itself, and its refusals are read from its console', async () => {
    using gateway = host()
    const {stdout} = await gateway.run('check', '--json')
    const checked: Checked = JSON.parse(stdout)
    expect(checked.counters.gatewayAuthFailures).toBe(2)
    expect(checked.problems.map(({id}) => id)).toContain('token-mismatch')
    const {stdout: listed} = await gateway.run('connections', '--json')
    expect(jsonLines(listed).map(({reason}) => reason)).toEqual(['token-mismatch', 'token-mismatch'])
    expect(jsonLines(listed)[0]?.['evidence']).toMatchObject([{file: 'docker logs gw'}, {file: 'docker logs gw'}])
    const {stdout: report} = await gateway.run('report')
    expect(report).toContain('docker logs gw')
  })

  it('is not taken for a quiet one where the engine refuses this user: unknown, and what helps', async () => {
    using gateway = host()
    gateway.engine.refuse('permission denied while trying to connect to the Docker daemon socket')
    fs.writeFileSync(gateway.config, JSON.stringify({logging: {file: '/var/log/inside.jsonl'}}))
    const {stdout, code} = await gateway.run('check', '--json', '--config', gateway.config)
    const {problems} = JSON.parse(stdout) as Checked
    const unread = problems.find(({id}) => id === 'log-unreadable')
    expect(unread?.because).toContain('this user may not ask the engine of docker')
    expect(unread?.tryThis).toContain('group docker')
    expect(code).not.toBe(0)
    const listed = await gateway.run('connections', '--config', gateway.config)
    expect([listed.code, listed.stdout]).toEqual([3, ''])
    expect(listed.stderr).toContain('may run in a container')
  })

  it('whose console cannot be read is no empty log', async () => {
    using gateway = host()
    const {bin} = gateway.engine
    const script = fs.readFileSync(path.join(bin, 'docker'), 'utf8')
    const says = 'Error response from daemon: configured logging driver does not support reading'
    fs.writeFileSync(path.join(bin, 'docker'), script.replace('logs)\n', `logs)\n  echo '${says}' >&2; exit 1\n`))
    const {stdout} = await gateway.run('check', '--json')
    const {problems} = JSON.parse(stdout) as Checked
    expect(problems.find(({id}) => id === 'log-unreadable')?.because).toContain('does not support reading')
    expect((await gateway.run('connections')).code).toBe(3)
  })

  it('asks no engine where a log is named', async () => {
    using gateway = host()
    const log = path.join(path.dirname(gateway.config), 'a.log')
    fs.writeFileSync(log, `${refused.join('\n')}\n`)
    await gateway.run('connections', '--log', log)
    expect(gateway.engine.asked()).toEqual([''])
  })
})

it('without a config on this host, and an engine that refuses this user, is unknown and no demo', async () => {
  using gateway = host()
  gateway.engine.refuse('permission denied while trying to connect to the Docker daemon socket')
  const checked = await gateway.run('check')
  expect([checked.code, checked.stdout]).toEqual([3, ''])
  expect(checked.stderr).toContain('this user may not ask the engine of docker')
  const {verdict, problems} = JSON.parse((await gateway.run('check', '--json')).stdout) as Checked
  expect([verdict, problems.map(({id}) => id)]).toEqual(['unknown', ['log-unreadable']])
  const watched = await gateway.run()
  expect([watched.code, watched.stdout]).toEqual([3, ''])
  expect(watched.stderr).toContain('may run in a container')
})
