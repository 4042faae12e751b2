import {z} from 'zod'
import {clean} from '../../domain/clean.ts'
import type {Credential, CredentialType, Expiry, SecretReference} from '../../domain/logins/credential.ts'

const sources = ['env', 'file', 'exec', 'store'] as const
const referenceSchema = z.object({
  source: z.enum(sources),
  provider: z.string().optional().catch(undefined),
  id: z.string().trim().min(1),
})

const variable = /^[A-Z][A-Z0-9_]{0,127}$/
const shorthand = /^\$(?:\{([A-Z][A-Z0-9_]{0,127})\}|([A-Z][A-Z0-9_]{0,127}))$/
const providerName = /^[a-z][a-z0-9_-]{0,63}$/

/** Only names of a valid form are shown: the operator may have pasted the secret itself here. */
const nameOf = ({source, id}: z.infer<typeof referenceSchema>): string => {
  if (source === 'env' || source === 'store') return variable.test(id) ? id : 'an unusable name'
  return source === 'file' && id.length <= 128 && (id === 'value' || id.startsWith('/')) ? clean(id) : 'one value'
}

const unasked = (source: SecretReference['source'], provider: string, name: string): SecretReference => ({
  source,
  provider,
  name,
  found: 'unasked',
  place: null,
})

/** A SecretRef, as an object or as `${NAME}`; null where the value is none. */
const readSecretReference = (value: unknown): SecretReference | null => {
  if (typeof value === 'string') {
    const [, braced, bare] = shorthand.exec(value.trim()) ?? []
    const name = braced ?? bare
    return name === undefined ? null : unasked('env', 'default', name)
  }
  const found = referenceSchema.safeParse(value)
  if (!found.success) return null
  const {source, provider = 'default'} = found.data
  return unasked(source, providerName.test(provider) ? provider : 'default', nameOf(found.data))
}

const any = z.unknown().optional()

/** Every field may hold anything; what is a secret goes no further than this file. */
const schema = z.object({
  type: any,
  mode: any,
  provider: any,
  key: any,
  apiKey: any,
  keyRef: any,
  token: any,
  tokenRef: any,
  access: any,
  refresh: any,
  oauthRef: any,
  expires: any,
  expiresAt: any,
  setup: z
    .object({replacement: z.literal(true)})
    .optional()
    .catch(undefined),
  authFlow: any,
  externallyManaged: any,
})
type Raw = z.infer<typeof schema>

const maxTime = 8.64e15

const guessTime = (text: string): number | null => {
  if (/^\d{13}$/.test(text)) return Number(text)
  const at = /^\d{10}$/.test(text) ? Number(text) * 1000 : Date.parse(text)
  return Number.isNaN(at) ? null : at
}

const ofNumber = (value: number): Expiry => {
  if (!Number.isFinite(value)) return {kind: 'invalid', as: 'no-number', meant: null}
  if (value === 0) return {kind: 'invalid', as: 'zero', meant: null}
  if (value < 0) return {kind: 'invalid', as: 'negative', meant: null}
  return value > maxTime ? {kind: 'invalid', as: 'too-far', meant: null} : {kind: 'at', at: Math.max(1, Math.trunc(value))}
}

