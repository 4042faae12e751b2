import {z} from 'zod'
import {clean} from '../../domain/clean.ts'
import type {SecretReference} from '../../domain/logins/credential.ts'

const sources = ['env', 'file', 'exec', 'store'] as const
const schema = z.object({
  source: z.enum(sources),
  provider: z.string().optional().catch(undefined),
  id: z.string().trim().min(1),
})

const variable = /^[A-Z][A-Z0-9_]{0,127}$/
const shorthand = /^\$(?:\{([A-Z][A-Z0-9_]{0,127})\}|([A-Z][A-Z0-9_]{0,127}))$/
const providerName = /^[a-z][a-z0-9_-]{0,63}$/

/** Only names of a valid form are shown: the operator may have pasted the secret itself here. */
const nameOf = ({source, id}: z.infer<typeof schema>): string => {
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
export const readSecretReference = (value: unknown): SecretReference | null => {
  if (typeof value === 'string') {
    const [, braced, bare] = shorthand.exec(value.trim()) ?? []
    const name = braced ?? bare
    return name === undefined ? null : unasked('env', 'default', name)
  }
  const found = schema.safeParse(value)
  if (!found.success) return null
  const {source, provider = 'default'} = found.data
  return unasked(source, providerName.test(provider) ? provider : 'default', nameOf(found.data))
}
