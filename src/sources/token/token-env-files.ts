import path from 'node:path'
import {gatewayVariable} from '../../domain/token/token-copy.ts'
import type {PlaceId} from '../../domain/token/token-copy-places.ts'
import type {Surroundings} from '../../gateway/paths.ts'
import {type EnvDialect, readEnvFile} from '../../gateway/token/token-env-file.ts'
import {isRead, readWhole} from './token-file.ts'
import {type Found, found} from './token-found.ts'

type EnvFile = {place: PlaceId; file: string; dialect?: EnvDialect; always?: boolean}

/** The variables of one file; the last line for a name counts. */
export const envFileCopies = async (
  {place, file, dialect = 'dotenv', always = false}: EnvFile,
  names: readonly string[],
): Promise<Found[]> => {
  const seen = await readWhole(file)
  if (!isRead(seen)) {
    if (!seen.missing) return [found(place, file, gatewayVariable, {unreadable: seen.because})]
    return always ? [found(place, file, gatewayVariable)] : []
  }
  const lines = readEnvFile(seen.text, dialect)
  const set = names.flatMap(name => {
    const own = lines.filter(({key}) => key === name)
    const last = own.at(-1)
    if (last === undefined) return []
    const problems = own.length > 1 ? [{id: 'duplicate' as const, what: String(own.length)}] : []
    return [found(place, file, name, {value: last.value, file: seen, at: [name], problems})]
  })
  return set.length > 0 || !always ? set : [found(place, file, gatewayVariable, {file: seen})]
}

/** `.env` of the state folder; behind it, for the default folder only, the one of older installations. */
export const dotenvCopies = async (stateDir: string, names: readonly string[], {home}: Surroundings): Promise<Found[]> => {
  const own = await envFileCopies({place: 'dotenv', file: path.join(stateDir, '.env'), always: true}, names)
  if (stateDir !== path.join(home, '.openclaw')) return own
  const fallback = path.join(home, '.config', 'openclaw', 'gateway.env')
  return [...own, ...(await envFileCopies({place: 'dotenv-fallback', file: fallback}, names))]
}
