import type {CommandGroup, NamedCommand} from '../command.ts'
import type {Flags} from '../options.ts'
import {commonGroups, examples, exitCodes} from './text.ts'
import {type Topic, topics} from './topics.ts'

/** Text as roff prints it: nothing of it is a request or an escape. */
const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('~', '\\(ti')
    .replaceAll('^', '\\(ha')
    .replace(/^\./, '\\&.')
    .replaceAll(/[\u0080-\uffff]/g, char => `\\[u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`)

/** In order: its term in bold, what stands in its place in italics, and what it is about. */
const item = (term: string, rest: string, about: string): string[] => [
  '.TP',
  `\\fB${roff(term)}\\fR${rest === '' ? '' : ` \\fI${roff(rest)}\\fR`}`,
  roff(about),
]

const flagItems = (flags: Flags): string[] =>
  Object.entries(flags).flatMap(([name, {value = '', about}]) => item(`--${name}`, value, about))

const commandItems = ({words, about, flags, notes = []}: NamedCommand): string[] => {
  const [name = '', ...rest] = words.split(' ')
  const below = [...flagItems(flags), ...notes.flatMap(note => ['.PP', roff(note)])]
  return [...item(name, rest.join(' '), about), ...(below.length === 0 ? [] : ['.RS', ...below, '.RE'])]
}

const topicSection = ([name, {about, parts}]: [string, Topic]): string[] => [
  `.SH ${name.toUpperCase()}`,
  roff(`${about[0]?.toUpperCase()}${about.slice(1)}.`),
  ...parts.flatMap(part =>
    typeof part === 'string'
      ? ['.PP', roff(part)]
      : [`.SS ${roff(part.title)}`, ...part.rows.flatMap(([term, rowAbout]) => item(term, '', rowAbout))],
  ),
]

const environment: Readonly<Record<string, string>> = {
  OPENCLAW_STATE_DIR: "OpenClaw's state folder",
  OPENCLAW_CONFIG_PATH: 'its config',
  GATECRAB_STATE_DIR: 'where journals, locks and backups are kept, instead of ~/.local/state/gatecrab',
  XDG_STATE_HOME: 'where that folder is, below gatecrab/',
  XDG_CONFIG_HOME: 'where the config file of gatecrab is, below gatecrab/',
  NO_COLOR: 'no colours',
}

const files: Readonly<Record<string, string>> = {
  '~/.config/gatecrab/config.json5': 'settings; see gatecrab config',
  '~/.config/gatecrab/remotes': "machines that hold a copy of the gateway's token, one a line",
  '~/.local/state/gatecrab': 'journals, locks, backups and saved filters; for this account alone',
  '~/.cache/gatecrab': 'byte code of the program',
}

const table = (rows: Readonly<Record<string, string>>): string[] =>
  Object.entries(rows).flatMap(([term, about]) => item(term, '', about))

export const manPage = (groups: readonly CommandGroup[], version: string): string =>
  [
    `.TH GATECRAB 1 "" "gatecrab ${roff(version)}" "User Commands"`,
    '.SH NAME',
    'gatecrab \\- live monitor for an OpenClaw gateway',
    '.SH SYNOPSIS',
    '.B gatecrab',
    '[\\fIcommand\\fR] [\\fIflags\\fR]',
    '.SH DESCRIPTION',
    roff(
      'Shows who is refused by the gateway, why, whose fault it is, and what helps. Without a command it is the screen; without a terminal it prints one report and ends. Nothing is changed that was not confirmed as a plan.',
    ),
    '.SH COMMANDS',
    ...groups.flatMap(({title, commands}) => [`.SS ${roff(title)}`, ...commands.flatMap(commandItems)]),
    '.SH OPTIONS',
    ...commonGroups().flatMap(({title, flags}) => [`.SS ${roff(title)}`, ...flagItems(flags)]),
    ...Object.entries<Topic>(topics).flatMap(topicSection),
    '.SH EXIT STATUS',
    ...table(exitCodes),
    '.SH ENVIRONMENT',
    ...table(environment),
    '.SH FILES',
    ...table(files),
    '.SH EXAMPLES',
    ...examples.flatMap(([line, about]) => item(line, '', about)),
    '',
  ].join('\n')
