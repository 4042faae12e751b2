import {execFileSync, spawn, spawnSync} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {freePort} from '../cli/free-port.ts'

const cache = process.env['GATEWAY_CACHE'] ?? path.join(os.homedir(), '.cache/gatecrab-real')

const entry = 'node_modules/openclaw/dist/index.js'
const packageOf = (release: string): string => path.join(cache, release)
export const isUnpacked = (release: string): boolean => fs.existsSync(path.join(packageOf(release), entry))

const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

/** What is missing for a real engine with a real OpenClaw in it; null where nothing is. Nothing is installed here. */
export const whyNoEngine = (releases: readonly string[]): string | null => {
  if (process.platform !== 'linux') return 'a real engine is started on Linux only'
  if (process.getuid?.() !== 0) return 'an engine of its own needs root'
  const missing = ['dockerd', 'docker', 'docker-compose', 'tar'].filter(program => !has(program))
  if (missing.length > 0) return `there is no ${missing.join(', no ')} here (Debian: docker.io, docker-compose)`
  if (releases.some(isUnpacked)) return null
  return `none of OpenClaw ${releases.join(', ')} is unpacked in ${cache}/RELEASE, by \`npm i node@24 openclaw@RELEASE\` there`
}

export type Engine = {
  folder: string
  port: number
  state: string
  configFile: string
  env: Record<string, string>
  docker: (...args: string[]) => string
  compose: (...args: string[]) => string
  token: () => string
  envToken: () => string
  ready: () => Promise<void>
  end: () => Promise<void>
}

const service = 'openclaw-gateway'
export const containerName = 'gatecrab-real-gw'

const composeFile = (release: string, port: number): string =>
  `version: "3.8"
services:
  ${service}:
    image: gatecrab-real:1
    container_name: ${containerName}
    network_mode: host
    environment:
      HOME: /home/node
      OPENCLAW_GATEWAY_TOKEN: \${OPENCLAW_GATEWAY_TOKEN}
      OPENCLAW_DISABLE_BONJOUR: "1"
    volumes:
      - ./state:/home/node/.openclaw
      - ${packageOf(release)}:/app:ro
    init: true
    restart: unless-stopped
    command: ["node", "/app/${entry}", "gateway", "--bind", "loopback", "--port", "${port}"]
`

/** There is no registry here: the image is made of this machine's own userland, OpenClaw and its Node are mounted from the cache. */
const imageScript = `cd / && tar -cf - bin lib lib64 usr/lib64 usr/bin/env usr/bin/sh usr/bin/dash usr/bin/cat usr/bin/id usr/bin/printenv \
usr/lib/x86_64-linux-gnu/*.so* usr/lib/aarch64-linux-gnu/*.so* etc/passwd etc/group etc/ssl 2>/dev/null |
docker import -c 'ENV PATH=/app/node_modules/.bin:/usr/bin:/bin' -c 'ENV HOME=/home/node' -c 'WORKDIR /home/node' - gatecrab-real:1`

const until = async (is: () => boolean | Promise<boolean>, ms: number, what: string): Promise<void> => {
  const deadline = performance.now() + ms
  while (!(await is())) {
    if (performance.now() > deadline) throw new Error(what)
    await pause(250)
  }
}

/** An engine on a socket of its own, and a gateway in a container on the host's network: no bridge, no packet filter. */
export const startEngine = async (release: string): Promise<Engine> => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-engine-'))
  const socket = `unix://${folder}/docker.sock`
  const home = path.join(folder, 'home')
  fs.mkdirSync(home)
  const env = {
    HOME: home,
    PATH: process.env['PATH'] ?? '',
    TERM: 'dumb',
    DOCKER_HOST: socket,
    GATECRAB_STATE_DIR: path.join(folder, 'gatecrab'),
  }
  const run = (program: string, args: readonly string[]): string =>
    execFileSync(program, args, {cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']})
  const log = fs.openSync(path.join(folder, 'dockerd.log'), 'a')
  const daemon = spawn(
    'dockerd',
    [
      ...['--iptables=false', '--bridge=none', '--data-root', `${folder}/engine`, '--exec-root', `${folder}/exec`],
      ...['--pidfile', `${folder}/dockerd.pid`, '-H', socket],
    ],
    {detached: true, stdio: ['ignore', log, log]},
  )
  const end = async (): Promise<void> => {
    spawnSync('docker-compose', ['down', '-t', '5'], {cwd: folder, env})
    if (daemon.exitCode === null && daemon.pid !== undefined) process.kill(daemon.pid, 'SIGTERM')
    await until(() => daemon.exitCode !== null, 60_000, 'the engine does not end').catch(() => daemon.kill('SIGKILL'))
    for (const name of fs
      .readdirSync(path.join(folder, 'exec/netns'), {encoding: 'utf8'})
      .map(one => `${folder}/exec/netns/${one}`))
      spawnSync('umount', [name])
    fs.rmSync(folder, {recursive: true, force: true})
  }
  try {
    await until(
      () => spawnSync('docker', ['info'], {env}).status === 0,
      120_000,
      `the engine did not come up: ${folder}/dockerd.log`,
    )
    execFileSync('sh', ['-c', imageScript], {env, stdio: 'ignore'})
    const port = await freePort()
    const state = path.join(folder, 'state')
    const configFile = path.join(state, 'openclaw.json')
    fs.mkdirSync(state, {mode: 0o700})
    const auth = {mode: 'token', token: randomBytes(24).toString('hex')}
    const config = {
      meta: {lastTouchedVersion: release},
      gateway: {mode: 'local', bind: 'loopback', port, auth},
      discovery: {mdns: {mode: 'off'}},
    }
    fs.writeFileSync(configFile, JSON.stringify(config), {mode: 0o600})
    fs.writeFileSync(path.join(folder, '.env'), `OPENCLAW_GATEWAY_TOKEN=${randomBytes(24).toString('hex')}\n`, {mode: 0o600})
    fs.writeFileSync(path.join(folder, 'docker-compose.yml'), composeFile(release, port))
    run('docker-compose', ['up', '-d'])
    const isReady = async (): Promise<boolean> => {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null)
      return answer?.status === 200 && run('docker', ['logs', containerName]).includes('ready')
    }
    const engine: Engine = {
      ...{folder, port, state, configFile, env},
      docker: (...args) => run('docker', args),
      compose: (...args) => run('docker-compose', args),
      token: () => JSON.parse(fs.readFileSync(configFile, 'utf8')).gateway.auth.token,
      envToken: () => run('docker', ['exec', containerName, 'printenv', 'OPENCLAW_GATEWAY_TOKEN']).trim(),
      ready: () => until(isReady, 300_000, 'the gateway is not ready'),
      end,
    }
    await engine.ready()
    return engine
  } catch (error) {
    await end()
    throw error
  }
}
