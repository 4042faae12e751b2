/** What of a container is also a folder or file of this host. */
type Mount = {source: string; destination: string}

/** The compose project that made a container, by the labels that compose leaves on it. */
export type ComposeProject = {folder: string; files: readonly string[]; project: string; service: string}

/** How an engine is asked: its command, with the socket where that is not the usual one. */
export type Engine = {command: 'docker' | 'podman'; words: readonly string[]}

/** A container in which a gateway runs, or ran. Values of its environment are not kept: there is a token among them. */
export type GatewayContainer = {
  engine: Engine
  id: string
  name: string
  isRunning: boolean
  startedAt: string | null
  /** OpenClaw's own command inside, without what follows: there may be a token among that. */
  openclaw: readonly string[]
  /** State folder and config, by their names inside. */
  stateDir: string
  configFile: string
  mounts: readonly Mount[]
  /** The port inside where its start command or its environment names one; else the config does. */
  portInside: number | null
  /** Ports of the host by those inside; null where the container has the host's own network. */
  published: Readonly<Record<string, number>> | null
  compose: ComposeProject | null
}

/** The engine is there and does not answer this user; in words. */
export type EngineRefusal = {command: string; because: string; tryThis: string}

const isInside = (file: string, folder: string): boolean => file === folder || file.startsWith(`${folder.replace(/\/$/, '')}/`)

/** The longest one counts: a mount may lie within another. */
const mountOver = (mounts: readonly Mount[], file: string, side: keyof Mount): Mount | null =>
  mounts.filter(mount => isInside(file, mount[side])).toSorted((a, b) => b[side].length - a[side].length)[0] ?? null

const moved = (mounts: readonly Mount[], file: string, from: keyof Mount, to: keyof Mount): string | null => {
  const mount = mountOver(mounts, file, from)
  return mount && `${mount[to].replace(/\/$/, '')}${file.slice(mount[from].replace(/\/$/, '').length)}`
}

/** Where a file of the container lies on this host; null where it is nowhere but inside. */
export const onHost = ({mounts}: Pick<GatewayContainer, 'mounts'>, file: string): string | null =>
  moved(mounts, file, 'destination', 'source')

/** What the container calls a file of this host; null where it does not see it. */
export const insideOf = ({mounts}: Pick<GatewayContainer, 'mounts'>, file: string): string | null =>
  moved(mounts, file, 'source', 'destination')

/** Where on this host the gateway inside can be asked; null where its port is not published. */
export const hostPort = ({published, portInside}: GatewayContainer, configured: number): number | null => {
  const inside = portInside ?? configured
  return published === null ? inside : (published[String(inside)] ?? null)
}
