import os from 'node:os'
import path from 'node:path'
import {clean} from '../../domain/clean.ts'
import {type Failure, isFailure, usageFailure} from '../../domain/failure.ts'
import {type Command, type ExitCode, exit} from '../command.ts'
import {onChangeFlag} from '../on-change/flags.ts'
import {type Args, type Flags, gatewayFlags} from '../options.ts'
import {printFailure} from '../print/failure-output.ts'
import type {ServiceDefinition, ServiceText} from '../service/definition.ts'
import {launchdPlist} from '../service/launchd.ts'
import {systemdUnit} from '../service/systemd.ts'

const flags = {
  'on-change': {...onChangeFlag['on-change'], about: 'keep `check --watch --on-change CMD` running; see help on-change'},
  metrics: {value: 'ADDRESS', about: 'keep `metrics --listen ADDRESS` running'},
} satisfies Flags

const managers: Readonly<Record<string, (definition: ServiceDefinition) => ServiceText>> = {
  systemd: systemdUnit,
  launchd: launchdPlist,
}

const howTo = '`gatecrab service print systemd --on-change CMD`, or launchd, or --metrics 127.0.0.1:9464'

/** Which gateway is meant: said to the service as it was said here, wherever that runs. */
const placesGiven = (args: Args): string[] => {
  const given = (flag: string, as = (value: string) => value): string[] =>
    args.typed.values(flag).flatMap(value => [`--${flag}`, as(value)])
  const absolute = (file: string): string => path.resolve(file)
  return [
    ...given('state-dir', absolute),
    ...given('config', absolute),
    ...given('profile'),
    ...given('url'),
    ...given('log', absolute),
    ...given('openclaw'),
    ...given('release'),
  ]
}

/** Where things are, and nothing that could be a secret. A service manager has a short PATH of its own. */
const kept = [
  'PATH',
  'OPENCLAW_STATE_DIR',
  'OPENCLAW_CONFIG_PATH',
  'GATECRAB_STATE_DIR',
  'XDG_STATE_HOME',
  'XDG_CONFIG_HOME',
  'DOCKER_HOST',
]

const keptEnv = (): Record<string, string> =>
  Object.fromEntries(
    kept.flatMap(name => {
      const value = process.env[name]
      return value === undefined || value === '' ? [] : [[name, value]]
    }),
  )

/** No service file holds a control character, save by escapes that not every reader undoes. */
const hasControl = (text: string): boolean => /[\u0000-\u0008\u000b-\u001f\u007f]/.test(text)

const definitionOf = (args: Args): ServiceDefinition | Failure => {
  const command = args.typed.value('on-change')
  const address = args.value('metrics')
  if ((command === null) === (address === null)) return usageFailure('Name one thing to keep running', {tryThis: howTo})
  if (command?.trim() === '' || address?.trim() === '') return usageFailure('What to keep running is empty', {tryThis: howTo})
  if (args.values('log').includes('-'))
    return usageFailure('A service has no standard input', {tryThis: 'name a file with --log'})
  const own = [process.execPath, path.resolve(process.argv[1] ?? '')]
  const works = command === null ? ['metrics', '--listen', address ?? ''] : ['check', '--watch', '--on-change', command]
  const argv = [...own, ...works, ...placesGiven(args)]
  const env = keptEnv()
  if ([...argv, ...Object.values(env)].some(hasControl))
    return usageFailure('A control character cannot stand in a service file', {
      tryThis: 'put the command into a script, and name that',
    })
  const home = process.env['HOME'] ?? os.homedir()
  return command === null
    ? {...{argv, env, home}, name: 'gatecrab-metrics', about: 'gatecrab: metrics of the OpenClaw gateway', hasCommand: false}
    : {
        ...{argv, env, home},
        name: 'gatecrab-watch',
        about: 'gatecrab: tells of changes of the OpenClaw gateway',
        hasCommand: true,
      }
}

const run = (args: Args): ExitCode => {
  const [, verb = '', manager = '', spare] = args.positionals
  if (verb !== 'print')
    return printFailure(
      usageFailure(`Unknown action “${clean(verb, 80)}”`, {because: 'it prints, and installs nothing', tryThis: howTo}),
    )
  const print = Object.hasOwn(managers, manager) ? managers[manager] : undefined
  if (print === undefined) return printFailure(usageFailure(`Unknown service manager “${clean(manager, 80)}”`, {tryThis: howTo}))
  if (spare !== undefined)
    return printFailure(usageFailure(`Unexpected word “${clean(spare, 80)}”`, {tryThis: 'put the command in quotes'}))
  const definition = definitionOf(args)
  if (isFailure(definition)) return printFailure(definition)
  const {text, notes} = print(definition)
  process.stdout.write(text)
  if (process.stdout.isTTY !== true) process.stderr.write(`${notes.join('\n')}\n`)
  return exit.fine
}

export const service: Command = {
  words: 'service print systemd|launchd',
  about: 'print a service that keeps check --watch or metrics running; you install it',
  flags,
  common: [...gatewayFlags, 'help'],
  settings: 'none',
  run,
}
