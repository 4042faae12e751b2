import fs from 'node:fs'
import {describe, expect, it} from 'vitest'
import {hostPort, insideOf, onHost} from '../../../src/domain/container.ts'
import {composeUp, logsArgv, openclawInside, refusalIn, restartContainer} from '../../../src/gateway/container/engine-command.ts'
import {readInspected} from '../../../src/gateway/container/inspected.ts'
import {placesInside} from '../../../src/gateway/container/log-places.ts'

const printed = fs.readFileSync(new URL('../../fixtures/container/inspect-host-network.json', import.meta.url), 'utf8')
const engine = {command: 'docker', words: ['docker']} as const
const [captured] = JSON.parse(printed)
const read = (change: object) => readInspected(JSON.stringify([{...captured, ...change}]), engine)
const [gateway] = readInspected(printed, engine)
if (!gateway) throw new Error('the captured container is no gateway')

describe('a container that docker inspect describes', () => {
  it('is a gateway, with its command, its config and its compose project', () => {
    expect(gateway).toMatchObject({
      name: 'gw',
      isRunning: true,
      openclaw: ['node', '/app/node_modules/openclaw/dist/index.js'],
      configFile: '/home/node/.openclaw/openclaw.json',
      portInside: 18789,
      published: null,
      compose: {folder: '/srv/openclaw', files: ['/srv/openclaw/docker-compose.yml'], service: 'openclaw-gateway'},
    })
  })

  it('keeps no value of its environment and no argument, since a token may be among them', () => {
    const [one] = read({Args: ['/app/openclaw.mjs', 'gateway', '--token', 'not-a-token-to-keep']})
    expect(one?.openclaw).toEqual(['node', '/app/openclaw.mjs'])
    expect(JSON.stringify([gateway, one])).not.toContain('not-a')
  })

  it('is none where it runs another command, or was made for one command', () => {
    expect(read({Args: ['/app/openclaw.mjs', 'tui']})).toEqual([])
    expect(read({Path: 'nginx', Args: []})).toEqual([])
    const {Config} = captured
    expect(read({Config: {...Config, Labels: {...Config.Labels, 'com.docker.compose.oneoff': 'True'}}})).toEqual([])
    expect(readInspected('no JSON', engine)).toEqual([])
  })

  it('starts by an entrypoint before the command, as the published image does', () => {
    const [one] = read({
      Path: 'docker-entrypoint.sh',
      Args: ['node', 'dist/index.js', 'gateway', '--bind', 'lan', '--port=18790'],
    })
    expect(one).toMatchObject({openclaw: ['node', 'dist/index.js'], portInside: 18790})
  })

  it('has the port of the host behind the one inside, where that is published', () => {
    const ports = {'18789/tcp': [{HostIp: '0.0.0.0', HostPort: '28789'}], '18790/tcp': null}
    const [one] = read({HostConfig: {NetworkMode: 'bridge'}, NetworkSettings: {Ports: ports}})
    if (!one) throw new Error('no gateway')
    expect([hostPort(one, 1), hostPort({...one, portInside: null}, 18790), hostPort(gateway, 1)]).toEqual([28789, null, 18789])
  })

  it('names the same file on both sides of a mount, the inner one of two', () => {
    const mounts = [
      {source: '/srv/state', destination: '/home/node/.openclaw'},
      {source: '/srv/logs', destination: '/home/node/.openclaw/logs'},
    ]
    expect(onHost({mounts}, '/home/node/.openclaw/openclaw.json')).toBe('/srv/state/openclaw.json')
    expect(onHost({mounts}, '/home/node/.openclaw/logs/a.jsonl')).toBe('/srv/logs/a.jsonl')
    expect(onHost({mounts}, '/home/node/.openclaw-work/openclaw.json')).toBeNull()
    expect(insideOf({mounts}, '/srv/state/openclaw.json')).toBe('/home/node/.openclaw/openclaw.json')
  })

  it('has its log on this host only where a folder for it is mounted', () => {
    const query = {stateDir: null, configFile: null, profile: null}
    expect(placesInside(gateway, null, query)).toEqual([])
    expect(placesInside(gateway, '/var/log/gw.jsonl', query)).toEqual([])
    expect(placesInside(gateway, '/home/node/.openclaw/logs/gw.jsonl', query)).toEqual([
      {kind: 'file', file: '/srv/openclaw/state/logs/gw.jsonl'},
    ])
    const mounts = [...gateway.mounts, {source: '/srv/openclaw/logs', destination: '/tmp/openclaw'}]
    expect(placesInside({...gateway, mounts}, null, query)).toEqual([
      {kind: 'daily', folders: ['/srv/openclaw/logs'], stem: 'openclaw', owners: null},
    ])
  })
})

describe('the commands of an engine', () => {
  it('run OpenClaw inside, restart the container, and read its log with the stamps of the engine', () => {
    expect(openclawInside(gateway).join(' ')).toBe('docker exec -i gw node /app/node_modules/openclaw/dist/index.js')
    expect(restartContainer(gateway).join(' ')).toBe('docker restart -t 30 gw')
    expect(logsArgv(gateway, {since: '2026-11-30T00:00:00Z', follow: true}).join(' ')).toBe(
      'docker logs --timestamps --follow --since 2026-11-30T00:00:00Z gw',
    )
  })

  it('make services again by the project and the files that compose itself had', () => {
    if (!gateway.compose) throw new Error('no project')
    expect(composeUp(['docker-compose'], gateway.compose, ['openclaw-gateway']).join(' ')).toBe(
      'docker-compose -p openclaw --project-directory /srv/openclaw -f /srv/openclaw/docker-compose.yml up -d --no-deps -t 30 openclaw-gateway',
    )
  })

  it('name the socket where it is not the usual one', () => {
    const own = {...gateway, engine: {command: 'docker', words: ['docker', '-H', 'unix:///run/user/1000/docker.sock']} as const}
    expect(openclawInside(own).slice(0, 5)).toEqual(['docker', '-H', 'unix:///run/user/1000/docker.sock', 'exec', '-i'])
  })

  it('are refused for want of permission, which is another thing than no engine', () => {
    const text =
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.50/containers/json": dial unix /var/run/docker.sock: connect: permission denied'
    expect(refusalIn('docker', text)).toMatchObject({tryThis: expect.stringContaining('group docker')})
    expect(
      refusalIn('docker', 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?'),
    ).toBeNull()
  })
})
