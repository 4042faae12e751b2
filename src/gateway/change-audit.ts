import {z} from 'zod'
import {clean} from '../domain/clean.ts'
import {jsonIn} from './json.ts'

/** Who wrote the config, as OpenClaw itself keeps it. */
export type ConfigChange = {at: number; by: string; pid: number | null; paths: readonly string[]; isSuspicious: boolean}

const strings = z.array(z.string()).optional().catch(undefined)

const record = z.object({
  ts: z.string(),
  event: z.string(),
  argv: strings,
  pid: z.number().optional().catch(undefined),
  origin: z.string().optional().catch(undefined),
  changedPaths: strings,
  suspicious: strings,
})

/** Bare words of a command line. What stands behind the name of a setting is its value, and may be a secret. */
const plain = /^[a-z][a-z-]{0,30}$/
const setting = /^[a-z][\w.[\]-]{0,80}$/i
const namesSetting = /^(?:set|unset|get|patch)$/

const commandIn = (argv: readonly string[]): string | null => {
  const begin = argv.findIndex(arg => /(?:^|[\\/])openclaw(?:\.[cm]?js)?$/.test(arg))
  if (begin < 0) return null
  const [first = '', second = '', third = ''] = argv.slice(begin + 1)
  if (!plain.test(first)) return 'openclaw'
  if (!plain.test(second)) return `openclaw ${first}`
  const key = first === 'config' && namesSetting.test(second) && setting.test(third) ? ` ${third}` : ''
  return `openclaw ${first} ${second}${key}`
}

const maxPaths = 6

/** A line of `config-audit.jsonl`, or a payload of the `config-audit` scope: the same words in both. */
export const readChange = (text: string): ConfigChange | null => {
  const found = record.safeParse(jsonIn(text))
  if (!found.success || found.data.event !== 'config.write') return null
  const {ts, argv = [], pid, origin, changedPaths = [], suspicious = []} = found.data
  const at = Date.parse(ts)
  if (Number.isNaN(at)) return null
  const by = commandIn(argv) ?? (origin === undefined ? 'a process' : clean(origin, 40))
  const paths = changedPaths.slice(0, maxPaths).map(path => clean(path, 80))
  return {at, by, pid: pid ?? null, paths, isSuspicious: suspicious.length > 0}
}

export type RestartRequest = {at: number; by: string; how: string; pid: number | null}

const lifecycle = /^\[(\S+)\] openclaw gateway lifecycle source=(\S+) action=(\S+)(?: mode=(\S+))?(?: pid=(\d+))?/

/** A line of `gateway-restart.log`. */
export const readRestartRequest = (text: string): RestartRequest | null => {
  const [, time = '', source = '', action = '', mode, pid] = lifecycle.exec(text) ?? []
  const at = Date.parse(time)
  if (Number.isNaN(at)) return null
  const how = mode === undefined ? action : `${action} (${mode})`
  return {at, by: clean(source, 40), how: clean(how, 60), pid: pid === undefined ? null : Number(pid)}
}
