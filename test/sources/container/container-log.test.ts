import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import type {GatewayContainer} from '../../../src/domain/container.ts'
import type {HostEnv} from '../../../src/gateway/paths.ts'
import {type ContainerLogState, followContainerLog, readContainerLog} from '../../../src/sources/container/container-log.ts'
import {type ContainerWish, findContainer} from '../../../src/sources/container/find-container.ts'
import {type StubEngine, stubEngine} from '../../fixtures/stubs/engine.ts'

const inspected = fs.readFileSync(new URL('../../fixtures/container/inspect-host-network.json', import.meta.url), 'utf8')

let folder: string
let engine: StubEngine
let hostEnv: HostEnv

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-engine-'))
  engine = stubEngine(folder, inspected)
  const env = {PATH: `${engine.bin}:/usr/bin:/bin`, DOCKER_HOST: 'unix:///nowhere'}
  hostEnv = {platform: process.platform, home: folder, tmp: folder, uid: 1000, env}
})

afterEach(() => fs.rmSync(folder, {recursive: true, force: true}))

/** Nobody listens on port 1, as where an engine forwards it without a process of this host. */
const wish: ContainerWish = {port: 1, configFile: '/srv/openclaw/state/openclaw.json', isNamed: true}
const found = async (): Promise<GatewayContainer> => {
  const {container} = await findContainer(wish, hostEnv)
  if (!container) throw new Error('no container was found')
  return container
}

const stamp = (n: number): string => `2026-11-30T22:00:${String(n).padStart(2, '0')}.000000000Z`

describe('the container of a gateway', () => {
  it('is the one in which the config that is meant is mounted', async () => {
    expect(await found()).toMatchObject({name: 'gw', compose: {folder: '/srv/openclaw'}})
    expect((await findContainer({...wish, configFile: '/srv/other/openclaw.json'}, hostEnv)).container).toBeNull()
  })

  it('is the only one there is, where no gateway was named and this host has no config', async () => {
    const nothing = {port: 1, configFile: path.join(folder, 'none.json'), isNamed: false}
    expect((await findContainer(nothing, hostEnv)).container?.name).toBe('gw')
    fs.writeFileSync(nothing.configFile, '{}')
    expect((await findContainer(nothing, hostEnv)).container).toBeNull()
  })

  it('is looked for with no engine at all without starting anything', async () => {
    expect(await findContainer(wish, {...hostEnv, env: {PATH: '/nowhere'}})).toEqual({container: null, others: [], refusal: null})
  })

  it('is not known where the engine refuses this user, and that is said', async () => {
    engine.refuse('permission denied while trying to connect to the Docker daemon socket')
    const {container, refusal} = await findContainer(wish, hostEnv)
    expect([container, refusal?.because]).toEqual([null, 'this user may not ask the engine of docker'])
    engine.refuse('Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?')
    expect((await findContainer(wish, hostEnv)).refusal).toBeNull()
  })
})

describe('the log of a container', () => {
  it('is followed through restarts and another container, and no line is lost or comes twice', async () => {
    const container = await found()
    const ending = new AbortController()
    const states: ContainerLogState[] = []
    const onState = (state: ContainerLogState) => void states.push(state)
    const stream = followContainerLog(container, {since: null, hostEnv, signal: ending.signal, onState})
    let result = ''
    const reading = (async () => {
      for await (const text of stream) result += text
    })()
    const until = (text: string) => expect.poll(() => result, {timeout: 30_000, interval: 50}).toContain(text)
    engine.write(stamp(1), 'first')
    engine.write(stamp(2), 'second')
    await until('second')
    engine.write(stamp(3), 'stopping')
    engine.stop()
    await until('stopping')
    engine.write(stamp(4), 'started again')
    engine.start(stamp(4))
    await until('started again')
    engine.write(stamp(5), 'old, to the end')
    await until('old, to the end')
    engine.recreate('b'.repeat(64), stamp(6))
    engine.write(stamp(6), 'first')
    engine.write(stamp(7), 'of the new one')
    await until('of the new one')
    ending.abort()
    stream.destroy()
    await reading.catch(() => {})
    const expected = ['first', 'second', 'stopping', 'started again', 'old, to the end', 'first', 'of the new one']
    expect(result.trim().split('\n')).toEqual(expected)
    expect(states).toEqual([{kind: 'reading'}])
  })

  it('is read once from a moment on, and says why where it cannot be', async () => {
    const container = await found()
    engine.write(stamp(1), 'before')
    engine.write(stamp(9), 'after')
    const read = readContainerLog(container, {since: Date.parse(stamp(5))}, hostEnv)
    let text = ''
    for await (const part of read.stream) text += part
    expect([text, read.failure()]).toEqual(['after\n', null])
    engine.refuse('Error response from daemon: configured logging driver does not support reading')
    const refused = readContainerLog(container, {since: null}, hostEnv)
    for await (const _ of refused.stream) expect.unreachable()
    expect(refused.failure()).toMatchObject({
      because: 'configured logging driver does not support reading',
      tryThis: expect.stringContaining('json-file'),
    })
  })
})
