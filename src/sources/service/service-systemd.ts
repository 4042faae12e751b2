import os from 'node:os'
import type {Secret} from '../../domain/secret.ts'
import {type Surroundings, systemdUnit, type Wanted} from '../../gateway/paths.ts'
import {readUnit, tokenFlag, unitParts} from '../../gateway/service/service-files.ts'
import {hasNoBus, readUnitState, unitProperties} from '../../gateway/service/service-systemd.ts'
import {ask} from './service-command.ts'
import {type Found, isSecretName, type Managed, managedBy, type Unasked, variablesInFile} from './service-managed.ts'

type Scope = {domain: 'user' | 'system'; flags: readonly string[]}

const scopes: readonly Scope[] = [
  {domain: 'user', flags: ['--user']},
  {domain: 'system', flags: []},
]

/** Also the unit from before OpenClaw had its name. */
const namesOf = (wanted: Wanted, around: Surroundings): string[] => [
  ...new Set([systemdUnit(wanted, around).name, 'clawdbot-gateway.service']),
]

const because = (err: string, problem: string | null, code: number | null): string | null => {
  if (problem) return problem
  if (hasNoBus(err)) return 'there is no systemd to ask: a container, another init, or no session of this user'
  return code === 0 ? null : `it ended with ${code}`
}

const unitIn = async ({domain, flags}: Scope, name: string, around: Surroundings): Promise<Managed | Unasked | null> => {
  const shown = await ask('systemctl', [...flags, 'show', name, `--property=${unitProperties.join(',')}`], around.env)
  const problem = because(shown.err, shown.problem, shown.code)
  if (problem) return {tool: `systemctl, ${domain}`, because: problem}
  const told = readUnitState(shown.out, Date.now() - os.uptime() * 1000)
  if (told === null) return null
  const written = await ask('systemctl', [...flags, 'cat', name], around.env)
  const unit = readUnit(unitParts(written.out), around.home)
  const inFiles = await Promise.all(unit.envFiles.map(file => variablesInFile(file, 'systemd')))
  const secretFiles = [
    ...unit.variables.flatMap(({key, path}) => (isSecretName(key) ? [path] : [])),
    ...unit.envFiles.filter((_, i) => inFiles[i]?.some(([key]) => isSecretName(key))),
    ...(tokenFlag(unit.args) === null ? [] : [unit.argsPath]),
  ]
  const set = unit.variables.map(({key, value}): [string, Secret] => [key, value])
  const {dropIns, ...rest} = told
  return managedBy(
    {...rest, kind: 'systemd', domain, name, alsoFiles: [...dropIns, ...unit.envFiles], secretFiles: [...new Set(secretFiles)]},
    unit.args,
    new Map([...set, ...inFiles.flat()]),
  )
}

/** systemd: the unit of this user, and one of the same name that the machine runs. */
export const systemdFound = async (wanted: Wanted, around: Surroundings): Promise<Found> => {
  const asked = scopes.flatMap(scope => namesOf(wanted, around).map(name => unitIn(scope, name, around)))
  const found = await Promise.all(asked)
  const unasked = new Map(found.flatMap(one => (one && 'tool' in one ? [[one.tool, one] as const] : [])))
  return {managed: found.flatMap(one => (one && 'supervisor' in one ? [one] : [])), unasked: [...unasked.values()]}
}
