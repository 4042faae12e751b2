import fs from 'node:fs'
import type {Args} from '../cli/options.ts'
import {isLoopback} from '../domain/address.ts'
import {type GatewayContainer, hostPort, onHost} from '../domain/container.ts'
import {shellWord} from '../domain/shell.ts'
import {openclawInside} from '../gateway/container/engine-command.ts'
import {findContainer} from '../sources/container/find-container.ts'
import {configAt} from '../sources/service/installed.ts'
import {gatewayAddress} from './address.ts'
import {resolveContext} from './context.ts'

/** The commands that are about a gateway of this host. */
const looking: readonly string[] = [
  ...['watch', 'check', 'connections', 'report', 'metrics', 'copies', 'profiles', 'renew', 'journals'],
  ...['verify', 'rotate', 'propagate', 'restart', 'undo', 'clean-up'],
]

const selectingFlags = ['config', 'state-dir', 'profile']
const selectingVariables = ['OPENCLAW_CONFIG_PATH', 'OPENCLAW_STATE_DIR']

/** Logs that are named, hosts elsewhere and past times are looked at without an engine. */
const isAbout = (args: Args, command: string): boolean =>
  looking.includes(command) &&
  args.values('log').length === 0 &&
  args.values('host').length === 0 &&
  !args.flag('help') &&
  !args.flag('version')

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

const ledBy = (args: Args, flags: Readonly<Record<string, string | null>>): Args => ({
  ...args,
  value: flag => args.value(flag) ?? flags[flag] ?? null,
})

/** Behind a published port the gateway is asked there, whatever its config says. */
const urlOf = (container: GatewayContainer, args: Args): Readonly<Record<string, string>> => {
  const {config} = configAt(resolveContext(args).configFile)
  const port = hostPort(container, config.port)
  return port === null || port === config.port ? {} : {url: `${config.hasTls ? 'wss' : 'ws'}://127.0.0.1:${port}`}
}

/** Looks for the container of the gateway that is meant; what it tells stands where the operator's flags would. */
export const withContainer = async (args: Args, command: string): Promise<Args> => {
  if (!isAbout(args, command)) return args
  const context = resolveContext(args)
  const {host, port} = gatewayAddress(args, context)
  if (context.remote || !isLoopback(host)) return args
  const isNamed =
    selectingFlags.some(flag => args.value(flag) !== null) ||
    selectingVariables.some(name => Boolean(context.hostEnv.env[name]?.trim()))
  const {container, others, refusal} = await findContainer({port, configFile: context.configFile, isNamed}, context.hostEnv)
  if (container === null) return {...args, container: null, engineRefusal: refusal, otherContainers: others}
  const led: Args = {...ledBy(args, flagsTo(container, isNamed)), container}
  return ledBy(led, urlOf(container, led))
}
