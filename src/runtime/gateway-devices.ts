import type {DeviceStore} from '../domain/devices/device.ts'
import {boundEnv, cleanEnv} from '../gateway/cli.ts'
import {deviceCli} from '../gateway/devices/commands.ts'
import {readDeviceList} from '../gateway/devices/store.ts'
import {releaseRulesOf} from '../gateway/versions.ts'
import {commandScopes} from '../sources/devices/own-device.ts'
import {type DeviceReading, readDeviceStore} from '../sources/devices/reader.ts'
import {isHere, proveGateway} from '../sources/live/gateway-proof.ts'
import {runProcess} from '../sources/run-process.ts'
import {gatewayAddress} from './address.ts'
import {askedAddress} from './asked-address.ts'
import type {GatewayContext} from './context.ts'
import type {PlanContext} from './plans/context.ts'

/** The store of this machine is not that of a gateway on another one. */
const elsewhere = (context: GatewayContext): DeviceReading | null => {
  const {host, port} = context.remote ?? gatewayAddress(context)
  if (context.remote === null && isHere(host)) return null
  return {
    store: null,
    from: null,
    problem: {
      title: 'The gateway is on another machine',
      because: `the gateway on ${host}:${port} keeps its devices there`,
      tryThis: 'run gatecrab there, as by `ssh HOST gatecrab devices`',
      from: 'gateway',
    },
  }
}

const listMs = 30_000

/** The gateway's own list, where its store cannot be read, as in a container: asked only of a gateway that is proven. */
const listDevices = async ({context, openclaw, host, port}: PlanContext): Promise<DeviceStore | null> => {
  if (openclaw === null) return null
  const {hasTls, certPath} = context.config
  const {proven} = await proveGateway({...askedAddress(context, {tls: hasTls, certPath}), host, port})
  if (proven === null) return null
  const env = cleanEnv(context.hostEnv.env, boundEnv(context.overrides, context.hostEnv, port))
  const {stdout} = await runProcess(deviceCli(openclaw, null).list, {env, timeoutMs: listMs})
  return readDeviceList(stdout)
}

/** A release whose command pairs itself does so only for rights that this account's command has not been given yet. */
export const wouldPairItself = async ({release, context}: PlanContext): Promise<boolean> =>
  releaseRulesOf(release).pairsItself && !(await commandScopes(context.stateDir, release)).includes('operator.admin')

/** The store, or the gateway's own list where the command for it pairs nobody; only that needs the command to be found. */
export const readGatewayDevices = async (
  context: GatewayContext,
  release: string | null,
  command: () => PlanContext | Promise<PlanContext>,
): Promise<DeviceReading> => {
  const far = elsewhere(context)
  if (far) return far
  const stored = await readDeviceStore(context.stateDir, release)
  if (stored.store !== null || context.options.now !== null) return stored
  const planContext = await command()
  const listed = (await wouldPairItself(planContext)) ? null : await listDevices(planContext)
  return listed === null ? stored : {store: listed, from: '`openclaw devices list`', problem: null}
}
