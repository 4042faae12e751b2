import {z} from 'zod'
import {isFields} from './json.ts'
import {parseJson5} from './json5.ts'
import {mergeConfig} from './token/config.ts'

const schema = z.object({
  meta: z.object({lastTouchedVersion: z.string().optional()}).optional().catch(undefined),
  gateway: z
    .object({
      port: z.number().int().positive().optional().catch(undefined),
      mode: z.string().optional().catch(undefined),
      trustedProxies: z.array(z.string()).optional().catch(undefined),
      remote: z
        .object({
          url: z.string().min(1).optional().catch(undefined),
          tlsFingerprint: z.string().min(1).optional().catch(undefined),
        })
        .optional()
        .catch(undefined),
      tls: z
        .object({enabled: z.boolean().optional().catch(undefined), certPath: z.string().optional().catch(undefined)})
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
  logging: z
    .object({file: z.string().min(1).optional().catch(undefined)})
    .optional()
    .catch(undefined),
})

/** What gatecrab needs of `openclaw.json`; everything else, secrets above all, stays where it is. */
export type GatewayConfig = {
  release: string | null
  port: number
  logFile: string | null
  hasTls: boolean
  certPath: string | null
  /** Addresses and ranges of which the gateway believes whom they speak for. */
  trustedProxies: readonly string[]
  /** The gateway elsewhere that this machine is a client of. */
  remote: {url: string; fingerprint: string | null} | null
}

export const defaultPort = 18789

export const emptyConfig: GatewayConfig = {
  release: null,
  port: defaultPort,
  logFile: null,
  hasTls: false,
  certPath: null,
  trustedProxies: [],
  remote: null,
}

type GatewaySection = NonNullable<z.infer<typeof schema>['gateway']>

const remoteIn = ({mode, remote}: GatewaySection): GatewayConfig['remote'] =>
  mode === 'remote' && remote?.url !== undefined ? {url: remote.url, fingerprint: remote.tlsFingerprint ?? null} : null

/** `whole` merges what the config includes. */
export const readConfig = (text: string, whole: (tree: unknown) => unknown = tree => tree): GatewayConfig | {problem: string} => {
  const parsed = parseJson5(text)
  if ('problem' in parsed) return parsed
  const found = schema.safeParse(whole(parsed.value))
  if (!found.success) return {problem: 'it is not an object'}
  const {meta, gateway, logging} = found.data
  return {
    release: meta?.lastTouchedVersion ?? null,
    port: gateway?.port ?? defaultPort,
    logFile: logging?.file ?? null,
    hasTls: gateway?.tls?.enabled === true,
    certPath: gateway?.tls?.certPath ?? null,
    trustedProxies: gateway?.trustedProxies ?? [],
    remote: gateway ? remoteIn(gateway) : null,
  }
}

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
