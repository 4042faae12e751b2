import os from 'node:os'
import type {Secret} from '../../domain/secret.ts'
import {type HostEnv, type LocationOverrides, systemdUnit} from '../../gateway/paths.ts'
import {readUnit, tokenFlag, unitParts} from '../../gateway/service/files.ts'
import {hasNoBus, readUnitState, unitProperties} from '../../gateway/service/systemd.ts'
import {plainEnv, queryProgram, type Ran} from '../run-process.ts'
import {isSecretName, type Managed, managedBy, type ServiceReading, type Unasked, variablesInFile} from './managed.ts'

type Scope = {domain: 'user' | 'system'; flags: readonly string[]}

const scopes: readonly Scope[] = [
  {domain: 'user', flags: ['--user']},
  {domain: 'system', flags: []},
]

/** Also the unit from before OpenClaw had its name. */
const namesOf = (overrides: LocationOverrides, hostEnv: HostEnv): string[] => [
  ...new Set([systemdUnit(overrides, hostEnv).name, 'clawdbot-gateway.service']),
]

const because = (err: string, problem: string | null, code: number | null): string | null => {
  if (problem) return problem
  if (hasNoBus(err))
    return 'no systemd answers: none is here, or it has no session of this user (`loginctl enable-linger` makes one)'
  return code === 0 ? null : `it ended with ${code}`
}

const systemctl = ({env}: HostEnv, ...args: readonly string[]): Promise<Ran> =>
  queryProgram(['systemctl', ...args], {env: plainEnv(env)})

const unitIn = async ({domain, flags}: Scope, name: string, hostEnv: HostEnv): Promise<Managed | Unasked | null> => {
  const shown = await systemctl(hostEnv, ...flags, 'show', name, `--property=${unitProperties.join(',')}`)
  const problem = because(shown.stderr, shown.problem, shown.code)
  if (problem) return {tool: `systemctl, ${domain}`, because: problem}
  const state = readUnitState(shown.stdout, Date.now() - os.uptime() * 1000)
  if (state === null) return null
  const written = await systemctl(hostEnv, ...flags, 'cat', name)
  const unit = readUnit(unitParts(written.stdout), hostEnv.home)
  const inFiles = await Promise.all(unit.envFiles.map(file => variablesInFile(file, 'systemd')))
  const secretFiles = [
    ...unit.variables.flatMap(({key, path}) => (isSecretName(key) ? [path] : [])),
    ...unit.envFiles.filter((_, i) => inFiles[i]?.some(([key]) => isSecretName(key))),
    ...(tokenFlag(unit.args) === null ? [] : [unit.argsPath]),
  ]
  const set = unit.variables.map(({key, value}): [string, Secret] => [key, value])
  const {dropIns, ...rest} = state
  return managedBy(
    {...rest, kind: 'systemd', domain, name, alsoFiles: [...dropIns, ...unit.envFiles], secretFiles: [...new Set(secretFiles)]},
    unit.args,
    new Map([...set, ...inFiles.flat()]),
  )
}

/** systemd: the unit of this user, and one of the same name that the machine runs. */
export const systemdFound = async (overrides: LocationOverrides, hostEnv: HostEnv): Promise<ServiceReading> => {
  const asked = scopes.flatMap(scope => namesOf(overrides, hostEnv).map(name => unitIn(scope, name, hostEnv)))
  const found = await Promise.all(asked)
  const unasked = new Map(found.flatMap(one => (one && 'tool' in one ? [[one.tool, one] as const] : [])))
  return {managed: found.flatMap(one => (one && 'supervisor' in one ? [one] : [])), unasked: [...unasked.values()]}
}
