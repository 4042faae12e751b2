import {check} from './commands/check.ts'
import {cleanUp} from './commands/clean-up.ts'
import {type Command, exit, isProblem} from './commands/command.ts'
import {connections} from './commands/connections.ts'
import {copies} from './commands/copies.ts'
import {crash} from './commands/crash.ts'
import {demo} from './commands/demo.ts'
import {runDemoOpenclaw} from './commands/demo-openclaw.ts'
import {explain} from './commands/explain.ts'
import {commonFlags, type Flags, flagsHelp, readFlags} from './commands/flags.ts'
import {journals} from './commands/journals.ts'
import {metrics} from './commands/metrics.ts'
import {complain} from './commands/output.ts'
import {profiles} from './commands/profiles.ts'
import {propagate} from './commands/propagate.ts'
import {renew} from './commands/renew.ts'
import {replay} from './commands/replay.ts'
import {report} from './commands/report.ts'
import {restart} from './commands/restart.ts'
import {rotate} from './commands/rotate.ts'
import {runPlan} from './commands/run-plan.ts'
import {undo} from './commands/undo.ts'
import {verify} from './commands/verify.ts'
import {version} from './commands/version.ts'
import {watch} from './commands/watch.ts'
import {clean} from './domain/clean.ts'

const commands: Record<string, Command> = {
  watch,
  check,
  connections,
  explain,
  profiles,
  renew,
  copies,
  verify,
  rotate,
  propagate,
  restart,
  undo,
  'clean-up': cleanUp,
  journals,
  report,
  metrics,
  replay,
  demo,
}

/** Started by gatecrab itself, and not for people. */
const hidden: Record<string, Command> = {'run-plan': runPlan}

const help = (): string =>
  [
    'gatecrab: a live monitor for an OpenClaw gateway',
    '',
    'usage: gatecrab [command] [flags]        without a command: the screen',
    '',
    ...Object.values(commands).map(({words, about}) => `  ${words.padEnd(22)} ${about}`),
    '',
    'where to look: flags win over the environment, the environment over discovery',
    flagsHelp(commonFlags),
    '',
    'exit: 0 fine, 1 broken, 2 broken soon, 3 could not find out, 64 wrong usage, 70 our bug, 130 interrupted',
    '',
  ].join('\n')

const helpFor = ({words, about, flags}: Command): string =>
  [`usage: gatecrab ${words}`, `  ${about}`, '', flagsHelp(flags), '', flagsHelp(commonFlags), ''].join('\n')

const everyFlag: Flags = Object.assign({}, commonFlags, ...Object.values(commands).map(({flags}) => flags))

const takesValue = (arg: string | undefined): boolean =>
  arg?.startsWith('--') === true && everyFlag[arg.slice(2)]?.value !== undefined

/** The command is the first word that is not a flag or its value; none means the screen. */
const chosen = (argv: readonly string[]): Command | null => {
  const first = argv.find((arg, i) => !arg.startsWith('-') && !takesValue(argv[i - 1]))
  if (first === undefined) return watch
  return commands[first] ?? hidden[first] ?? null
}

const run = async (argv: readonly string[]): Promise<number> => {
  if (argv[0] === 'demo-openclaw') return runDemoOpenclaw(argv.slice(1))
  const command = chosen(argv)
  if (!command) return complain({title: `No such command: ${argv[0]}`, tryThis: 'gatecrab --help lists them', from: 'you'})
  const given = readFlags(argv, command.flags)
  if (isProblem(given)) return complain(given)
  const spare = command.words.includes(' ') ? undefined : given.words[1]
  if (spare !== undefined)
    return complain({
      title: `Unexpected word “${clean(spare, 80)}”`,
      because: `the command takes none`,
      tryThis: 'a log is named with --log',
      from: 'you',
    })
  if (given.has('version')) process.stdout.write(`${version}\n`)
  else if (given.has('help')) process.stdout.write(argv[0]?.startsWith('-') ? help() : helpFor(command))
  else return command.run(given)
  return exit.fine
}

/** Whoever read our output has gone away: `gatecrab … | head`. */
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  process.exit(exit.fine)
})
process.on('uncaughtException', crash)
process.on('unhandledRejection', crash)
process.title = 'gatecrab'
run(process.argv.slice(2)).then(code => {
  process.exitCode = code
}, crash)
