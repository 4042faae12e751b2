import {isFields} from './json.ts'
import {mergeConfig} from './token/config.ts'

/** A file that a config names in `$include`, as it is named from another one; null where it cannot be read. */
export type ReadIncluded = (name: string, from: string) => {tree: unknown; file: string} | null

const maxDeep = 10

const namesIn = (value: unknown): string[] => [value].flat().filter(one => typeof one === 'string')

/** The whole config that OpenClaw sees: what is included, below the keys of the file that includes it. */
export const withIncludes = (tree: unknown, file: string, read: ReadIncluded, depth = 0): unknown => {
  if (!isFields(tree) || depth > maxDeep) return tree
  const {$include, ...own} = tree
  const entries = Object.entries(own).map(([key, value]) => [key, withIncludes(value, file, read, depth)] as const)
  const included = namesIn($include).map(name => {
    const found = read(name, file)
    return found === null ? undefined : withIncludes(found.tree, found.file, read, depth + 1)
  })
  return [...included, Object.fromEntries(entries)].reduce((below: unknown, above) => mergeConfig(below, above), undefined)
}
