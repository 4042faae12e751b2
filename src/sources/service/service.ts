import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import {mainSupervisor, type ServiceFacts, type Supervisor} from '../../domain/service/service.ts'
import type {HostEnv, LocationOverrides} from '../../gateway/paths.ts'
import {readExposure} from '../../gateway/service/config.ts'
import {differenceOf} from '../../gateway/service/env.ts'
import type {GatewayAddress} from '../live/gateway-proof.ts'
import {holdersOf} from './holders.ts'
import {includesOf} from './installed.ts'
import {launchdFound} from './launchd.ts'
import {isSecretName, type ServiceReading} from './managed.ts'
import {type FileCheck, ownedFiles} from './owned-files.ts'
import {shellCommand} from './package.ts'
import {systemdFound} from './systemd.ts'

export type ServiceQuery = {
  overrides: LocationOverrides
  hostEnv: HostEnv
  stateDir: string
  configFile: string
  port: number
  /** How the gateway is proven; by its port on this host where nobody says. */
  address?: GatewayAddress
  /** Where the gateway's log is, where that is known. */
  logFiles?: readonly string[]
}

const supervisedBy = ({overrides, hostEnv}: ServiceQuery): Promise<ServiceReading> => {
  if (hostEnv.platform === 'darwin') return launchdFound(overrides, hostEnv)
  if (hostEnv.platform === 'linux') return systemdFound(overrides, hostEnv)
  return Promise.resolve({managed: [], unasked: [{tool: 'the service', because: 'not told on this system'}]})
}

const isPlist = (file: string): boolean => file.endsWith('.plist')

const filesToCheck = ({stateDir, configFile, logFiles = []}: ServiceQuery, supervisors: readonly Supervisor[]): FileCheck[] => [
  {what: 'state', path: stateDir, isSecret: false},
  {what: 'config', path: configFile, isSecret: true},
  {what: 'env', path: path.join(stateDir, '.env'), isSecret: true},
  {what: 'credentials', path: path.join(stateDir, 'credentials'), isSecret: true},
  ...supervisors.flatMap(({file, alsoFiles, variables, secretFiles}): FileCheck[] => {
    const isAnySecret = variables.some(isSecretName)
    // launchd wants its plist readable by others, and the folder of the account's agents is closed to them.
    return [file, ...alsoFiles].flatMap(one => {
      if (one === null) return []
      return [{what: 'service', path: one, isSecret: secretFiles?.includes(one) ?? (isAnySecret && !isPlist(one))}]
    })
  }),
  ...logFiles.map(file => ({what: 'log', path: file, isSecret: false})),
]

/** Who runs the gateway, with what, and under which account. Everything is only looked at. */
export const readService = async (query: ServiceQuery): Promise<ServiceFacts> => {
  const {hostEnv, configFile, stateDir, port} = query
  const address = query.address ?? {host: '127.0.0.1', port, ownedBy: [configFile, stateDir]}
  const [{managed, unasked}, ports, shell, config] = await Promise.all([
    supervisedBy(query),
    holdersOf(address, hostEnv),
    shellCommand(hostEnv.env['PATH'] ?? ''),
    fs.readFile(configFile, 'utf8').catch(() => null),
  ])
  const supervisors = managed.map(({supervisor}) => supervisor)
  const {holders} = ports
  const main = mainSupervisor({supervisors, holders})
  const variables = managed.find(({supervisor}) => supervisor === main)?.variables
  // Without a proven process the folder of the gateway tells whose it is, not whoever runs this.
  const owner = await fs.stat(stateDir).then(
    ({uid}) => uid,
    () => hostEnv.uid,
  )
  const gatewayUid = holders.find(({uid}) => uid !== null)?.uid ?? owner
  return {
    at: Date.now(),
    supervisors,
    unasked: [...unasked, ...ports.unasked],
    holders,
    port,
    shell,
    kernel: hostEnv.platform === 'darwin' ? os.release() : null,
    bootedAt: Date.now() - os.uptime() * 1000,
    environment: variables ? differenceOf(variables, hostEnv.env) : null,
    exposure: config === null ? null : readExposure(config, includesOf(configFile)),
    files: await ownedFiles(filesToCheck(query, supervisors), gatewayUid),
  }
}
