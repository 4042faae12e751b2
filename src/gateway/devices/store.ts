import {z} from 'zod'
import {clean} from '../../domain/clean.ts'
import type {DeviceIdentity, DeviceStore, DeviceToken, PairedDevice, PairingRequest} from '../../domain/devices/device.ts'
import {documentIn} from '../cli-output.ts'
import {jsonIn} from '../json.ts'

const optional = <T extends z.ZodType>(type: T) => type.nullish().catch(null)
const text = optional(z.string().transform(value => clean(value, 200)))
/** A name is shown inside sentences: a device must not write those. */
const name = optional(z.string().transform(value => clean(value, 60)))
const time = optional(z.number())
const texts = optional(z.array(z.string().transform(value => clean(value, 200))))

/** The token itself is not among them: it is never read. */
const tokenSchema = z.object({
  role: z.string(),
  scopes: texts,
  createdAtMs: time,
  rotatedAtMs: time,
  revokedAtMs: time,
  lastUsedAtMs: time,
})

/** An id goes into the command line of a plan: nothing that could be taken for a flag is one. */
const idSchema = z.string().regex(/^\w[\w.:-]{0,199}$/)

const identityFields = {
  deviceId: idSchema,
  displayName: name,
  operatorLabel: name,
  clientId: text,
  clientMode: text,
  platform: text,
  deviceFamily: text,
  browserOrigin: text,
  remoteIp: text,
  role: text,
  roles: texts,
  scopes: texts,
}

const requestSchema = z.object({
  ...identityFields,
  requestId: idSchema,
  isRepair: optional(z.union([z.boolean(), z.number()])),
  ts: z.number(),
  refreshedAtMs: time,
})

const deviceSchema = z.object({
  ...identityFields,
  approvedScopes: texts,
  approvedVia: text,
  createdAtMs: time,
  approvedAtMs: time,
  lastSeenAtMs: time,
  connected: optional(z.boolean()),
  tokens: optional(z.union([z.array(tokenSchema), z.record(z.string(), tokenSchema)])),
})

type Identity = Pick<z.infer<typeof deviceSchema>, keyof typeof identityFields>

const identityOf = (found: Identity): DeviceIdentity => ({
  deviceId: found.deviceId,
  name: found.operatorLabel || found.displayName || null,
  clientId: found.clientId ?? null,
  mode: found.clientMode ?? null,
  platform: found.platform ?? null,
  family: found.deviceFamily ?? null,
  origin: found.browserOrigin ?? null,
  address: found.remoteIp ?? null,
})

const rolesOf = ({role, roles}: Identity): readonly string[] => roles ?? (role ? [role] : [])

const requestOf = (found: z.infer<typeof requestSchema>): PairingRequest => ({
  ...identityOf(found),
  requestId: found.requestId,
  roles: rolesOf(found),
  scopes: found.scopes ?? [],
  isRepair: found.isRepair === true || found.isRepair === 1,
  requestedAt: found.ts,
  refreshedAt: found.refreshedAtMs ?? null,
})

const tokenOf = (found: z.infer<typeof tokenSchema>): DeviceToken => ({
  role: clean(found.role, 200),
  scopes: found.scopes ?? [],
  createdAt: found.createdAtMs ?? null,
  rotatedAt: found.rotatedAtMs ?? null,
  revokedAt: found.revokedAtMs ?? null,
  lastUsedAt: found.lastUsedAtMs ?? null,
})

const deviceOf = (found: z.infer<typeof deviceSchema>): PairedDevice => ({
  ...identityOf(found),
  roles: rolesOf(found),
  scopes: found.approvedScopes ?? found.scopes ?? [],
  via: found.approvedVia ?? null,
  pairedAt: found.createdAtMs ?? null,
  approvedAt: found.approvedAtMs ?? null,
  lastSeenAt: found.lastSeenAtMs ?? null,
  connected: found.connected ?? null,
  tokens: Object.values(found.tokens ?? {}).map(tokenOf),
})

/** A row that is no row is left out: one torn entry must not hide the others. */
const rowsIn = <T, R>(values: readonly unknown[], schema: z.ZodType<T>, read: (found: T) => R): R[] =>
  values.flatMap(value => {
    const found = schema.safeParse(value)
    return found.success ? [read(found.data)] : []
  })

export const pendingIn = (values: readonly unknown[]): PairingRequest[] => rowsIn(values, requestSchema, requestOf)
export const pairedIn = (values: readonly unknown[]): PairedDevice[] => rowsIn(values, deviceSchema, deviceOf)

const byId = z.record(z.string(), z.unknown())

/** `devices/pending.json` or `devices/paired.json`: the rows by their ids. Null where it is no such file. */
export const rowsOfFile = (content: string): readonly unknown[] | null => {
  const read = byId.safeParse(jsonIn(content))
  return read.success ? Object.values(read.data) : null
}

const listSchema = z.object({pending: z.array(z.unknown()), paired: z.array(z.unknown())})

/** What `openclaw devices list --json` printed. */
export const readDeviceList = (printed: string): DeviceStore | null => {
  const read = listSchema.safeParse(documentIn(printed))
  return read.success ? {pending: pendingIn(read.data.pending), paired: pairedIn(read.data.paired)} : null
}

const camelCase = (column: string): string => column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

const renamed: Readonly<Record<string, string>> = {
  rolesJson: 'roles',
  scopesJson: 'scopes',
  approvedScopesJson: 'approvedScopes',
  tokensJson: 'tokens',
}

/** A row of OpenClaw's database, in the names of its JSON. */
export const rowOfDatabase = (row: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => {
      const name = camelCase(column)
      return column.endsWith('_json') ? [renamed[name] ?? name, jsonIn(String(value))] : [name, value]
    }),
  )
