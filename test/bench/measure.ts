import {spawnSync} from 'node:child_process'
import path from 'node:path'
import {fileURLToPath} from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))
export const launcher = path.join(root, 'bin/gatecrab.js')

export const quantile = (numbers: readonly number[], share: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))] ?? Number.NaN

export const median = (numbers: readonly number[]): number => quantile(numbers, 0.5)

export type Environment = Readonly<Record<string, string>>

/** Of the machine nothing but its tools; what was compiled is kept, as for whoever has run it before. */
export const environmentIn = (home: string): Environment => ({
  PATH: process.env['PATH'] ?? '',
  HOME: home,
  TERM: 'xterm-256color',
  LANG: 'C.UTF-8',
  TZ: 'UTC',
  NODE_COMPILE_CACHE: path.join(home, 'compile-cache'),
})

type Run = {ms: number; rssMb: number}

const rssProbe = `data:text/javascript,${encodeURIComponent(`process.on('exit', () => process.stderr.write('rss=' + process.resourceUsage().maxRSS))`)}`

/** Our own program until it has ended; `fine` are the exit codes of a run that did what it should. */
export const runOurs = (args: readonly string[], env: Environment, fine: readonly number[] = [0]): Run => {
  const began = performance.now()
  const {status, stderr} = spawnSync(process.execPath, ['--import', rssProbe, launcher, ...args], {
    ...{encoding: 'utf8', env, cwd: env['HOME'], stdio: ['ignore', 'ignore', 'pipe']},
    maxBuffer: 64_000_000,
  } as const)
  const ms = performance.now() - began
  if (!fine.includes(status ?? -1)) throw new Error(`gatecrab ${args[0]} left with ${status}: ${stderr}`)
  return {ms, rssMb: Number(/rss=(\d+)/.exec(stderr)?.[1] ?? Number.NaN) / 1024}
}

/** Null where there is no such program. */
export const runPeer = (command: string, args: readonly string[], env: Environment): number | null => {
  const began = performance.now()
  const {error} = spawnSync(command, args, {stdio: 'ignore', env, cwd: env['HOME']})
  return error ? null : performance.now() - began
}

/** The least of several: what others on the machine took away is in the rest. */
export const best = (times: readonly (number | null)[]): number | null => {
  const found = times.filter(time => time !== null)
  return found.length === 0 ? null : Math.min(...found)
}
