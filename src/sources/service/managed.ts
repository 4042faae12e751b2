import fs from 'node:fs/promises'
import path from 'node:path'
import type {Secret} from '../../domain/secret.ts'
import type {Supervisor} from '../../domain/service/service.ts'
import {programIn} from '../../gateway/service/env.ts'
import {releaseIn} from '../../gateway/service/files.ts'
import {readEnvFile} from '../../gateway/token/env-file.ts'
import {textIfReadable} from '../files.ts'

const levelsUp = 6

/** The release of the package that a file belongs to: read, for starting it would take a second. */
const versionOf = async (file: string): Promise<string | null> => {
  const real = await fs.realpath(file).catch(() => null)
  if (real === null) return null
  for (let folder = path.dirname(real), up = 0; up < levelsUp; folder = path.dirname(folder), up += 1) {
    const release = releaseIn(textIfReadable(path.join(folder, 'package.json')) ?? '')
    if (release !== null) return release
  }
  return null
}

/** The `openclaw` that a shell with this search path starts. */
export const shellCommand = async (searchPath: string): Promise<{path: string; version: string | null} | null> => {
  for (const folder of searchPath.split(path.delimiter).filter(Boolean)) {
    const file = path.join(folder, 'openclaw')
    const isThere = await fs.access(file, fs.constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return {path: file, version: await versionOf(file)}
  }
  return null
}

/** A supervisor with the values of its variables, which stay in here. */
export type Managed = {supervisor: Supervisor; variables: ReadonlyMap<string, Secret>}

export type Unasked = {tool: string; because: string}

export type ServiceReading = {managed: Managed[]; unasked: Unasked[]}

export const variablesInFile = async (file: string, dialect: 'dotenv' | 'systemd'): Promise<[string, Secret][]> => {
  const text = textIfReadable(file) ?? ''
  return readEnvFile(text, dialect).map(({key, value}) => [key, value])
}

export const isSecretName = (name: string): boolean => /TOKEN|PASSWORD|API_KEY/.test(name)

type ManagedFacts = Omit<Supervisor, 'program' | 'variables'>

/** What the manager tells, and what is written in its files, as one. */
export const managedBy = async (
  managed: ManagedFacts,
  args: readonly string[],
  variables: ReadonlyMap<string, Secret>,
): Promise<Managed> => {
  const program = programIn(args, variables.get('OPENCLAW_GATEWAY_PORT')?.reveal())
  const version = program.entry === null ? null : await versionOf(program.entry)
  const claimed = variables.get('OPENCLAW_SERVICE_VERSION')?.reveal() ?? null
  return {
    variables,
    supervisor: {
      ...managed,
      program: {...program, version: version ?? claimed},
      variables: [...variables.keys()].toSorted(),
    },
  }
}
