import {boundCommand, boundEnv, cleanEnv, splitCommand, versionArgv} from '../../gateway/cli.ts'
import {readVersion} from '../../gateway/cli-output.ts'
import {type StatePlaces, statePlaces} from '../../sources/plans/journals-folder.ts'
import {runProcess} from '../../sources/run-process.ts'
import {openclawOf} from '../../sources/service/supervisor-command.ts'
import {composeFolders} from '../../sources/token/compose.ts'
import {type CopiesRead, readCopies} from '../../sources/token/places.ts'
import {gatewayAddress} from '../address.ts'
import type {GatewayContext} from '../context.ts'

const versionMs = 15_000

/** The plan's context, collected before the gateway is queried. */
export type PlanContext = {
  context: GatewayContext
  places: StatePlaces
  /** The words of its command, bound to this gateway. */
  openclaw: readonly string[] | null
  release: string | null
  host: string
  port: number
  /** Folders that hold a compose file of this gateway. */
  compose: readonly string[]
}

/** The release as printed by `openclaw --version`; the call takes a tenth of a second. */
const askedRelease = async (openclaw: readonly string[] | null, {overrides, hostEnv}: GatewayContext): Promise<string | null> => {
  if (openclaw === null) return null
  const env = cleanEnv(hostEnv.env, boundEnv(overrides, hostEnv, null))
  const ran = await runProcess(versionArgv(openclaw), {env, timeoutMs: versionMs})
  return readVersion(ran.stdout)
}

export const createPlanContext = async (context: GatewayContext): Promise<PlanContext> => {
  const {options} = context
  const named = options.openclaw
  const found = named === null ? openclawOf(context.overrides, context.hostEnv) : splitCommand(named)
  const openclaw = found && boundCommand(found, context.overrides)
  const release = options.release ?? (await askedRelease(openclaw, context)) ?? context.release
  const address = gatewayAddress(context)
  const compose = composeFolders(options.compose, options.container)
  return {context, places: statePlaces(context.hostEnv), openclaw, release, ...address, compose}
}

export const readContextCopies = ({context, release, host, port, compose}: PlanContext): Promise<CopiesRead> => {
  return readCopies({overrides: context.overrides, hostEnv: context.hostEnv, release, host, port, compose})
}