const expiryOf = (value: unknown): Expiry => {
  if (value === undefined) return {kind: 'none'}
  if (typeof value === 'number') return ofNumber(value)
  if (value === null) return {kind: 'invalid', as: 'null', meant: null}
  if (typeof value === 'string') return {kind: 'invalid', as: 'text', meant: guessTime(value.trim())}
  return {kind: 'invalid', as: 'no-number', meant: null}
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''

const setupCommand = /^openclaw\s+onboard(?:\s+.*)?\s+--auth-choice(?:\s|=|$)/i

const secretIn = (value: unknown): Credential['secret'] => {
  if (!isText(value)) return 'none'
  return setupCommand.test(value.trim()) ? 'a-command' : 'set'
}

const fencePrefix = 'openclaw-oauth-refresh-fence:'

const fenceIn = ({access, refresh}: Raw): Credential['fence'] => {
  const fences = [access, refresh].filter(value => typeof value === 'string' && value.startsWith(fencePrefix)) as string[]
  if (fences.length === 0) return null
  return fences.some(fence => fence.includes(':failed:')) ? 'failed' : 'pending'
}

const types: readonly unknown[] = ['api_key', 'token', 'oauth'] satisfies CredentialType[]

const typeOf = (raw: Raw): {type: CredentialType | null; written: unknown; spelling: Credential['spelling']} => {
  const byMode = raw.type === undefined && typeof raw.mode === 'string'
  const written = byMode ? raw.mode : raw.type
  if (written === 'apiKey') return {type: 'api_key', written, spelling: 'apiKey'}
  const type = types.includes(written) ? (written as CredentialType) : null
  return {type, written, spelling: byMode ? 'mode' : 'plain'}
}

const fieldsOf = (raw: Raw, type: CredentialType | null): {value: unknown; reference: unknown} => {
  if (type === 'token') return {value: raw.token, reference: raw.tokenRef}
  if (type === 'oauth') return {value: raw.access, reference: undefined}
  return {value: raw.key ?? raw.apiKey, reference: raw.keyRef}
}

const secretStateIn = (
  raw: Raw,
  type: CredentialType | null,
): {secret: Credential['secret']; reference: SecretReference | null} => {
  const {value, reference} = fieldsOf(raw, type)
  const found = readSecretReference(reference) ?? readSecretReference(value)
  const anyReference = type === 'oauth' ? (found ?? readSecretReference(raw.refresh)) : found
  return {secret: found === null ? secretIn(value) : 'none', reference: anyReference}
}

const ignoredCredential = (profileId: string, ignored: string): Credential => ({
  profileId,
  provider: profileId.split(':')[0] ?? profileId,
  type: null,
  spelling: 'plain',
  secret: 'none',
  hasRefresh: false,
  reference: null,
  hasSidecar: false,
  expires: {kind: 'none'},
  hasStrayExpiry: false,
  fence: null,
  isInactive: false,
  isExternal: false,
  ignored,
})

const typeWords = (written: unknown): string =>
  typeof written === 'string' && /^[\w-]{1,24}$/.test(written)
    ? `its type ${written} is none that it knows`
    : 'it has no type that it knows'

const isExternal = (profileId: string, {authFlow, externallyManaged}: Raw): boolean =>
  profileId.endsWith('-cli') || authFlow === 'external-cli' || externallyManaged === true

/** One row of a store, its secrets left behind. */
export const credentialOf = (id: string, value: unknown): Credential => {
  const profileId = clean(id, 200)
  const found = schema.safeParse(value)
  if (!found.success || Array.isArray(value)) return ignoredCredential(profileId, 'it is no object')
  const raw = found.data
  const {type, written, spelling} = typeOf(raw)
  if (type === null) return ignoredCredential(profileId, typeWords(written))
  if (!isText(raw.provider)) return {...ignoredCredential(profileId, 'it names no provider'), type}
  return {
    ...ignoredCredential(profileId, ''),
    ...secretStateIn(raw, type),
    provider: clean(raw.provider.trim().toLowerCase(), 80),
    type,
    spelling,
    hasRefresh: type === 'oauth' && isText(raw.refresh),
    hasSidecar: type === 'oauth' && typeof raw.oauthRef === 'object' && raw.oauthRef !== null,
    expires: type === 'api_key' ? {kind: 'none'} : expiryOf(raw.expires),
    hasStrayExpiry: raw.expiresAt !== undefined,
    fence: type === 'oauth' ? fenceIn(raw) : null,
    isInactive: raw.setup !== undefined,
    isExternal: isExternal(profileId, raw),
    ignored: null,
  }
}
