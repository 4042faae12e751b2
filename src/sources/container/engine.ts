import fs from 'node:fs'
import path from 'node:path'
import type {Engine, EngineRefusal} from '../../domain/container.ts'
import {refusalIn} from '../../gateway/container/engine-command.ts'
import type {Surroundings} from '../../gateway/paths.ts'
import {type Ran, runProcess} from '../run-process.ts'

const askMs = 15_000
const maxBytes = 8 << 20

const isOnPath = (program: string, {env}: Surroundings): boolean =>
  (env['PATH'] ?? '').split(path.delimiter).some(folder => folder !== '' && fs.existsSync(path.join(folder, program)))

const usualSocket = '/var/run/docker.sock'

/** Where the operator names none, the usual socket counts before that of an engine of this user's own. */
const rootlessSocket = ({env, home}: Surroundings): string | null => {
  if (env['DOCKER_HOST'] || env['DOCKER_CONTEXT'] || fs.existsSync(usualSocket)) return null
  const run = env['XDG_RUNTIME_DIR']
  const own = [...(run ? [path.join(run, 'docker.sock')] : []), path.join(home, '.docker/run/docker.sock')]
  return own.find(socket => fs.existsSync(socket)) ?? null
}

/** The engines whose command is on this host, the likelier first. Nothing is started. */
export const enginesOn = (around: Surroundings): Engine[] => {
  const socket = rootlessSocket(around)
  const docker: Engine = {command: 'docker', words: ['docker', ...(socket === null ? [] : ['-H', `unix://${socket}`])]}
  return [docker, {command: 'podman', words: ['podman']} as const].filter(({command}) => isOnPath(command, around))
}

/** Variables without a value are none. */
export const childEnv = ({env}: Surroundings): Record<string, string> =>
  Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))

const askEngine = (engine: Engine, args: readonly string[], around: Surroundings): Promise<Ran> =>
  runProcess([...engine.words, ...args], {env: childEnv(around), timeoutMs: askMs, maxBytes})

/** What the engine prints, or why it does not. */
export const printedByEngine = async (
  engine: Engine,
  args: readonly string[],
  around: Surroundings,
): Promise<string | {refusal: EngineRefusal | null}> => {
  const ran = await askEngine(engine, args, around)
  return ran.code === 0 ? ran.stdout : {refusal: refusalIn(engine.command, ran.stderr)}
}

/** `docker compose` where the plugin is there, else the older command of its own. */
export const composeCommand = async (engine: Engine, around: Surroundings): Promise<readonly string[] | null> => {
  const plugin = await askEngine(engine, ['compose', 'version'], around)
  if (plugin.code === 0 && /version/i.test(plugin.stdout)) return [...engine.words, 'compose']
  const own = engine.command === 'podman' ? 'podman-compose' : 'docker-compose'
  return isOnPath(own, around) ? [own, ...engine.words.slice(1)] : null
}
