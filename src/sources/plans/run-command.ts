import fs from 'node:fs'
import path from 'node:path'
import type {Target} from '../../domain/plans/plan.ts'
import {readConfigFile} from '../../gateway/cli-output.ts'
import {portHolder} from '../service/port-holder.ts'
import {configOfProcess} from '../service/process-config.ts'
import {addressOf, complaint, failed, fine, runStep, type StepContext, type StepHandler} from './step-context.ts'
import {namedInside} from './steps-container.ts'

const askMs = 30_000

const realFile = (file: string): string => {
  try {
    return fs.realpathSync(file)
  } catch {
    return file
  }
}

const isSameFile = (a: string, b: string): boolean => realFile(a) === realFile(b)

const isNear = ({host}: Target): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.')

/** Why the process on the port is no gateway with this config; null where it is, or where that cannot be seen. */
const foreignProcess = async (context: StepContext): Promise<string | null> => {
  const {
    plan: {gateway},
    hostEnv,
  } = context
  const holder = isNear(gateway) ? await portHolder(addressOf(context)) : null
  const config = holder && (await configOfProcess(holder.pid, hostEnv))
  return holder === null || config === null || isSameFile(config, gateway.configFile)
    ? null
    : `process ${holder.pid} on port ${gateway.port} is a gateway with another config, ${config}, not ${gateway.configFile}: name that one with --config, --state-dir or --profile, or this one's address with --url`
}

/** One gateway: the file that is written, the command that writes or restarts, and the process that is asked. */
export const checkCommand: StepHandler<'check-command'> = async (context, {argv}) => {
  const {configFile} = context.plan.gateway
  const foreign = await foreignProcess(context)
  if (foreign !== null) return failed(foreign)
  if (argv === null) return fine
  const ran = await runStep(context, argv, {timeoutMs: askMs})
  const {container} = context.plan.gateway
  const home = container ? path.dirname(container.stateDir) : context.hostEnv.home
  const message = ran.code === 0 ? readConfigFile(ran.stdout, home) : null
  const file = message && namedInside(context.plan.gateway, message)
  if (file === null) return failed(`OpenClaw's command does not say which config it means: ${complaint(ran)}`)
  if (!isSameFile(file, configFile))
    return failed(
      `OpenClaw's command means another gateway: its config is ${file}, not ${configFile}. Name the command of this gateway with --openclaw`,
    )
  context.isOurCommand = true
  context.say(`OpenClaw's command means ${configFile}`)
  return fine
}
