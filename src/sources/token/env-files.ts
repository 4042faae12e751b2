import path from 'node:path'
import {gatewayVariable} from '../../domain/token/copy.ts'
import type {PlaceId} from '../../domain/token/places.ts'
import type {HostEnv} from '../../gateway/paths.ts'
import {type EnvDialect, readEnvFile} from '../../gateway/token/env-file.ts'
import {isFileContent, readWhole} from './file.ts'
import {createFound, type FoundToken} from './found.ts'

type EnvFile = {place: PlaceId; file: string; dialect?: EnvDialect; always?: boolean}

/** The variables of one file; the last line for a name counts. */
export const envFileCopies = async (
  {place, file, dialect = 'dotenv', always = false}: EnvFile,
  names: readonly string[],
): Promise<FoundToken[]> => {
  const seen = await readWhole(file)
  if (!isFileContent(seen)) {
    if (!seen.missing) return [createFound(place, file, names[0] ?? gatewayVariable, {unreadable: seen.because})]
    return always ? [createFound(place, file, names[0] ?? gatewayVariable)] : []
  }
  const lines = readEnvFile(seen.text, dialect)
  const set = names.flatMap(name => {
    const own = lines.filter(({key}) => key === name)
    const last = own.at(-1)
    if (last === undefined) return []
    const problems = own.length > 1 ? [{id: 'duplicate' as const, what: String(own.length)}] : []
    return [createFound(place, file, name, {value: last.value, file: seen, at: [name], problems})]
  })
  return set.length > 0 || !always ? set : [createFound(place, file, names[0] ?? gatewayVariable, {file: seen})]
}

/** `.env` of the state folder; behind it, for the default folder only, the one of older installations. */
export const dotenvCopies = async (stateDir: string, names: readonly string[], {home}: HostEnv): Promise<FoundToken[]> => {
  const own = await envFileCopies({place: 'dotenv', file: path.join(stateDir, '.env'), always: true}, names)
  if (stateDir !== path.join(home, '.openclaw')) return own
  const fallback = path.join(home, '.config', 'openclaw', 'gateway.env')
  return [...own, ...(await envFileCopies({place: 'dotenv-fallback', file: fallback}, names))]
}
