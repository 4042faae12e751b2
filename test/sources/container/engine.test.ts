import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import type {HostEnv} from '../../../src/gateway/paths.ts'
import {composeCommand, enginesOn} from '../../../src/sources/container/engine.ts'

let folder: string

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-bin-'))
})

afterEach(() => fs.rmSync(folder, {recursive: true, force: true}))

const program = (name: string, body: string): void =>
  fs.writeFileSync(path.join(folder, name), `#!/bin/sh\n${body}\n`, {mode: 0o755})
const hostEnvOf = (env: Record<string, string> = {}): HostEnv => ({
  platform: 'linux',
  home: folder,
  tmp: folder,
  uid: 1000,
  env: {PATH: folder, ...env},
})
const docker = {command: 'docker', words: ['docker']} as const

describe('the engines of a host', () => {
  it('are those whose command is here, docker first', () => {
    expect(enginesOn(hostEnvOf({DOCKER_HOST: 'unix:///x'}))).toEqual([])
    program('podman', 'exit 0')
    expect(enginesOn(hostEnvOf({DOCKER_HOST: 'unix:///x'}))).toEqual([{command: 'podman', words: ['podman']}])
    program('docker', 'exit 0')
    expect(enginesOn(hostEnvOf({DOCKER_HOST: 'unix:///x'})).map(({command}) => command)).toEqual(['docker', 'podman'])
  })

  it.skipIf(fs.existsSync('/var/run/docker.sock'))('are asked at the socket of this user where there is no other', () => {
    program('docker', 'exit 0')
    fs.writeFileSync(path.join(folder, 'docker.sock'), '')
    const own = ['docker', '-H', `unix://${folder}/docker.sock`]
    expect(enginesOn(hostEnvOf({XDG_RUNTIME_DIR: folder}))).toEqual([{command: 'docker', words: own}])
    expect(enginesOn(hostEnvOf({XDG_RUNTIME_DIR: folder, DOCKER_CONTEXT: 'far'}))).toEqual([docker])
  })
})

describe('compose', () => {
  it('is the plugin of docker where that is there', async () => {
    program('docker', '[ "$1" = compose ] && echo "Docker Compose version v2.39.1"')
    program('docker-compose', 'exit 0')
    expect(await composeCommand(docker, hostEnvOf())).toEqual(['docker', 'compose'])
  })

  it('is the older command of its own where docker knows no such word', async () => {
    program('docker', 'echo "docker: unknown command: docker compose" >&2; exit 1')
    expect(await composeCommand(docker, hostEnvOf())).toBeNull()
    program('docker-compose', 'exit 0')
    expect(await composeCommand(docker, hostEnvOf())).toEqual(['docker-compose'])
  })
})
