import {readDevicesReport} from '../../runtime/devices-report.ts'
import {type Command, type ExitCode, exit, type Locate} from '../command.ts'
import type {Args, Flags} from '../options.ts'
import {devicesDocument} from '../print/devices-document.ts'
import {devicesText} from '../print/devices-text.ts'
import {printFailure} from '../print/failure-output.ts'
import {toJson} from '../print/json.ts'

const flags = {
  json: {about: 'one JSON document'},
} satisfies Flags

const list = async (args: Args, locate: Locate): Promise<ExitCode> => {
  const look = await readDevicesReport(await locate())
  process.stdout.write(args.flag('json') ? `${toJson(devicesDocument(look), 2)}\n` : devicesText(look))
  if (look.problem !== null) return printFailure(look.problem)
  return look.report?.requests.some(({state}) => state === 'waiting') ? exit.broken : exit.fine
}

export const devices: Command = {
  words: 'devices',
  about: 'who waits for approval and who is paired, by role; ends with 1 while a request waits',
  flags,
  run: list,
}
