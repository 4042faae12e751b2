import {z} from 'zod'
import {present} from '../../domain/clean.ts'
import type {Presence} from '../../domain/live/connected-client.ts'

const text = z.string().optional().catch(undefined)
const number = z.number().optional().catch(undefined)

const entry = z.object({
  clientId: text,
  host: text,
  mode: text,
  version: text,
  platform: text,
  ip: text,
  deviceId: text,
  instanceId: text,
  roles: z.array(z.string()).optional().catch(undefined),
  reason: text,
  onlineSince: number,
  ts: number,
})

/** Longer names are hostile input; cut them. */
const short = (value: string | undefined): string | null => present(value, 200) ?? null

const presenceOf = (found: z.infer<typeof entry>): Presence => ({
  clientId: short(found.clientId),
  host: short(found.host),
  mode: short(found.mode),
  version: short(found.version),
  platform: short(found.platform),
  ip: short(found.ip),
  deviceId: short(found.deviceId),
  instanceId: short(found.instanceId),
  roles: (found.roles ?? []).slice(0, 8).map(role => short(role) ?? ''),
  reason: short(found.reason),
  onlineSince: found.onlineSince ?? null,
  at: found.ts ?? 0,
})

/** The gateway keeps at most 200 of them itself. */
const max = 500

/** The gateway's list of who is there; null where there is no list. */
export const readPresence = (value: unknown): Presence[] | null => {
  if (!Array.isArray(value)) return null
  return value.slice(0, max).flatMap(one => {
    const found = entry.safeParse(one)
    return found.success ? [presenceOf(found.data)] : []
  })
}
