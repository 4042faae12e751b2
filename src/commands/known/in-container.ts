import fs from 'node:fs'
import {isLoopback} from '../../domain/address.ts'
import {type GatewayContainer, hostPort, onHost} from '../../domain/container.ts'
import {shellWord} from '../../domain/shell.ts'
import {openclawInside} from '../../gateway/container/engine-command.ts'
import {findContainer} from '../../sources/container/find-container.ts'
import {configAt} from '../../sources/service/installed.ts'
import type {Given} from '../flags.ts'
import {gatewayAddress} from './address.ts'
import {whereOf} from './where.ts'

/** The commands that are about a gateway of this host. */
const looking: readonly string[] = [
  ...['watch', 'check', 'connections', 'report', 'metrics', 'copies', 'profiles', 'renew', 'journals'],
  ...['verify', 'rotate', 'propagate', 'restart', 'undo', 'clean-up'],
]

const selectingFlags = ['config', 'state-dir', 'profile']
const selectingVariables = ['OPENCLAW_CONFIG_PATH', 'OPENCLAW_STATE_DIR']

/** Logs that are named, hosts elsewhere and past times are looked at without an engine. */
const isAbout = (given: Given, command: string): boolean =>
  looking.includes(command) &&
  given.list('log').length === 0 &&
  given.list('host').length === 0 &&
  !given.has('help') &&
  !given.has('version')

/** What the operator would type to name the gateway in that container. */
const flagsTo = (container: GatewayContainer, isNamed: boolean): Readonly<Record<string, string | null>> => {
  const stateDir = onHost(container, container.stateDir)
  const config = onHost(container, container.configFile)
  const isSeen = !isNamed && stateDir !== null && fs.existsSync(stateDir)
  return {
    openclaw: openclawInside(container).map(shellWord).join(' '),
    ...(isSeen ? {'state-dir': stateDir} : {}),
    ...(isSeen && config !== null && config !== `${stateDir}/openclaw.json` ? {config} : {}),
  }
}

const ledBy = (given: Given, flags: Readonly<Record<string, string | null>>): Given => ({
  ...given,
  text: flag => given.text(flag) ?? flags[flag] ?? null,
})

/** Behind a published port the gateway is asked there, whatever its config says. */
const urlOf = (container: GatewayContainer, given: Given): Readonly<Record<string, string>> => {
  const {config} = configAt(whereOf(given).configFile)
  const port = hostPort(container, config.port)
  return port === null || port === config.port ? {} : {url: `${config.hasTls ? 'wss' : 'ws'}://127.0.0.1:${port}`}
}

/** Looks for the container of the gateway that is meant; what it tells stands where the operator's flags would. */
export const withContainer = async (given: Given, command: string): Promise<Given> => {
  if (!isAbout(given, command)) return given
  const where = whereOf(given)
  const {host, port} = gatewayAddress(given, where)
  if (where.remote || !isLoopback(host)) return given
  const isNamed =
    selectingFlags.some(flag => given.text(flag) !== null) ||
    selectingVariables.some(name => Boolean(where.around.env[name]?.trim()))
  const {container, others, refusal} = await findContainer({port, configFile: where.configFile, isNamed}, where.around)
  if (container === null) return {...given, container: null, engineRefusal: refusal, otherContainers: others}
  const led: Given = {...ledBy(given, flagsTo(container, isNamed)), container}
  return ledBy(led, urlOf(container, led))
}
