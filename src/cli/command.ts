import type {Failure} from '../domain/failure.ts'
import type {Args, Flags} from './options.ts'

/** Everywhere the same: fine, broken, broken soon, could not find out, wrong usage, our bug, interrupted. */
export const exit = {fine: 0, broken: 1, soon: 2, unknown: 3, usage: 64, bug: 70, interrupted: 130} as const
export type ExitCode = (typeof exit)[keyof typeof exit]

export type Command = {
  words: string
  about: string
  flags: Flags
  run: (args: Args) => Promise<ExitCode> | ExitCode
}

export const isFailure = (value: unknown): value is Failure =>
  typeof value === 'object' && value !== null && 'title' in value && 'from' in value
