import type {Command, CommandGroup, NamedCommand} from '../command.ts'
import {type CommonFlag, commonFlags, type Flags, flagsHelp, gatewayFlags, helpRow} from '../options.ts'
import {folded} from '../print/word-wrap.ts'

const howItLooks = ['theme', 'ascii', 'no-color', 'utc', 'mouse'] as const

const picked = (names: readonly CommonFlag[]): Flags => Object.fromEntries(names.map(name => [name, commonFlags[name]]))

/** The flags that every command may have, by what they are about; one that is new is among the last. */
export const commonGroups = (): {title: string; flags: Flags}[] => {
  const named: readonly CommonFlag[] = [...gatewayFlags, ...howItLooks]
  const rest = (Object.keys(commonFlags) as CommonFlag[]).filter(name => !named.includes(name))
  return [
    {title: 'which gateway: flags override environment variables, which override detection', flags: picked(gatewayFlags)},
    {title: 'how it looks', flags: picked(howItLooks)},
    {title: 'besides', flags: picked(rest)},
  ]
}

/** Each is run by a test, as far as reading its flags. */
export const examples: readonly (readonly [string, string])[] = [
  ['gatecrab', 'the screen on the gateway here'],
  ['gatecrab demo', 'on a gateway in trouble'],
  ['gatecrab check', 'one verdict and an exit code'],
  ['gatecrab explain 1008', 'what a code or log line means'],
  ['gatecrab connections --since 2h --by client', 'who came of late'],
  ['gatecrab --log gateway.jsonl', 'a log from elsewhere'],
  ['gatecrab --host user@mini --profile work', 'several in one view'],
  ['gatecrab rotate --dry-run', 'what a new token would change'],
]

export const exitCodes: Readonly<Record<string, string>> = {
  0: 'healthy',
  1: 'failing',
  2: 'failing soon',
  3: 'unknown',
  64: 'wrong usage',
  70: 'our bug',
  130: 'interrupted',
}

const exitText = `exit: ${Object.entries(exitCodes)
  .map(([code, about]) => `${code} ${about}`)
  .join(', ')}`

export const allHelp = (groups: readonly CommandGroup[], topics: readonly NamedCommand[]): string =>
  [
    'gatecrab: a live monitor for an OpenClaw gateway',
    '',
    'usage: gatecrab [command] [flags]        without a command: the screen',
    '       gatecrab help COMMAND             the flags of one, or a TOPIC below',
    '',
    'examples',
    ...examples.map(([line, about]) => folded(`  ${line.padEnd(43)} ${about}`, ' '.repeat(46))),
    '',
    ...groups.flatMap(({title, commands}) => [title, ...commands.map(({words, about}) => helpRow(words, about)), '']),
    ...commonGroups().flatMap(({title, flags}) => [title, flagsHelp(flags), '']),
    'to read: gatecrab help TOPIC',
    ...topics.map(({name, about}) => helpRow(name, about)),
    '',
    folded(exitText, '      '),
    '',
  ].join('\n')

const section = (title: string, flags: Flags): string[] => (Object.keys(flags).length === 0 ? [] : [title, flagsHelp(flags), ''])

/** The flags of one; those of every command only where they mean something there. */
export const commandHelp = ({words, about, flags, common, notes = []}: Command): string => {
  const isMeant = (name: string): boolean => common === undefined || common.some(one => one === name)
  const meant = (all: Flags): Flags => Object.fromEntries(Object.entries(all).filter(([name]) => isMeant(name)))
  return [
    ...[folded(`usage: gatecrab ${words}`, '       '), folded(`  ${about}`, '  '), ''],
    ...notes.flatMap(note => [folded(`  ${note}`, '  '), '']),
    ...section('flags', flags),
    ...commonGroups().flatMap(({title, flags: these}) => section(title, meant(these))),
  ].join('\n')
}
