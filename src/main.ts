import {type Command, type CommandGroup, exit, type Locate} from './cli/command.ts'
import {commandNames, loadCommand, loadGroups, loadTopics, topicNames} from './cli/command-table.ts'
import {crash, descriptorProblem} from './cli/crash.ts'
import {type Args, commonFlags, type Flags, readFlags, withSettings} from './cli/options.ts'
import {printFailure} from './cli/print/failure-output.ts'
import {loadSettings} from './cli/settings/load.ts'
import {clean} from './domain/clean.ts'
import {type Failure, isFailure, usageFailure} from './domain/failure.ts'
import {nearest} from './domain/nearest.ts'
import {version} from './runtime/version.ts'

const flagsOf = (groups: readonly CommandGroup[]): Flags =>
  Object.assign({}, commonFlags, ...groups.flatMap(({commands}) => commands.map(({flags}) => flags)))

/** The command is the first word that is not a flag or its value; none means the screen. */
const nameIn = async (argv: readonly string[]): Promise<string> => {
  const [first = ''] = argv
  if (!first.startsWith('-')) return first || 'watch'
  const flags = flagsOf(await loadGroups())
  const takesValue = (arg = ''): boolean => arg.startsWith('--') && flags[arg.slice(2)]?.value !== undefined
  return argv.find((arg, i) => !arg.startsWith('-') && !takesValue(argv[i - 1])) ?? 'watch'
}

const noSuchCommand = (name: string): Failure => {
  const near = nearest(name, [...commandNames, ...topicNames])
  const tryThis = near === null ? '`gatecrab --help` lists them' : `Did you mean ${near}?`
  return usageFailure(`No such command: ${clean(name, 80)}`, {tryThis})
}

/** `help` and `help NAME` are `--help` and `NAME --help`. */
const asked = ([first, ...rest]: readonly string[]): string[] =>
  first === 'help' ? [...rest.filter(word => word !== 'help'), '--help'] : [first, ...rest].filter(word => word !== undefined)

/** The version needs none of the commands. */
const isVersionAsked = ([first = '', ...rest]: readonly string[]): boolean =>
  rest.length === 0 && ['--version', '-V', 'version'].includes(first)

const printHelp = async (argv: readonly string[], command: Command): Promise<void> => {
  const {allHelp, commandHelp} = await import('./cli/help/text.ts')
  process.stdout.write(
    argv[0]?.startsWith('-') ? allHelp(await loadGroups(), await loadTopics()) : (command.text?.() ?? commandHelp(command)),
  )
}

/** Only a command that is about a gateway asks for it. */
const locator = ({options}: Args): Locate => {
  let found: ReturnType<Locate> | null = null
  return () => {
    found ??= import('./runtime/locate.ts').then(({locateGateway}) => locateGateway(options))
    return found
  }
}

const run = async (argv: readonly string[]): Promise<number> => {
  if (argv[0] === 'demo-openclaw') return (await import('./cli/commands/demo-openclaw.ts')).runDemoOpenclaw(argv.slice(1))
  if (isVersionAsked(argv)) {
    process.stdout.write(`${version}\n`)
    return exit.fine
  }
  const starved = descriptorProblem()
  if (starved) return printFailure(starved)
  const name = await nameIn(argv)
  const command = await loadCommand(name)
  if (!command) return printFailure(noSuchCommand(name))
  const typed = readFlags(argv, command.flags)
  if (isFailure(typed)) return printFailure(typed)
  const spare = command.words.includes(' ') ? undefined : typed.positionals[1]
  if (spare !== undefined)
    return printFailure(
      usageFailure(`Unexpected word “${clean(spare, 80)}”`, {
        because: `the command takes none`,
        tryThis: 'a log is named with --log',
      }),
    )
  if (typed.flag('version')) process.stdout.write(`${version}\n`)
  else if (typed.flag('help')) await printHelp(argv, command)
  else {
    const args = command.settings === 'none' ? typed : withSettings(typed, await loadSettings(typed))
    if (command.settings !== 'shown') for (const mistake of args.settings.mistakes) printFailure(mistake)
    return command.run(args, locator(args))
  }
  return exit.fine
}

/** Whoever read our output has gone away: `gatecrab … | head`. */
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  process.exit(exit.fine)
})
process.on('uncaughtException', crash)
process.on('unhandledRejection', crash)
// On macOS a title is a call to LaunchServices, which takes longer than a command: the screen alone has one there.
if (process.platform !== 'darwin') process.title = 'gatecrab'
run(asked(process.argv.slice(2))).then(code => {
  process.exitCode = code
}, crash)
