import path from 'node:path'
import {z} from 'zod'
import type {ComposeProject, Engine, GatewayContainer} from '../../domain/container.ts'
import {jsonIn} from '../json.ts'
import {portIn} from '../service/env.ts'

const words = z.array(z.string()).nullish()

const inspectedShape = z.object({
  Id: z.string(),
  Name: z.string(),
  Path: z.string().nullish(),
  Args: words,
  State: z.object({Running: z.boolean().nullish(), StartedAt: z.string().nullish()}).nullish(),
  Config: z.object({Env: words, WorkingDir: z.string().nullish(), Labels: z.record(z.string(), z.string()).nullish()}).nullish(),
  HostConfig: z.object({NetworkMode: z.string().nullish()}).nullish(),
  Mounts: z.array(z.object({Source: z.string().nullish(), Destination: z.string().nullish()})).nullish(),
  NetworkSettings: z
    .object({Ports: z.record(z.string(), z.array(z.object({HostPort: z.string().nullish()})).nullish()).nullish()})
    .nullish(),
})

type Inspected = z.infer<typeof inspectedShape>

const composeOf = (labels: Readonly<Record<string, string>>): ComposeProject | null => {
  const label = (name: string): string => labels[`com.docker.compose.${name}`] ?? labels[`io.podman.compose.${name}`] ?? ''
  const folder = label('project.working_dir')
  if (!path.isAbsolute(folder) || label('service') === '') return null
  const files = label('project.config_files')
    .split(',')
    .filter(file => file !== '')
    .map(file => path.resolve(folder, file))
  return {folder, files, project: label('project'), service: label('service')}
}

const isOneOff = (labels: Readonly<Record<string, string>>): boolean => /^true$/i.test(labels['com.docker.compose.oneoff'] ?? '')

const isEntry = (word: string): boolean =>
  /(?:^|\/)openclaw(?:\.m?js)?$|(?:^|\/)(?:openclaw\/)?(?:dist\/)?(?:index|entry|openclaw)\.m?js$/.test(word)

/** The words of OpenClaw's own command within those that start a container: `… node …/index.js gateway …`; null: no gateway. */
const commandIn = (argv: readonly string[]): readonly string[] | null => {
  const verb = argv.indexOf('gateway')
  const entry = argv.slice(0, Math.max(0, verb)).findLastIndex(isEntry)
  if (entry < 0) return null
  const runtime = argv.slice(0, entry).findLastIndex(word => /(?:^|\/)(?:node|bun)$/.test(word))
  return argv.slice(runtime < 0 ? entry : runtime, entry + 1)
}

const publishedIn = ({HostConfig, NetworkSettings}: Inspected): Record<string, number> | null => {
  if (HostConfig?.NetworkMode === 'host') return null
  const ports = Object.entries(NetworkSettings?.Ports ?? {}).flatMap(([inside, bound]) => {
    const host = Number(bound?.[0]?.HostPort)
    return inside.endsWith('/tcp') && host > 0 ? [[inside.slice(0, -'/tcp'.length), host] as const] : []
  })
  return Object.fromEntries(ports)
}

const stateName = '.openclaw'

const gatewayIn = (one: Inspected, engine: Engine): GatewayContainer | null => {
  const argv = [...(one.Path ? [one.Path] : []), ...(one.Args ?? [])]
  const labels = one.Config?.Labels ?? {}
  const openclaw = commandIn(argv)
  if (openclaw === null || isOneOff(labels)) return null
  const env = (name: string): string | null =>
    one.Config?.Env?.find(entry => entry.startsWith(`${name}=`))
      ?.slice(name.length + 1)
      .trim() || null
  const mounts = (one.Mounts ?? []).flatMap(({Source, Destination}) =>
    Source && Destination ? [{source: Source, destination: Destination}] : [],
  )
  // The home of its user is not told where the image does not set it: the folder that is mounted there tells.
  const mounted = mounts.find(({destination}) => path.basename(destination) === stateName)?.destination
  const stateDir = env('OPENCLAW_STATE_DIR') ?? mounted ?? path.join(env('HOME') ?? '/home/node', stateName)
  return {
    engine,
    id: one.Id,
    name: one.Name.replace(/^\//, ''),
    isRunning: one.State?.Running === true,
    startedAt: one.State?.StartedAt ?? null,
    openclaw,
    stateDir,
    configFile: env('OPENCLAW_CONFIG_PATH') ?? path.join(stateDir, 'openclaw.json'),
    mounts,
    portInside: portIn(argv) ?? (Number(env('OPENCLAW_GATEWAY_PORT')) || null),
    published: publishedIn(one),
    compose: composeOf(labels),
  }
}

/** The gateways among what `docker inspect` prints; containers that run something else are left out. */
export const readInspected = (printed: string, engine: Engine): GatewayContainer[] => {
  const found = jsonIn(printed)
  if (!Array.isArray(found)) return []
  return found.flatMap((one: unknown) => {
    const parsed = inspectedShape.safeParse(one)
    const container = parsed.success ? gatewayIn(parsed.data, engine) : null
    return container ?? []
  })
}
