import {z} from 'zod'
import {clean} from '../../domain/clean.ts'
import type {ConfiguredAuth, ModelUse} from '../../domain/logins/reading.ts'

const text = z.string().trim().min(1)
const maybe = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined)
const dict = <T extends z.ZodType>(schema: T) => maybe(z.record(z.string(), schema.nullable().catch(null)))

const model = maybe(z.union([text, z.object({primary: maybe(text), fallbacks: maybe(z.array(text))})]))
const agent = z.object({id: maybe(text), agentDir: maybe(text), model, utilityModel: maybe(text)})
const isSet = z
  .unknown()
  .optional()
  .transform(value => value !== null && value !== undefined && value !== '')

/** Of keys only whether they are there. */
const schema = z.object({
  agents: maybe(
    z.object({
      defaults: maybe(
        z.object({
          model,
          imageModel: model,
          utilityModel: maybe(text),
          models: dict(z.object({alias: maybe(text)})),
          authInheritance: maybe(z.object({agentId: maybe(text)})),
          systemAgent: maybe(z.object({agentId: maybe(text)})),
        }),
      ),
      list: maybe(z.array(agent.nullable().catch(null))),
      entries: dict(agent),
    }),
  ),
  auth: maybe(
    z.object({
      order: dict(z.array(text)),
      profiles: dict(z.object({provider: text, mode: text})),
    }),
  ),
  env: maybe(z.record(z.string(), z.unknown())),
  secrets: maybe(z.object({providers: dict(z.object({source: text, path: maybe(text), mode: maybe(text)}))})),
  models: maybe(z.object({providers: dict(z.object({apiKey: isSet, auth: isSet, headers: isSet}))})),
})
type Raw = z.infer<typeof schema>
type Defaults = NonNullable<NonNullable<Raw['agents']>['defaults']>
type Model = z.infer<typeof model>

export type ConfiguredAgent = {id: string; agentDir: string | null; models: ModelUse[]}

export type ProfileConfig = {
  /** Null where the config names no agents, which leaves the one called main. */
  roster: ConfiguredAgent[] | null
  /** What an agent works with that is not named. */
  defaultModels: ModelUse[]
  auth: ConfiguredAuth
  sharedOwner: string | null
  systemAgent: string | null
  variables: string[]
  secretFiles: Record<string, {path: string; isJson: boolean}>
  /** Providers with a key or another way to sign in of their own. */
  keyed: string[]
}

const agentIdOf = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64) || 'main'

const modelUseOf = (name: string, aliases: ReadonlyMap<string, string>): ModelUse | null => {
  const full = aliases.get(name.toLowerCase()) ?? name
  const slash = full.indexOf('/')
  if (slash < 1) return null
  const [id = ''] = full.slice(slash + 1).split('@')
  return {provider: clean(full.slice(0, slash).trim().toLowerCase(), 80), model: clean(id, 200)}
}

const primaryOf = (value: Model): string[] => (typeof value === 'string' ? [value] : value?.primary ? [value.primary] : [])

/** A model given as text alone says that there are no fallbacks. */
const fallbacksOf = (own: Model, inherited: Model): string[] => {
  const given = typeof own === 'string' ? [] : own?.fallbacks
  return given ?? (typeof inherited === 'string' ? [] : (inherited?.fallbacks ?? []))
}

const aliasesIn = (defaults: Defaults | undefined): Map<string, string> =>
  new Map(
    Object.entries(defaults?.models ?? {}).flatMap(([name, value]) => (value?.alias ? [[value.alias.toLowerCase(), name]] : [])),
  )

const modelsOf = (own: {model?: Model; utilityModel?: string | undefined}, defaults: Defaults | undefined): ModelUse[] => {
  const primary = primaryOf(own.model)
  const names = [
    ...(primary.length > 0 ? primary : primaryOf(defaults?.model)),
    ...fallbacksOf(own.model, defaults?.model),
    ...primaryOf(defaults?.imageModel),
    ...fallbacksOf(undefined, defaults?.imageModel),
    ...[own.utilityModel ?? defaults?.utilityModel ?? []].flat(),
  ]
  const aliases = aliasesIn(defaults)
  const uses = names.flatMap(name => modelUseOf(name, aliases) ?? [])
  return uses.filter((use, i) => uses.findIndex(one => one.provider === use.provider && one.model === use.model) === i)
}

const rosterOf = ({agents}: Raw): ConfiguredAgent[] | null => {
  const defaults = agents?.defaults
  const entries = Object.entries(agents?.entries ?? {}).map(([id, entry]) => ({...entry, id}))
  const listed = agents?.entries ? entries : agents?.list?.flatMap(entry => entry ?? [])
  if (!listed) return null
  const found = listed.map(one => ({
    id: agentIdOf(one.id ?? 'main'),
    agentDir: one.agentDir ?? null,
    models: modelsOf(one, defaults),
  }))
  return found.filter((one, i) => found.findIndex(({id}) => id === one.id) === i)
}

const filled = <T>(record: Record<string, T | null> | undefined): [string, T][] =>
  Object.entries(record ?? {}).filter((entry): entry is [string, T] => entry[1] !== null)

const authOf = ({auth}: Raw): ConfiguredAuth => ({
  order: Object.fromEntries(
    filled(auth?.order).map(([provider, ids]) => [provider.toLowerCase(), ids.map(id => clean(id, 200))]),
  ),
  profiles: Object.fromEntries(
    filled(auth?.profiles).map(([id, {provider, mode}]) => [clean(id, 200), {provider: provider.toLowerCase(), mode}]),
  ),
})

const namesIn = (record: unknown): string[] =>
  typeof record === 'object' && record !== null
    ? Object.entries(record).flatMap(([name, value]) => (typeof value === 'string' && value.trim() !== '' ? [name] : []))
    : []

const secretFilesIn = ({secrets}: Raw): ProfileConfig['secretFiles'] =>
  Object.fromEntries(
    filled(secrets?.providers).flatMap(([name, {source, path, mode}]) =>
      source === 'file' && path !== undefined ? [[name, {path, isJson: mode !== 'singleValue'}]] : [],
    ),
  )

const configOf = (raw: Raw): ProfileConfig => {
  const defaults = raw.agents?.defaults
  return {
    roster: rosterOf(raw),
    defaultModels: modelsOf({}, defaults),
    auth: authOf(raw),
    sharedOwner: defaults?.authInheritance?.agentId ? agentIdOf(defaults.authInheritance.agentId) : null,
    systemAgent: defaults?.systemAgent?.agentId ? agentIdOf(defaults.systemAgent.agentId) : null,
    variables: [...new Set([...namesIn(raw.env), ...namesIn(raw.env?.['vars'])])],
    secretFiles: secretFilesIn(raw),
    keyed: filled(raw.models?.providers)
      .filter(([, {apiKey, auth, headers}]) => apiKey || auth || headers)
      .map(([provider]) => provider.toLowerCase()),
  }
}

/** What of the config decides whose logins are used; one that is no object decides nothing. */
export const profileConfigOf = (tree: unknown): ProfileConfig => {
  const found = schema.safeParse(tree)
  return configOf(found.success ? found.data : {})
}
