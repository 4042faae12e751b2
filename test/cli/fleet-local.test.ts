import {execFileSync} from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import {beforeAll, describe, expect, test} from 'vitest'
import {built} from '../e2e/built.ts'
import {isAlive} from './alive.ts'
import {distances} from './distant.ts'
import {begun, type Ended, jsonLines, type Room, room} from './gatecrab.ts'
import {freshRefusal} from './refusal.ts'

beforeAll(built)

type Row = Record<string, unknown>

const run = async (argv: readonly string[], home: Room, env: NodeJS.ProcessEnv = {}): Promise<Ended> => {
  using running = begun(argv, home.folder, env)
  running.child.stdin.end()
  return await running.ended
}

const rowsOf = ({stdout}: Ended): Row[] => JSON.parse(stdout).hosts
const namesOf = (ended: Ended): unknown[] =>
  rowsOf(ended)
    .map(({host}) => host)
    .toSorted()

/** A state folder with a config, and the log that it names. */
const gatewayIn = (home: Room, folder: string): string => {
  const state = path.join(home.folder, folder)
  fs.mkdirSync(state, {recursive: true})
  const log = path.join(state, 'gw.jsonl')
  fs.writeFileSync(log, '')
  fs.writeFileSync(path.join(state, 'openclaw.json'), JSON.stringify({gateway: {port: 1}, logging: {file: log}}))
  return log
}

const storm = (log: string): void => {
  for (let n = 0; n < 8; n += 1) fs.appendFileSync(log, freshRefusal(n))
}

const script = (home: Room, name: string, text: string): string => {
  fs.mkdirSync(home.file('bin'), {recursive: true})
  fs.writeFileSync(home.file(`bin/${name}`), `#!/bin/sh\n${text}\n`, {mode: 0o755})
  return `${home.file('bin')}:/usr/bin:/bin`
}

describe('several --profile', () => {
  test('are one view, each bound to its own gateway, whatever the shell names', async () => {
    using home = room()
    gatewayIn(home, '.openclaw-quiet')
    storm(gatewayIn(home, '.openclaw-busy'))
    const env = {OPENCLAW_STATE_DIR: home.file('.openclaw-quiet'), OPENCLAW_GATEWAY_PORT: '2'}
    const ended = await run(['check', '--profile', 'quiet', '--profile', 'busy', '--json'], home, env)
    expect([ended.code, ended.stderr]).toEqual([1, ''])
    const found = Object.fromEntries(rowsOf(ended).map(row => [row['host'], row]))
    expect(found['profile quiet']).toMatchObject({kind: 'profile', clients: {refused: 0, in: 0}, unreachable: null})
    expect(found['profile busy']).toMatchObject({kind: 'profile', clients: {refused: 1, in: 0}, unreachable: null})
  })

  test('go beside hosts, and one alone beside a host does too', async () => {
    using home = room()
    const {env, machine} = distances(home)
    machine('mini')
    gatewayIn(home, '.openclaw-work')
    const ended = await run(['check', '--host', 'mini', '--profile', 'work', '--json'], home, env)
    expect(namesOf(ended)).toEqual(['mini', 'profile work'])
  })

  test('are watched, and end with whoever watches', async () => {
    using home = room()
    gatewayIn(home, '.openclaw-a')
    const log = gatewayIn(home, '.openclaw-b')
    using running = begun(['check', '--watch', '--profile', 'a', '--profile', 'b'], home.folder)
    const rows = (): Row[] => {
      const {stdout} = running.said()
      return jsonLines(stdout.slice(0, stdout.lastIndexOf('\n') + 1))
    }
    await running.until(() => rows().length >= 2)
    const printed = execFileSync('pgrep', ['-P', String(running.child.pid)], {encoding: 'utf8'})
    const children = printed.trim().split('\n').map(Number)
    expect(children).toHaveLength(2)
    storm(log)
    await running.until(() => rows().some(({event, host}) => event === 'changed' && host === 'profile b'))
    running.child.kill('SIGINT')
    expect((await running.ended).code).toBe(130)
    await expect.poll(() => children.some(isAlive), {timeout: 20_000}).toBe(false)
  })

  test.each(['../x', '-a', 'a b', ''])('%j is no profile', async name => {
    using home = room()
    const {code, stderr} = await run(['check', `--profile=${name}`, '--profile=b'], home)
    expect([code, stderr]).toEqual([64, expect.stringContaining('Unknown --profile')])
  })

  test('are refused by a command that is about one gateway', async () => {
    using home = room()
    const {code, stderr} = await run(['rotate', '--profile', 'a', '--profile', 'b'], home)
    expect([code, stderr]).toEqual([64, expect.stringContaining('about one gateway')])
  })
})

describe('--fleet', () => {
  test('is the hosts of the config file, the profiles here, and the cells that OpenClaw lists', async () => {
    using home = room()
    const {env, machine} = distances(home)
    machine('mini')
    gatewayIn(home, '.openclaw')
    gatewayIn(home, '.openclaw-work')
    gatewayIn(home, '.openclaw/fleet/cells/acme')
    fs.mkdirSync(home.file('.openclaw-empty'))
    const cells = JSON.stringify({cells: [{tenant: 'acme', state: 'running', port: 19100}, {tenant: '../../etc'}, {tenant: 7}]})
    const PATH = script(home, 'openclaw', `[ "$*" = "fleet list --json" ] && echo '${cells}'`)
    fs.mkdirSync(home.file('.config/gatecrab'), {recursive: true})
    fs.writeFileSync(home.file('.config/gatecrab/config.json5'), "{hosts: ['mini']}", {mode: 0o600})
    const shell = {PATH: `${PATH}:${env['PATH']}`, OPENCLAW_CONFIG_PATH: ''}
    const ended = await run(['check', '--fleet', '--json'], home, shell)
    expect(namesOf(ended)).toEqual(['cell acme', 'mini', 'profile default', 'profile work'])
    expect(rowsOf(ended).find(({host}) => host === 'cell acme')).toMatchObject({kind: 'cell', unreachable: null})
  })

  test('without it the hosts of the config file change nothing', async () => {
    using home = room()
    fs.mkdirSync(home.file('.config/gatecrab'), {recursive: true})
    fs.writeFileSync(home.file('.config/gatecrab/config.json5'), "{hosts: ['mini']}", {mode: 0o600})
    const {stdout} = await run(['check', '--json', '--log', home.file('gw.jsonl', '')], home)
    expect(JSON.parse(stdout)).not.toHaveProperty('hosts')
  })

  test('on a host with no gateway says so', async () => {
    using home = room()
    const {code, stderr} = await run(['check', '--fleet'], home)
    expect([code, stderr]).toEqual([3, expect.stringContaining('No gateway is known here')])
  })

  test('takes an OpenClaw that knows no fleet for one without cells', async () => {
    using home = room()
    gatewayIn(home, '.openclaw')
    const PATH = script(home, 'openclaw', 'echo "error: unknown command" >&2; exit 1')
    const ended = await run(['check', '--fleet', '--json'], home, {PATH, OPENCLAW_CONFIG_PATH: ''})
    expect(namesOf(ended)).toEqual(['profile default'])
  })
})
