/** What a service manager starts. Arguments are not kept: there may be a token among them. */
export type Program = {
  /** The interpreter, and the file of OpenClaw that it runs. */
  runtime: string | null
  entry: string | null
  /** By the package that the file belongs to. */
  version: string | null
  port: number | null
  hasTokenFlag: boolean
}

/** A launchd job or a systemd unit that is, or may be, the gateway's. */
export type Supervisor = {
  kind: 'launchd' | 'systemd'
  /** `gui/501`, `system`; `user` or `system` of systemd. */
  domain: string
  name: string
  file: string | null
  /** What else decides how it starts: an environment file and its wrapper, drop-ins. */
  alsoFiles: readonly string[]
  isLoaded: boolean
  isEnabled: boolean | null
  /** The manager's own word. */
  state: string | null
  isRunning: boolean
  pid: number | null
  /** How often it was started. */
  runs: number | null
  lastExit: string | null
  hasFailed: boolean
  /** It is being started or ended just now, by the manager's own word. */
  phase?: 'starting' | 'stopping'
  /** Until when that is no trouble, by its own limits; absent where nobody says. */
  phaseEndsAt?: number | null
  /** It was not its own doing: the system refused to run it, or took it for want of memory. */
  endedBy?: 'system' | 'memory'
  program: Program
  /** Names only; their values never leave the reader. */
  variables: readonly string[]
  /** The files among its own in which a secret stands; absent where that is not told file by file. */
  secretFiles?: readonly string[]
}

/** Who listens on the gateway's port. */
export type PortHolder = {
  pid: number | null
  process: string | null
  user: string | null
  uid: number | null
  runtime: string | null
  /** Its parents, nearest first. */
  parents: readonly number[]
  /** When it began, where that is known. */
  since?: number | null
  host: string
}

/** Names of variables, as the service and the shell have them. */
export type EnvironmentDifference = {onlyService: readonly string[]; onlyShell: readonly string[]; differ: readonly string[]}

/** How the gateway can be reached, by its config. */
export type ServiceExposure = {
  mode: string | null
  bind: string | null
  port: number | null
  tailscale: string | null
  authMode: string | null
  allowsTailscale: boolean | null
  trustedProxies: number
  allowedOrigins: number
  hasTls: boolean
  reload: string | null
}

export type FileProblem = 'other-owner' | 'others-can-read' | 'others-can-write' | 'unreadable'

export type OwnedFile = {what: string; path: string; uid: number; owner: string; mode: string; problem: FileProblem | null}

export type ServiceFacts = {
  at: number
  supervisors: readonly Supervisor[]
  /** What could not be asked, and why. */
  unasked: readonly {tool: string; because: string}[]
  holders: readonly PortHolder[]
  port: number
  shell: {path: string; version: string | null} | null
  /** Of the kernel: macOS 26 is Darwin 25. */
  kernel?: string | null
  /** Since when the machine is up. */
  bootedAt?: number | null
  environment: EnvironmentDifference | null
  exposure: ServiceExposure | null
  files: readonly OwnedFile[]
}

/** The one that runs the gateway, else the one that would. */
export const mainSupervisor = ({supervisors, holders}: Pick<ServiceFacts, 'supervisors' | 'holders'>): Supervisor | null =>
  supervisors.find(({pid}) => pid !== null && holders.some(holder => holder.pid === pid || holder.parents.includes(pid))) ??
  supervisors.find(({isRunning}) => isRunning) ??
  supervisors.find(({isLoaded}) => isLoaded) ??
  supervisors[0] ??
  null
