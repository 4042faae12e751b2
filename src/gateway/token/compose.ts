import {Secret} from '../../domain/secret.ts'
import {formerVariable, gatewayVariable} from '../../domain/token/copy.ts'
import {isDeep} from '../json.ts'
import {tokenFlag} from '../service/files.ts'

/** A variable that a compose file hands to a service. */
type ComposeVariable = {
  key: string
  service: string
  /** The value; null where it only names another variable. */
  value: Secret | null
  from: string | null
}

export type ComposeFile = {namesOpenclaw: boolean; variables: ComposeVariable[]; envFiles: string[]; flag: Secret | null}

const names = [gatewayVariable, formerVariable]

/** `${NAME}`, `$NAME`, or either with a default that counts where the variable is not set. */
const filledIn = (value: string): {value: Secret | null; from: string | null} => {
  const [, braced, fallback, bare] = /^\$(?:\{([A-Za-z_]\w*)(?::?[-?+]([^}]*))?\}|([A-Za-z_]\w*))$/.exec(value) ?? []
  const from = braced ?? bare ?? null
  if (from === null) return {value: new Secret(value.replaceAll('$$', '$')), from}
  return {value: fallback !== undefined && fallback !== '' && !value.includes('?') ? new Secret(fallback) : null, from}
}

type Mapping = Readonly<Record<string, unknown>>

const isMapping = (value: unknown): value is Mapping => typeof value === 'object' && value !== null && !Array.isArray(value)

const mappingIn = (value: unknown): Mapping => (isMapping(value) ? value : {})

const textsIn = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === 'string')

/** A list has `NAME=value`, or a name alone: that is the variable of whoever runs compose, as is one without a value. */
const assignmentsIn = (environment: unknown): [string, string][] =>
  isMapping(environment)
    ? Object.entries(environment).flatMap(([key, value]): [string, string][] =>
        typeof value === 'string' ? [[key, value === '' ? `$${key}` : value]] : [],
      )
    : textsIn(environment).map((text): [string, string] => {
        const at = text.indexOf('=')
        return at < 0 ? [text, `$${text}`] : [text.slice(0, at), text.slice(at + 1)]
      })

const variablesOf = (service: string, {environment}: Mapping): ComposeVariable[] =>
  assignmentsIn(environment)
    .filter(([key]) => names.includes(key))
    .map(([key, value]) => ({key, service, ...filledIn(value)}))

/** Each is a path, or a mapping that holds it. */
const envFilesOf = ({env_file: files}: Mapping): string[] =>
  (Array.isArray(files) ? files : [files]).flatMap(file => textsIn(isMapping(file) ? file['path'] : file)).filter(Boolean)

const wordsIn = (text: string): string[] =>
  Array.from(text.matchAll(/"((?:\\.|[^"\\])*)"|'([^']*)'|(\S+)/g), ([, double, single, bare]) => bare ?? double ?? single ?? '')

const flagOf = ({command, entrypoint}: Mapping): Secret | null => {
  for (const part of [command, entrypoint]) {
    const flag = tokenFlag(typeof part === 'string' ? wordsIn(part) : textsIn(part))
    if (flag !== null) return flag
  }
  return null
}

/** Of what a person writes; to read mappings that are keys of mappings, which are keys again, takes longer than anybody waits. */
const maxDepth = 128

/** Nobody reads what is wrong with it, and to compare each key with all the others takes a second where there are thousands. */
const parsing = {logLevel: 'silent', prettyErrors: false, uniqueKeys: false} as const

/** Every scalar as it is written: a token of digits is no number. What cannot be parsed is left out, the rest is read. */
const servicesIn = async (text: string): Promise<[string, Mapping][]> => {
  const {parseDocument, visit} = await import('yaml')
  if (isDeep(Buffer.from(text))) return []
  try {
    const document = parseDocument(text, {...parsing, schema: 'failsafe', merge: true})
    let deepest = 0
    visit(document, (_key, _node, {length}) => {
      deepest = Math.max(deepest, length)
      return length > maxDepth ? visit.BREAK : undefined
    })
    if (deepest > maxDepth) return []
    const root: unknown = document.toJS({maxAliasCount: 100})
    return Object.entries(mappingIn(mappingIn(root)['services'])).map(([name, service]) => [name, mappingIn(service)])
  } catch {
    return []
  }
}

/** What of a compose file has to do with the token. `include` and `extends` are not followed. */
export const readCompose = async (text: string): Promise<ComposeFile> => {
  const services = await servicesIn(text)
  return {
    namesOpenclaw: /openclaw|clawdbot/i.test(text),
    variables: services.flatMap(([name, service]) => variablesOf(name, service)),
    envFiles: services.flatMap(([, service]) => envFilesOf(service)),
    flag: services.map(([, service]) => flagOf(service)).find(flag => flag !== null) ?? null,
  }
}
