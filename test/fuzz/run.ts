import {spawnSync} from 'node:child_process'
import {randomInt} from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import {parseArgs} from 'node:util'

/**
 * `npm run fuzz -- [WORD…] [--inputs N] [--minutes N] [--seed N]`: passes over all targets, or over those in whose file or title a
 * word stands, each pass with a seed of its own, until one fails, the minutes are over, or a key stops it. With a seed, one pass.
 */

const usage = (because: string): never => {
  console.error(`fuzz: ${because}; [WORD…] [--inputs N] [--minutes N] [--seed N]`)
  process.exit(64)
}

const numberIn = (text: string | undefined, name: string): number | null => {
  if (text === undefined) return null
  return Number(text) > 0 ? Number(text) : usage(`--${name} takes a number above 0, not ${text}`)
}

const read = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {inputs: {type: 'string'}, minutes: {type: 'string'}, seed: {type: 'string'}},
    })
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error))
  }
}

const {values, positionals} = read()
const inputs = numberIn(values.inputs, 'inputs') ?? 5000
const minutes = numberIn(values.minutes, 'minutes') ?? Infinity
const seed = numberIn(values.seed, 'seed')

const files = fs.readdirSync(import.meta.dirname).filter(name => name.endsWith('.test.ts'))
/** A word is a part of the name of a file, else of the title of a target. */
const named = files.filter(name => positionals.some(word => name.includes(word)))
const titles = positionals.filter(word => !files.some(name => name.includes(word)))
if (named.length > 0 && titles.length > 0) usage('name files or targets, not both')
const chosen = [
  ...named.map(name => path.join('test/fuzz', name)),
  ...(titles.length > 0 ? ['--testNamePattern', titles.join('|')] : []),
]

const pass = (ownSeed: number): number | null => {
  console.log(`fuzz: seed ${ownSeed}, ${inputs} inputs a target`)
  const vitest = path.join(import.meta.dirname, '../../node_modules/vitest/vitest.mjs')
  const options = ['run', '--config', '.vitest.config.ts', '--project', 'fuzz', '--silent=false', ...chosen]
  const {status} = spawnSync(process.execPath, [vitest, ...options], {
    cwd: path.join(import.meta.dirname, '../..'),
    env: {...process.env, FUZZ_SEED: String(ownSeed), FUZZ_INPUTS: String(inputs)},
    stdio: 'inherit',
  })
  return status
}

const began = performance.now()
let status: number | null
do {
  status = pass(seed ?? randomInt(1, 2 ** 31))
} while (status === 0 && seed === null && performance.now() - began < minutes * 60_000)
process.exitCode = status ?? 130
