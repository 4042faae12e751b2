import fs from 'node:fs'
import {isLoopback} from '../domain/address.ts'
import {type GatewayContainer, hostPort, onHost} from '../domain/container.ts'
import {shellWord} from '../domain/shell.ts'
import {openclawInside} from '../gateway/container/engine-command.ts'
import {findContainer} from '../sources/container/find-container.ts'
import {gatewayAddress} from './address.ts'
import {type GatewayContext, resolveContext} from './context.ts'
import type {Options} from './options.ts'

const selectingVariables = ['OPENCLAW_CONFIG_PATH', 'OPENCLAW_STATE_DIR']

const isNamed = ({options, hostEnv}: GatewayContext): boolean =>
  (options.configFile ?? options.stateDir ?? options.profile) !== null ||
  selectingVariables.some(name => Boolean(hostEnv.env[name]?.trim()))

/** What the operator would name to reach the gateway in that container; what was named stays. */
const reaching = (container: GatewayContainer, context: GatewayContext): Options => {
  const {options} = context
  const stateDir = onHost(container, container.stateDir)
  const configFile = onHost(container, container.configFile)
  const isSeen = !isNamed(context) && stateDir !== null && fs.existsSync(stateDir)
  const hasOwnName = configFile !== null && configFile !== `${stateDir}/openclaw.json`
  return {
    ...options,
    openclaw: options.openclaw ?? openclawInside(container).map(shellWord).join(' '),
    stateDir: options.stateDir ?? (isSeen ? stateDir : null),
    configFile: options.configFile ?? (isSeen && hasOwnName ? configFile : null),
    container,
  }
}

/** Behind a published port the gateway is asked there, whatever its config says. */
const atPublishedPort = (container: GatewayContainer, context: GatewayContext): GatewayContext => {
  const {options, config} = context
  const port = hostPort(container, config.port)
  if (options.url !== null || port === null || port === config.port) return context
  return resolveContext({...options, url: `${config.hasTls ? 'wss' : 'ws'}://127.0.0.1:${port}`})
}

/** The gateway that is meant, in a container too. Logs that are named and past times need no engine. */
export const locateGateway = async (options: Options): Promise<GatewayContext> => {
  const context = resolveContext(options)
  const {host, port} = gatewayAddress(context)
  if (options.logs.length > 0 || context.remote || !isLoopback(host)) return context
  const target = {port, configFile: context.configFile, isNamed: isNamed(context)}
  const {container, others, refusal} = await findContainer(target, context.hostEnv)
  if (container !== null) return atPublishedPort(container, resolveContext(reaching(container, context)))
  if (refusal === null && others.length === 0) return context
  return resolveContext({...options, engineRefusal: refusal, otherContainers: others})
}
