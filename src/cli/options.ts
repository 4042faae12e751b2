import {parseArgs} from 'node:util'
import {themeNames} from '../app/theme-names.ts'
import {lengthOf, timeForms} from '../app/typed-time.ts'
import {showUtc} from '../app/zone.ts'
import {clean} from '../domain/clean.ts'
import {type Failure, usageFailure} from '../domain/failure.ts'
import {nearest} from '../domain/nearest.ts'
import {defaultOptions, type Options} from '../runtime/options.ts'
import type {Settings} from '../settings/read.ts'
import {parseMoment} from './moment-flags.ts'
import {folded} from './print/word-wrap.ts'

/** `words`: all that its value may be, where that is few. */
export type Flag = {value?: string; many?: true; about: string; words?: readonly string[]}

/** Where to look, for every command: flags override environment variables, which override auto-detection. */
export const commonFlags = {
  'state-dir': {value: 'DIR', about: "OpenClaw's state folder (OPENCLAW_STATE_DIR, else ~/.openclaw)"},
  config: {value: 'FILE', about: 'its openclaw.json (OPENCLAW_CONFIG_PATH)'},
  profile: {
    value: 'NAME',
    many: true,
    about: 'a named OpenClaw profile (OPENCLAW_PROFILE selects none); several, for one view of all: the screen, check, metrics',
  },
  url: {value: 'URL', about: 'the gateway, ws://host:port'},
  log: {value: 'FILE', many: true, about: 'a log, a folder of them, or - for standard input; JSONL or console lines; repeatable'},
  openclaw: {value: 'CMD', about: 'the OpenClaw command to run, such as "docker exec -i gw openclaw"'},
  release: {value: 'V', about: 'judge by the rules of this OpenClaw release'},
  now: {value: 'ISO', about: 'judge as of then; for replays and tests'},
  readonly: {about: 'show every plan, run none'},
  'warn-after': {value: 'LENGTH', about: 'a login that ends within that time is ending soon (default 1d)'},
  'no-config': {about: 'do not read the config file of gatecrab; see help config'},
  'no-color': {about: 'no colours (NO_COLOR)'},
  utc: {about: 'every clock in UTC, and every time that is typed'},
  ascii: {about: 'no characters beyond ASCII in the frame; by itself where the locale is no UTF-8, and on a console'},
  theme: {value: 'NAME', words: themeNames, about: 'dark, light or light-16 (sixteen colours); else as COLORFGBG says'},
  mouse: {about: 'a click selects a row or a tab; text is then selected with Shift held. :mouse turns it on and off'},
  help: {about: 'this text; also -h'},
  version: {about: 'the version; also -V'},
} as const satisfies Record<string, Flag>

export type Flags = Record<string, Flag>
export type CommonFlag = keyof typeof commonFlags

export const gatewayFlags = ['state-dir', 'config', 'profile', 'url', 'log', 'openclaw', 'release'] as const

/** What means something to a command that reads and prints, to one that shows a plan, and to a screen that needs no gateway. */
export const readingFlags = [...gatewayFlags, 'utc', 'now', 'warn-after', 'no-config', 'help'] as const
export const planningFlags = [...gatewayFlags, 'utc', 'readonly', 'no-config', 'help'] as const
export const screenFlags = ['theme', 'ascii', 'no-color', 'utc', 'mouse', 'no-config', 'help'] as const

/** What the operator typed: words, and the flags that every command may have. */
export type Args = Values & {
  positionals: string[]
  /** What was typed, without what the config file says. */
  typed: Values
  settings: Settings
  /** What of it says which gateway and which logs are meant. */
  options: Options
}

type Values = {
  value: (flag: string) => string | null
  values: (flag: string) => string[]
  flag: (flag: string) => boolean
}

const noSettings: Settings = {file: null, values: {}, lines: {}, mistakes: []}

/** The flags end here: what lies below `cli` takes these. A length such as 15m is one before `--now`. */
const optionsOf = ({value, values, flag}: Values): Options => {
  const moment = (name: string, before: number | null): number | null => {
    const text = value(name)
    return text === null ? null : parseMoment(text, before)
  }
  const now = moment('now', null)
  return {
    ...defaultOptions,
    stateDir: value('state-dir'),
    configFile: value('config'),
    profile: value('profile'),
    url: value('url'),
    logs: values('log'),
    openclaw: value('openclaw'),
    release: value('release'),
    now,
    since: moment('since', now ?? Date.now()),
    until: moment('until', now ?? Date.now()),
    readonly: flag('readonly'),
    compose: value('compose'),
    remotes: values('remote'),
    knownAs: values('known-as'),
    ask: flag('ask'),
    warnAfterMs: lengthOf(value('warn-after') ?? '') ?? defaultOptions.warnAfterMs,
  }
}

const config = (flags: Flags) =>
  Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [
      name,
      {
        type: flag.value === undefined ? ('boolean' as const) : ('string' as const),
        ...(flag.many ? {multiple: true} : {}),
        ...(name === 'help' ? {short: 'h'} : name === 'version' ? {short: 'V'} : {}),
      },
    ]),
  )

