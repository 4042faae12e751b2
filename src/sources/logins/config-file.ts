import fs from 'node:fs'
import path from 'node:path'
import {isFields} from '../../gateway/json.ts'
import {parseJson5} from '../../gateway/json5.ts'
import {mergeConfig} from '../../gateway/token/config.ts'
import {readText} from '../files.ts'

export type ConfigTree = {tree: unknown; files: readonly string[]; exists: boolean; problem: string | null}

type Loading = {files: string[]; problems: string[]}

const maxDepth = 10

const strings = (value: unknown): string[] => [value].flat().filter(one => typeof one === 'string')

/** Sibling keys of `$include` override included ones, at any depth. */
const expanded = (value: unknown, folder: string, loading: Loading, depth: number): unknown => {
  if (Array.isArray(value)) return value.map(one => expanded(one, folder, loading, depth))
  if (!isFields(value)) return value
  const {$include, ...own} = value
  const fields = Object.fromEntries(Object.entries(own).map(([key, one]) => [key, expanded(one, folder, loading, depth)]))
  const included = strings($include).map(file => loaded(path.resolve(folder, file), loading, depth + 1))
  return included.length === 0 ? fields : mergeConfig(included.reduce(mergeConfig, {}), fields)
}

const loaded = (file: string, loading: Loading, depth: number): unknown => {
  loading.files.push(file)
  if (depth > maxDepth) return {}
  try {
    const parsed = parseJson5(readText(file))
    if ('value' in parsed) return expanded(parsed.value, path.dirname(file), loading, depth)
    loading.problems.push(`${file}: ${parsed.problem}`)
  } catch (error) {
    loading.problems.push(`${file}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`)
  }
  return {}
}

/** The whole config, its includes laid in. */
export const configTree = (file: string): ConfigTree => {
  if (!fs.existsSync(file)) return {tree: {}, files: [file], exists: false, problem: null}
  const loading: Loading = {files: [], problems: []}
  const tree = loaded(file, loading, 0)
  return {tree, files: loading.files, exists: true, problem: loading.problems[0] ?? null}
}
