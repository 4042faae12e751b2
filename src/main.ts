import {type Command, exit, type Locate} from './cli/command.ts'
import {crash, descriptorProblem} from './cli/crash.ts'
import {type Args, commonFlags, type Flags, flagsHelp, helpRow, readFlags, withSettings} from './cli/options.ts'
import {printFailure} from './cli/print/failure-output.ts'
import {folded} from './cli/print/word-wrap.ts'
import {loadSettings} from './cli/settings/load.ts'
import {clean} from './domain/clean.ts'
import {type Failure, isFailure} from './domain/failure.ts'
import {nearest} from './domain/nearest.ts'
import {version} from './runtime/version.ts'

type Load = () => Promise<Command>

/** Only the one that is asked for is loaded: all of them together take longer to load than most take to run. */
const commands: Record<string, Load> = {
  watch: async () => (await import('./cli/commands/watch.ts')).watch,
  check: async () => (await import('./cli/commands/check.ts')).check,
  connections: async () => (await import('./cli/commands/connections.ts')).connections,
  explain: async () => (await import('./cli/commands/explain.ts')).explain,
  profiles: async () => (await import('./cli/commands/profiles.ts')).profiles,
  renew: async () => (await import('./cli/commands/renew.ts')).renew,
  devices: async () => (await import('./cli/commands/devices.ts')).devices,
  copies: async () => (await import('./cli/commands/copies.ts')).copies,
  verify: async () => (await import('./cli/commands/plans.ts')).verify,
  rotate: async () => (await import('./cli/commands/plans.ts')).rotate,
  'put-back': async () => (await import('./cli/commands/plans.ts')).putBack,
  propagate: async () => (await import('./cli/commands/plans.ts')).propagate,
  restart: async () => (await import('./cli/commands/plans.ts')).restart,
  undo: async () => (await import('./cli/commands/plans.ts')).undo,
  'clean-up': async () => (await import('./cli/commands/plans.ts')).cleanUp,
  journals: async () => (await import('./cli/commands/journals.ts')).journals,
  report: async () => (await import('./cli/commands/report.ts')).report,
  metrics: async () => (await import('./cli/commands/metrics.ts')).metricsCommand,
  service: async () => (await import('./cli/commands/service.ts')).service,
  replay: async () => (await import('./cli/commands/replay.ts')).replay,
  config: async () => (await import('./cli/commands/config.ts')).config,
  demo: async () => (await import('./cli/commands/demo.ts')).demo,
}

/** Not in the list of commands: what gatecrab starts itself, and what is only to be read. */
const hidden: Record<string, Load> = {
  'run-plan': async () => (await import('./cli/commands/run-plan.ts')).runPlanCommand,
  'on-change': async () => (await import('./cli/on-change/help.ts')).onChangeTopic,
}

const everyCommand = (): Promise<Command[]> => Promise.all(Object.values(commands).map(load => load()))

/** The tables of the screen are loaded only where they are shown. */
const filterRows = async (): Promise<string[]> => {
  const {filterFields, filterForms} = await import('./app/filter-help.ts')
  return [...filterForms, ...filterFields].map(([name, about]) => helpRow(name, about))
}

const help = (all: readonly Command[], filters: readonly string[]): string =>
  [
    'gatecrab: a live monitor for an OpenClaw gateway',
    '',
    'usage: gatecrab [command] [flags]        without a command: the screen',
    '       gatecrab help COMMAND             the flags of one',
    '',
    ...all.map(({words, about}) => helpRow(words, about)),
    '',
    'where to look: flags override environment variables, which override detection',
    flagsHelp(commonFlags),
    '',
    'filters on the screen: what / takes, and the fields of each panel',
    ...filters,
    '',
    folded('exit: 0 healthy, 1 failing, 2 failing soon, 3 unknown, 64 wrong usage, 70 our bug, 130 interrupted', '      '),
    '',
  ].join('\n')

const helpFor = ({words, about, flags}: Command): string =>
  [`usage: gatecrab ${words}`, folded(`  ${about}`, '  '), '', flagsHelp(flags), '', flagsHelp(commonFlags), ''].join('\n')

const flagsOf = (all: readonly Command[]): Flags => Object.assign({}, commonFlags, ...all.map(({flags}) => flags))

/** The command is the first word that is not a flag or its value; none means the screen. */
const nameIn = async (argv: readonly string[]): Promise<string> => {
  const [first = ''] = argv
  if (!first.startsWith('-')) return first || 'watch'
  const flags = flagsOf(await everyCommand())
  const takesValue = (arg = ''): boolean => arg.startsWith('--') && flags[arg.slice(2)]?.value !== undefined
  return argv.find((arg, i) => !arg.startsWith('-') && !takesValue(argv[i - 1])) ?? 'watch'
}

const chosen = async (argv: readonly string[]): Promise<Command | null> => {
  const name = await nameIn(argv)
  const load = [commands, hidden].find(table => Object.hasOwn(table, name))?.[name]
  return load ? load() : null
}

const noSuchCommand = (name: string): Failure => {
  const near = nearest(name, Object.keys(commands))
  const tryThis = near === null ? '`gatecrab --help` lists them' : `Did you mean ${near}?`
  return {title: `No such command: ${clean(name, 80)}`, tryThis, from: 'you', kind: 'usage'}
}

/** `help` and `help NAME` are `--help` and `NAME --help`. */
const asked = ([first, ...rest]: readonly string[]): string[] =>
  first === 'help' ? [...rest, '--help'] : [first, ...rest].filter(word => word !== undefined)

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
  const starved = descriptorProblem()
  if (starved) return printFailure(starved)
  const command = await chosen(argv)
  if (!command) return printFailure(noSuchCommand(await nameIn(argv)))
  const typed = readFlags(argv, command.flags)
  if (isFailure(typed)) return printFailure(typed)
  const spare = command.words.includes(' ') ? undefined : typed.positionals[1]
  if (spare !== undefined)
    return printFailure({
      title: `Unexpected word “${clean(spare, 80)}”`,
      because: `the command takes none`,
      tryThis: 'a log is named with --log',
      from: 'you',
      kind: 'usage',
    })
  if (typed.flag('version')) process.stdout.write(`${version}\n`)
  else if (typed.flag('help'))
    process.stdout.write(
      argv[0]?.startsWith('-') ? help(await everyCommand(), await filterRows()) : (command.text?.() ?? helpFor(command)),
    )
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
