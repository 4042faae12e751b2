import fs from 'node:fs'
import path from 'node:path'
import type {Engine, EngineRefusal} from '../../domain/container.ts'
import {refusalIn} from '../../gateway/container/engine-command.ts'
import type {HostEnv} from '../../gateway/paths.ts'
import {type Ran, runProcess} from '../run-process.ts'

const askMs = 15_000
const maxBytes = 8 << 20

const isOnPath = (program: string, {env}: HostEnv): boolean =>
  (env['PATH'] ?? '').split(path.delimiter).some(folder => folder !== '' && fs.existsSync(path.join(folder, program)))

const usualSocket = '/var/run/docker.sock'

/** Where the operator names none, the usual socket counts before that of an engine of this user's own. */
const rootlessSocket = ({env, home}: HostEnv): string | null => {
  if (env['DOCKER_HOST'] || env['DOCKER_CONTEXT'] || fs.existsSync(usualSocket)) return null
  const run = env['XDG_RUNTIME_DIR']
  const own = [...(run ? [path.join(run, 'docker.sock')] : []), path.join(home, '.docker/run/docker.sock')]
  return own.find(socket => fs.existsSync(socket)) ?? null
}

/** The engines whose command is on this host, the likelier first. Nothing is started. */
export const enginesOn = (hostEnv: HostEnv): Engine[] => {
  const socket = rootlessSocket(hostEnv)
  const docker: Engine = {command: 'docker', words: ['docker', ...(socket === null ? [] : ['-H', `unix://${socket}`])]}
  return [docker, {command: 'podman', words: ['podman']} as const].filter(({command}) => isOnPath(command, hostEnv))
}

/** Variables without a value are none. */
export const childEnv = ({env}: HostEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))

const askEngine = (engine: Engine, args: readonly string[], hostEnv: HostEnv): Promise<Ran> =>
  runProcess([...engine.words, ...args], {env: childEnv(hostEnv), timeoutMs: askMs, maxBytes})

/** What the engine prints, or why it does not. */
export const printedByEngine = async (
  engine: Engine,
  args: readonly string[],
  hostEnv: HostEnv,
): Promise<string | {refusal: EngineRefusal | null}> => {
  const ran = await askEngine(engine, args, hostEnv)
  return ran.code === 0 ? ran.stdout : {refusal: refusalIn(engine.command, ran.stderr)}
}

/** `docker compose` where the plugin is there, else the older command of its own. */
export const composeCommand = async (engine: Engine, hostEnv: HostEnv): Promise<readonly string[] | null> => {
  const plugin = await askEngine(engine, ['compose', 'version'], hostEnv)
  if (plugin.code === 0 && /version/i.test(plugin.stdout)) return [...engine.words, 'compose']
  const own = engine.command === 'podman' ? 'podman-compose' : 'docker-compose'
  return isOnPath(own, hostEnv) ? [own, ...engine.words.slice(1)] : null
}
