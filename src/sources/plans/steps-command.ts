import fs from 'node:fs'
import path from 'node:path'
import type {Target} from '../../domain/plans/plan.ts'
import {readConfigFile} from '../../gateway/cli-said.ts'
import {configOfProcess} from '../service/process-config.ts'
import {holderOf} from '../token/token-holder.ts'
import {namedInside} from './steps-container.ts'
import {addressOf, complaint, type Doing, failed, fine, type Hand, runStep} from './steps-hand.ts'

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
const foreignProcess = async (hand: Hand): Promise<string | null> => {
  const {
    plan: {gateway},
    around,
  } = hand
  const holder = isNear(gateway) ? await holderOf(addressOf(hand)) : null
  const config = holder && (await configOfProcess(holder.pid, around))
  return holder === null || config === null || isSameFile(config, gateway.configFile)
    ? null
    : `process ${holder.pid} on port ${gateway.port} is a gateway with another config, ${config}, not ${gateway.configFile}: name that one with --config, --state-dir or --profile, or this one's address with --url`
}

/** One gateway: the file that is written, the command that writes or restarts, and the process that is asked. */
export const checkCommand: Doing<'check-command'> = async (hand, {argv}) => {
  const {configFile} = hand.plan.gateway
  const foreign = await foreignProcess(hand)
  if (foreign !== null) return failed(foreign)
  if (argv === null) return fine
  const ran = await runStep(hand, argv, {timeoutMs: askMs})
  const {container} = hand.plan.gateway
  const home = container ? path.dirname(container.stateDir) : hand.around.home
  const said = ran.code === 0 ? readConfigFile(ran.stdout, home) : null
  const file = said && namedInside(hand.plan.gateway, said)
  if (file === null) return failed(`OpenClaw's command does not say which config it means: ${complaint(ran)}`)
  if (!isSameFile(file, configFile))
    return failed(
      `OpenClaw's command means another gateway: its config is ${file}, not ${configFile}. Name the command of this gateway with --openclaw`,
    )
  hand.isOurCommand = true
  hand.say(`OpenClaw's command means ${configFile}`)
  return fine
}
