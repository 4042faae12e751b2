import {z} from 'zod'
import {clean} from '../../domain/clean.ts'
import type {OpenclawStatus} from '../../domain/logins/credential.ts'
import type {CliProfile} from '../../domain/logins/reading.ts'

const time = z.number().positive().max(8.64e15).optional().catch(undefined)
const text = z.string().transform(value => clean(value, 200))

const profile = z.object({
  profileId: text,
  provider: text,
  type: z.enum(['api_key', 'token', 'oauth']).nullable().catch(null),
  status: z.enum(['ok', 'static', 'expiring', 'expired', 'missing'] satisfies OpenclawStatus[]),
  expiresAt: time,
})

const unusable = z.object({
  profileId: text,
  kind: z.enum(['cooldown', 'disabled']),
  reason: text.optional().catch(undefined),
  until: z.number().positive().max(8.64e15),
})

/** Labels and details are never read: they carry the ends of each secret. */
const schema = z.object({
  agentId: z.string().optional().catch(undefined),
  auth: z.object({
    storePath: text.optional().catch(undefined),
    unusableProfiles: z.array(unusable.nullable().catch(null)).catch([]),
    oauth: z.object({profiles: z.array(profile.nullable().catch(null))}),
  }),
})

const refusal = z.object({ok: z.literal(false), error: z.object({message: text})})

export type Status = {storePath: string | null; profiles: CliProfile[]}

type Unusable = z.infer<typeof unusable>

const blockOf = (block: Unusable | undefined): CliProfile['blocked'] =>
  block === undefined ? null : {kind: block.kind, until: block.until, reason: block.reason ?? null, model: null}

/** What `openclaw models status --json` prints, of every release so far. */
export const statusOf = (value: unknown): Status | {refused: string} | null => {
  const refused = refusal.safeParse(value)
  if (refused.success) return {refused: refused.data.error.message}
  const found = schema.safeParse(value)
  if (!found.success) return null
  const {storePath, unusableProfiles, oauth} = found.data.auth
  const blocks = unusableProfiles.filter(block => block !== null)
  return {
    storePath: storePath ?? null,
    profiles: oauth.profiles
      .filter(one => one !== null)
      .map(({profileId, provider, type, status, expiresAt}) => ({
        profileId,
        provider,
        type,
        status: status,
        expiresAt: expiresAt === undefined || expiresAt === 1 ? null : expiresAt,
        blocked: blockOf(blocks.find(block => block.profileId === profileId)),
      })),
  }
}
