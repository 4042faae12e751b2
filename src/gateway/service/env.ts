import type {Secret} from '../../domain/secret.ts'
import type {EnvironmentDifference, Program} from '../../domain/service/service.ts'
import {tokenFlag} from './files.ts'

type Variables = ReadonlyMap<string, Secret>
type Shell = Readonly<Record<string, string | undefined>>

/** Variables that change what OpenClaw does, or with which key it does it. */
const matters =
  /^(?:(?:OPENCLAW|CLAWDBOT|MOLTBOT)_\w+|NODE_(?:OPTIONS|EXTRA_CA_CERTS|TLS_REJECT_UNAUTHORIZED|USE_SYSTEM_CA)|HOME|TMPDIR|PATH|(?:https?|all|no)_proxy|\w+_(?:API_KEY|AUTH_TOKEN|OAUTH_TOKEN))$/i

/** By these the service knows itself; a shell has none of them. */
const markers = /^OPENCLAW_(?:SERVICE_\w+|LAUNCHD_LABEL|SYSTEMD_UNIT|WINDOWS_\w+|GATEWAY_PORT)$/

const counts = (name: string): boolean => matters.test(name) && !markers.test(name)

const isSet = (value: string | undefined): boolean => value !== undefined && value !== ''

/** Compared by value, reported by name. */
export const differenceOf = (service: Variables, shell: Shell): EnvironmentDifference => {
  const names = [...new Set([...service.keys(), ...Object.keys(shell)])].filter(counts).toSorted()
  const inService = (name: string): string | undefined => service.get(name)?.reveal()
  return {
    onlyService: names.filter(name => isSet(inService(name)) && !isSet(shell[name])),
    onlyShell: names.filter(name => !isSet(inService(name)) && isSet(shell[name])),
    differ: names.filter(name => isSet(inService(name)) && isSet(shell[name]) && inService(name) !== shell[name]),
  }
}

const runtimes = /(?:^|\/)(?:node|bun|deno)$/
const named = /\/(?:openclaw|clawdbot|moltbot)(?:\/|$)|\/(?:openclaw|clawdbot|moltbot)\.[cm]?js$/

const entryIn = (args: readonly string[]): number => {
  const at = args.findIndex(arg => named.test(arg) && !runtimes.test(arg) && !/\.(?:env|sh)$/.test(arg))
  return at >= 0 ? at : args.findIndex(arg => /\.[cm]?js$/.test(arg))
}

/** `--port N` or `--port=N` of a command line. */
export const portIn = (args: readonly string[]): number | null => {
  const at = args.indexOf('--port')
  const text = at >= 0 ? args[at + 1] : args.find(arg => arg.startsWith('--port='))?.slice(7)
  return Number(text) > 0 ? Number(text) : null
}

const runtimeBefore = (args: readonly string[], entry: number): string | null =>
  args.slice(0, Math.max(entry, 0)).findLast(arg => runtimes.test(arg)) ?? null

/** Which OpenClaw a service starts, through a wrapper or straight. */
export const programIn = (args: readonly string[], port: string | undefined): Omit<Program, 'version'> => {
  const at = entryIn(args)
  return {
    runtime: runtimeBefore(args, at),
    entry: args[at] ?? null,
    port: portIn(args) ?? (Number(port) > 0 ? Number(port) : null),
    hasTokenFlag: tokenFlag(args) !== null,
  }
}
