import fs from 'node:fs/promises'
import type {Secret} from '../../domain/secret.ts'
import type {Supervisor} from '../../domain/service/service.ts'
import {programIn} from '../../gateway/service/env.ts'
import {readEnvFile} from '../../gateway/token/env-file.ts'
import {versionOf} from './package.ts'

/** A supervisor with the values of its variables, which stay in here. */
export type Managed = {supervisor: Supervisor; variables: ReadonlyMap<string, Secret>}

export type Unasked = {tool: string; because: string}

export type ServiceReading = {managed: Managed[]; unasked: Unasked[]}

export const variablesInFile = async (file: string, dialect: 'dotenv' | 'systemd'): Promise<[string, Secret][]> => {
  const text = await fs.readFile(file, 'utf8').catch(() => '')
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
