import fs from 'node:fs'
import path from 'node:path'
import type {Credential, SecretReference, StoreRows} from '../../domain/logins/credential.ts'
import type {EnvKey} from '../../domain/logins/reading.ts'
import type {ProfileConfig} from '../../gateway/logins/config.ts'
import {providerVariables} from '../../gateway/logins/providers.ts'
import {expandTilde, type HostEnv} from '../../gateway/paths.ts'
import {readEnvFile} from '../../gateway/token/env-file.ts'
import {textIfReadable} from '../files.ts'

/** Names only: the values are secret. */
export type Variables = {
  dotenv: ReadonlyMap<string, string>
  config: ReadonlySet<string>
  hostEnv: HostEnv
  stateDir: string
}

export const dotenvFiles = (stateDir: string, {home}: HostEnv): string[] => [
  path.join(stateDir, '.env'),
  ...(stateDir === path.join(home, '.openclaw') ? [path.join(home, '.config', 'openclaw', 'gateway.env')] : []),
]

const namesIn = (file: string): [string, string][] =>
  readEnvFile(textIfReadable(file) ?? '', 'dotenv').flatMap(({key, value}) => (value.reveal().trim() === '' ? [] : [[key, file]]))

export const variablesOf = (stateDir: string, config: ProfileConfig, hostEnv: HostEnv): Variables => ({
  dotenv: new Map(dotenvFiles(stateDir, hostEnv).toReversed().flatMap(namesIn)),
  config: new Set(config.variables),
  hostEnv,
  stateDir,
})

type Place = {place: EnvKey['place']; path: string | null}

const placeOf = (name: string, {dotenv, config, hostEnv}: Variables, configFile: string): Place | null => {
  const file = dotenv.get(name)
  if (file !== undefined) return {place: 'dotenv', path: file}
  if (config.has(name)) return {place: 'config', path: configFile}
  return hostEnv.env[name]?.trim() ? {place: 'here', path: null} : null
}

export const envKeysOf = (variables: Variables, configFile: string): EnvKey[] =>
  providerVariables.flatMap(({provider, variables: names, tokens = []}) => {
    const variable = names.find(name => placeOf(name, variables, configFile) !== null)
    const place = variable === undefined ? null : placeOf(variable, variables, configFile)
    if (variable === undefined || place === null) return []
    return [{provider, variable, type: tokens.includes(variable) ? ('token' as const) : ('api_key' as const), ...place}]
  })

const placeWords = {dotenv: '.env', config: 'the config', here: 'the environment of gatecrab'}

const inEnv = (reference: SecretReference, variables: Variables): SecretReference => {
  const place = placeOf(reference.name, variables, '')
  return place ? {...reference, found: 'yes', place: placeWords[place.place]} : {...reference, found: 'no'}
}

const pointed = (value: unknown, pointer: string): unknown =>
  pointer
    .slice(1)
    .split('/')
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (inside, key) =>
        typeof inside === 'object' && inside !== null && Object.hasOwn(inside, key)
          ? (inside as Record<string, unknown>)[key]
          : null,
      value,
    )

const holdsIn = (text: string, name: string, isJson: boolean): boolean => {
  if (!isJson) return text.trim() !== ''
  try {
    const value = pointed(JSON.parse(text), name)
    return typeof value === 'string' && value.trim() !== ''
  } catch {
    return false
  }
}

/** A state folder that was copied or mounted elsewhere takes its secrets along. */
const inStateDir = (file: string, {stateDir}: Variables): string => {
  const [, inside] = /[\\/]\.openclaw(?:-[^\\/]+)?[\\/](.+)$/.exec(file) ?? []
  return inside === undefined || fs.existsSync(file) ? file : path.join(stateDir, inside)
}

const inFile = (reference: SecretReference, {secretFiles}: ProfileConfig, variables: Variables): SecretReference => {
  const provider = Object.hasOwn(secretFiles, reference.provider) ? secretFiles[reference.provider] : undefined
  if (!provider) return {...reference, found: 'no'}
  const file = inStateDir(expandTilde(provider.path, variables.hostEnv), variables)
  const text = textIfReadable(file)
  return {...reference, place: file, found: text !== null && holdsIn(text, reference.name, provider.isJson) ? 'yes' : 'no'}
}

const followed = (credential: Credential, config: ProfileConfig, variables: Variables): Credential => {
  const {reference} = credential
  if (reference?.source === 'env') return {...credential, reference: inEnv(reference, variables)}
  if (reference?.source === 'file') return {...credential, reference: inFile(reference, config, variables)}
  return credential
}

/** Each reference followed as far as it goes without running anything. */
export const withReferences = <T extends StoreRows | null>(rows: T, config: ProfileConfig, variables: Variables): T =>
  rows === null ? rows : {...rows, credentials: rows.credentials.map(one => followed(one, config, variables))}
