import type {GatewayContext} from '../runtime/context.ts'
import type {Args, CommonFlag, Flags} from './options.ts'

/** Everywhere the same: fine, broken, broken soon, could not find out, wrong usage, our bug, interrupted. */
export const exit = {fine: 0, broken: 1, soon: 2, unknown: 3, usage: 64, bug: 70, interrupted: 130} as const
export type ExitCode = (typeof exit)[keyof typeof exit]

export type Locate = () => Promise<GatewayContext>

export type Command = {
  words: string
  about: string
  flags: Flags
  /** Of the flags that every command takes, those that mean something here; all where nothing is said. */
  common?: readonly CommonFlag[]
  /** What `help` prints, where that is not its flags. */
  text?: () => string
  /** What an operator has to know of it beside its flags: paragraphs of its help and of the manual page. */
  notes?: readonly string[]
  /** What needs no config file of ours does not look for one; `shown`: it prints itself what is wrong with it. */
  settings?: 'none' | 'shown'
  /** `locate` finds the gateway that is meant, once. */
  run: (args: Args, locate: Locate) => Promise<ExitCode> | ExitCode
}

export type NamedCommand = Command & {name: string}
export type CommandGroup = {title: string; commands: readonly NamedCommand[]}
