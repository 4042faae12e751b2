import type {EngineRefusal, GatewayContainer} from '../domain/container.ts'
import {dayMs} from '../domain/durations.ts'

/** What the operator asked for, whatever the command: which gateway, which logs, as of when. `cli` makes it of flags. */
export type Options = {
  readonly stateDir: string | null
  readonly configFile: string | null
  readonly profile: string | null
  readonly url: string | null
  /** Files and folders; `-` is standard input. */
  readonly logs: readonly string[]
  /** The OpenClaw command, as it was typed. */
  readonly openclaw: string | null
  readonly release: string | null
  /** Everything is judged as of then; null is the present. */
  readonly now: number | null
  readonly since: number | null
  readonly until: number | null
  readonly readonly: boolean
  readonly compose: string | null
  readonly remotes: readonly string[]
  readonly knownAs: readonly string[]
  /** Whether `copies` may ask the gateway which token it takes. */
  readonly ask: boolean
  /** A login that ends within that time is ending soon. */
  readonly warnAfterMs: number
  /** The container that the gateway runs in, where it was looked for and found. */
  readonly container: GatewayContainer | null
  /** Why nobody could say whether it runs in one. */
  readonly engineRefusal: EngineRefusal | null
  /** Several run a gateway, and it is not plain which is meant. */
  readonly otherContainers: readonly GatewayContainer[]
}

export const defaultOptions: Options = {
  ...{stateDir: null, configFile: null, profile: null, url: null, logs: [], openclaw: null, release: null},
  ...{now: null, since: null, until: null, readonly: false},
  ...{compose: null, remotes: [], knownAs: [], ask: false, warnAfterMs: dayMs},
  ...{container: null, engineRefusal: null, otherContainers: []},
}

export const currentTime = ({now}: Pick<Options, 'now'>): number => now ?? Date.now()

/** The logs that were named, without the pipe. */
export const namedLogs = ({logs}: Pick<Options, 'logs'>): string[] => logs.filter(file => file !== '-')

export const isPiped = ({logs}: Pick<Options, 'logs'>): boolean => logs.includes('-')
