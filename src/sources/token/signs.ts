import type {RevertSign} from '../../domain/token/reverted.ts'
import {linesBefore} from '../log/lines-before.ts'

const signs: readonly (readonly [RegExp, RevertSign['kind']])[] = [
  [/Config auto-restored from (?:last-known-good|backup)/, 'auto-restored'],
  [/auth token was missing\. Generated a/, 'made-up-token'],
]

const timeIn = (raw: string): number => {
  const stamps = raw.match(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)/g)
  return Date.parse(stamps?.at(-1) ?? '') || 0
}

const maxBytes = 1 << 20

const signsIn = async (file: string): Promise<RevertSign[]> => {
  const found = await linesBefore(file, {line: Number.POSITIVE_INFINITY}, maxBytes)
  return (found?.lines ?? []).flatMap(({raw, line}) => {
    const kind = signs.find(([words]) => words.test(raw))?.[1]
    return kind === undefined ? [] : [{kind, at: timeIn(raw), from: {file, line}}]
  })
}

/** What the ends of these logs say about a token that came back. */
export const readSigns = async (files: readonly string[]): Promise<RevertSign[]> =>
  (await Promise.all(files.map(signsIn))).flat().toSorted((a, b) => a.at - b.at)