/** `--log -` is standard input; parseArgs would take the lone dash for a word. */
const normalizeArgs = (argv: readonly string[]): string[] =>
  argv.flatMap((arg, i) =>
    arg === '-' && argv[i - 1] === '--log' ? [] : arg === '--log' && argv[i + 1] === '-' ? ['--log=-'] : [arg],
  )

const takes: {readonly [value: string]: {isRead: (text: string) => boolean; positionals: string}} = {
  ISO: {isRead: text => parseMoment(text, null) !== null, positionals: 'ISO 8601, such as 2026-11-21T10:00:00Z'},
  V: {isRead: text => /^\d{4}\.\d{1,2}\.\d{1,2}(?:-[\w.-]+)?$/.test(text), positionals: 'an OpenClaw release, such as 2026.9.6'},
  URL: {isRead: text => /^(?:wss?|https?):$/.test(URL.parse(text)?.protocol ?? ''), positionals: 'ws://host:port'},
  LENGTH: {isRead: text => (lengthOf(text) ?? 0) > 0, positionals: 'a length such as 12h or 2d'},
  T: {isRead: text => parseMoment(text, 0) !== null, positionals: timeForms},
}

const unknownValue = (flags: Flags, values: {readonly [flag: string]: unknown}): Failure | null => {
  for (const [name, {value}] of Object.entries(flags)) {
    const kind = takes[value ?? '']
    const text = values[name]
    if (kind && typeof text === 'string' && !kind.isRead(text))
      return usageFailure(`Unknown --${name} “${clean(text, 40)}”`, {because: `it takes ${kind.positionals}`})
  }
  return null
}

/** What was typed wins. `byFlag`: what the file says, by the flag of the same name. */
const withFile = (typed: Values, byFlag: Readonly<Record<string, unknown>>): Values => ({
  value: flag => typed.value(flag) ?? (typeof byFlag[flag] === 'string' ? byFlag[flag] : null),
  values: flag => {
    const given = typed.values(flag)
    const inFile = byFlag[flag]
    return given.length > 0 || !Array.isArray(inFile) ? given : inFile.map(String)
  },
  flag: flag => typed.flag(flag) || byFlag[flag] === true,
})

/** Where a list of the file is a flag that is given again and again. */
const singular: Readonly<Record<string, string>> = {remotes: 'remote'}

const argsOf = (positionals: string[], typed: Values, settings: Settings): Args => {
  const flagNamed = (name: string): string => name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
  const byFlag = Object.fromEntries(
    Object.entries(settings.values).map(([name, value]) => [singular[name] ?? flagNamed(name), value]),
  )
  const values = withFile(typed, byFlag)
  return {positionals, ...values, typed, settings, options: optionsOf(values)}
}

/** The same, with what the config file of gatecrab says where nothing was typed. */
export const withSettings = ({positionals, typed}: Args, settings: Settings): Args => {
  if (settings.values.utc === true) showUtc()
  return argsOf(positionals, typed, settings)
}

const oneProfile: Failure = usageFailure('Unknown second --profile', {
  because: 'this command is about one gateway',
  tryThis: 'the screen, check and metrics take several',
})

export const readFlags = (argv: readonly string[], own: Flags): Args | Failure => {
  const flags: Flags = {...commonFlags, ...own}
  try {
    const {values, positionals} = parseArgs({
      args: normalizeArgs(argv),
      options: config(flags),
      allowPositionals: true,
      strict: true,
    })
    const value = (flag: string) => values[flag]
    // Before any of the times is read.
    if (values['utc'] === true) showUtc()
    const problem = unknownValue(flags, values)
    if (problem) return problem
    const profiles = [value('profile') ?? []].flat()
    if (profiles.length > 1 && own['fleet'] === undefined) return oneProfile
    const typed: Values = {
      value: flag => [value(flag)].flat().find(one => typeof one === 'string') ?? null,
      values: flag => [value(flag) ?? []].flat().map(String),
      flag: flag => value(flag) === true,
    }
    return argsOf(positionals, typed, noSettings)
  } catch (error) {
    const message = error instanceof Error ? error.message.split('. ')[0] : 'wrong usage'
    const near = nearest(/^Unknown option '--([\w-]+)/.exec(message ?? '')?.[1] ?? '', Object.keys(flags))
    const tryThis = near === null ? '`gatecrab --help` lists the commands and flags' : `Did you mean --${near}?`
    return usageFailure(message ?? 'wrong usage', {tryThis})
  }
}

const column = 22

/** A name and what it is about, for a terminal of any width; below a name that is longer than its column. */
export const helpRow = (name: string, about: string): string => {
  const indent = ' '.repeat(column + 3)
  return name.length > column
    ? `  ${name}\n${folded(`${indent}${about}`, indent)}`
    : folded(`  ${name.padEnd(column)} ${about}`, indent)
}

export const flagsHelp = (flags: Flags): string =>
  Object.entries(flags)
    .map(([name, {value, about}]) => helpRow(`--${name}${value === undefined ? '' : ` ${value}`}`, about))
    .join('\n')
