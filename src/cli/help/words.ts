import type {NamedCommand} from '../command.ts'
import {commonFlags, type Flag, type Flags} from '../options.ts'

/** The words that a command takes in each place, where they are few: `service print systemd|launchd`. */
export const wordsAt = ({words}: Pick<NamedCommand, 'words'>): string[][] =>
  words
    .split(' ')
    .slice(1)
    .map(word => (/^[a-z|-]+$/.test(word) ? word.split('|') : []))

/** What completes the value of a flag. */
export type ValueKind = 'file' | 'folder' | 'words' | 'other'

export const valueKind = (value: string, words?: readonly string[]): ValueKind => {
  if (words !== undefined) return 'words'
  return value === 'FILE' ? 'file' : value === 'DIR' ? 'folder' : 'other'
}

/** Flags with a value, once each; where two commands have one of the same name the first counts. */
export const valueFlags = (all: readonly NamedCommand[]): [string, Flag][] => {
  const flags: Flags = Object.assign({}, ...all.map(({flags: own}) => own).toReversed(), commonFlags)
  return Object.entries(flags).filter(([, {value}]) => value !== undefined)
}

export const commonOf = ({common}: NamedCommand): Flags =>
  common === undefined ? commonFlags : Object.fromEntries(common.map(name => [name, commonFlags[name]]))
