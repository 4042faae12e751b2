import {z} from 'zod'
import {present} from '../../domain/clean.ts'
import type {ServiceExposure} from '../../domain/service/service.ts'
import {parseJson5} from '../json5.ts'

const text = z.string().optional().catch(undefined)
const list = z.array(z.unknown()).optional().catch(undefined)
const flag = z.boolean().optional().catch(undefined)

const schema = z.object({
  gateway: z
    .object({
      mode: text,
      bind: text,
      port: z.number().int().positive().optional().catch(undefined),
      tailscale: z.object({mode: text}).optional().catch(undefined),
      auth: z.object({mode: text, allowTailscale: flag}).optional().catch(undefined),
      trustedProxies: list,
      controlUi: z.object({allowedOrigins: list}).optional().catch(undefined),
      tls: z.object({enabled: flag}).optional().catch(undefined),
      reload: z.object({mode: text}).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
})

const word = (value: string | undefined): string | null => present(value, 80) ?? null

/** How the config, includes merged, has the gateway reached; null where it cannot be read. Nothing secret is taken from it. */
export const readExposure = (config: string, whole: (tree: unknown) => unknown = tree => tree): ServiceExposure | null => {
  const parsed = parseJson5(config)
  if ('problem' in parsed) return null
  const found = schema.safeParse(whole(parsed.value))
  if (!found.success) return null
  const {mode, bind, port, tailscale, auth, trustedProxies, controlUi, tls, reload} = found.data.gateway ?? {}
  return {
    mode: word(mode),
    bind: word(bind),
    port: port ?? null,
    tailscale: word(tailscale?.mode),
    authMode: word(auth?.mode),
    allowsTailscale: auth?.allowTailscale ?? null,
    trustedProxies: trustedProxies?.length ?? 0,
    allowedOrigins: controlUi?.allowedOrigins?.length ?? 0,
    hasTls: tls?.enabled ?? false,
    reload: word(reload?.mode),
  }
}
