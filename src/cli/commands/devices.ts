import {clean} from '../../domain/clean.ts'
import type {DeviceAction} from '../../domain/devices/change.ts'
import {isRefusal} from '../../domain/plans/make-plan.ts'
import {readDevicesReport} from '../../runtime/devices-report.ts'
import {makeDevicePlan} from '../../runtime/plans/make-device.ts'
import {type Command, type ExitCode, exit, type Locate} from '../command.ts'
import {type Args, type Flags, planningFlags} from '../options.ts'
import {planFlags, printRefusal} from '../plans/command.ts'
import {runShown} from '../plans/run.ts'
import {devicesDocument, devicesText} from '../print/devices.ts'
import {printFailure, printUsage} from '../print/failure-output.ts'
import {toJson} from '../print/json.ts'

const flags = {
  'dry-run': planFlags['dry-run'],
  yes: planFlags.yes,
  json: {about: 'one JSON document; of a plan, NDJSON: the entries of its journal as they come'},
} satisfies Flags

const list = async (args: Args, locate: Locate): Promise<ExitCode> => {
  const look = await readDevicesReport(await locate())
  process.stdout.write(args.flag('json') ? `${toJson(devicesDocument(look), 2)}\n` : devicesText(look))
  if (look.problem !== null) return printFailure(look.problem)
  return look.report?.requests.some(({state}) => state === 'waiting') ? exit.broken : exit.fine
}

/** What each action takes behind its name. */
const actions: Readonly<Record<DeviceAction, {takes: string; role: 'none' | 'optional'}>> = {
  approve: {takes: 'REQUEST', role: 'none'},
  reject: {takes: 'REQUEST', role: 'none'},
  revoke: {takes: 'DEVICE [ROLE]', role: 'optional'},
  remove: {takes: 'DEVICE', role: 'none'},
  rotate: {takes: 'DEVICE [ROLE]', role: 'optional'},
}

const isAction = (word: string): word is DeviceAction => Object.hasOwn(actions, word)

const change = async (action: DeviceAction, words: readonly string[], args: Args, locate: Locate): Promise<ExitCode> => {
  const [id, role, spare] = words
  const {takes, role: takesRole} = actions[action]
  const howTo = `gatecrab devices ${action} ${takes}`
  if (id === undefined) return printUsage(`devices ${action}: nothing was named`, `\`${howTo}\`; \`gatecrab devices\` lists them`)
  const extra = takesRole === 'none' ? role : spare
  if (extra !== undefined) return printUsage(`Unexpected word “${clean(extra, 80)}”`, `\`${howTo}\``)
  const made = await makeDevicePlan({action, id, role: role ?? null}, await locate())
  return isRefusal(made) ? printRefusal(made, args) : runShown(made, args)
}

const run = (args: Args, locate: Locate): Promise<ExitCode> | ExitCode => {
  const [, word, ...words] = args.positionals
  if (word === undefined || word === 'list') return list(args, locate)
  if (isAction(word)) return change(word, words, args, locate)
  return printUsage(
    `Unknown action “${clean(word, 80)}”`,
    `\`gatecrab devices\` with ${Object.keys(actions).join(', ')} or nothing`,
  )
}

export const devices: Command = {
  words: 'devices [ACTION ID]',
  about: 'who waits for approval (ends with 1 while one does), who is paired; approve, reject, revoke, remove or rotate one',
  flags,
  common: planningFlags,
  run,
}
