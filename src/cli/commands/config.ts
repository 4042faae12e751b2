import {clean} from '../../domain/clean.ts'
import {formatFailure} from '../../domain/failure.ts'
import {withoutSecrets} from '../../domain/redact.ts'
import {exampleSettings} from '../../settings/example.ts'
import {keyOf, type SettingName, settingNames} from '../../settings/keys.ts'
import type {SettingValue} from '../../settings/read.ts'
import {type Command, type ExitCode, exit} from '../command.ts'
import {alertFlags, invalidAlert} from '../on-change/flags.ts'
import type {Args, commonFlags, Flags} from '../options.ts'
import {printFailure} from '../print/failure-output.ts'
import {toJson} from '../print/json.ts'
import {folded} from '../print/word-wrap.ts'
import {ownSettingsFile} from '../settings/load.ts'

const flags = {
  example: {about: 'print a file with every setting in it, commented out'},
  json: {about: 'one JSON document'},
  ...alertFlags,
  remote: {value: 'HOST', many: true, about: 'another machine that holds a copy of the token; repeatable'},
  'known-as': {value: 'NAME', many: true, about: 'another name of this gateway; repeatable'},
} satisfies Flags

type Value = SettingValue | null
type From = {from: 'flag' | 'env' | 'file' | 'default'; flag: string | null; env: string | null; line: number | null}
type Row = {name: string; value: Value; otherwise: string} & From

const nowhere = {flag: null, env: null, line: null}

const typedValue = ({typed}: Args, name: SettingName, flag: string): Value => {
  const {kind} = keyOf(name)
  if (kind === 'list') return typed.values(flag).length > 0 ? typed.values(flag) : null
  return typed.value(flag) ?? (typed.flag(flag) || null)
}

const settingRow = (args: Args, name: SettingName): Row => {
  const {flag, otherwise} = keyOf(name)
  const {values, lines} = args.settings
  const typed = flag === null ? null : typedValue(args, name, flag)
  if (typed !== null) return {...nowhere, name, value: typed, otherwise, from: 'flag', flag}
  const value = values[name]
  if (value !== undefined && !(name === 'onChange' && args.flag('no-on-change')))
    return {...nowhere, name, value, otherwise, from: 'file', line: lines[name] ?? null}
  return {...nowhere, name, value: null, otherwise, from: 'default'}
}

/** What says which gateway is meant, and how it is drawn: by flags and environment only. */
const shellOnly = [
  {name: 'profile', flag: 'profile', env: null, otherwise: 'none'},
  {name: 'stateDir', flag: 'state-dir', env: 'OPENCLAW_STATE_DIR', otherwise: '~/.openclaw, or that of the profile'},
  {name: 'config', flag: 'config', env: 'OPENCLAW_CONFIG_PATH', otherwise: 'openclaw.json in the state folder'},
  {name: 'url', flag: 'url', env: null, otherwise: 'by the config'},
  {name: 'noColor', flag: 'no-color', env: 'NO_COLOR', otherwise: 'false'},
] as const satisfies readonly {name: string; flag: keyof typeof commonFlags; env: string | null; otherwise: string}[]

const shellRow = ({typed}: Args, {name, flag, env, otherwise}: (typeof shellOnly)[number]): Row => {
  const value = typed.value(flag) ?? (typed.flag(flag) || null)
  if (value !== null) return {...nowhere, name, value, otherwise, from: 'flag', flag}
  const inEnv = env === null ? '' : (process.env[env]?.trim() ?? '')
  return inEnv === ''
    ? {...nowhere, name, value: null, otherwise, from: 'default'}
    : {...nowhere, name, value: inEnv, otherwise, from: 'env', env}
}

const rowsOf = (args: Args): Row[] => [
  ...settingNames.map(name => settingRow(args, name)),
  ...shellOnly.map(one => shellRow(args, one)),
]

const shown = (text: string): string => withoutSecrets(clean(text, 400))

const safeValue = (value: Value): Value => {
  if (typeof value === 'string') return shown(value)
  if (Array.isArray(value)) return value.map(shown)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [clean(name, 80), shown(text)]))
}

const valueText = (value: Value, otherwise: string): string => {
  const safe = safeValue(value)
  if (safe === null) return otherwise
  if (typeof safe !== 'object') return String(safe)
  const items = Array.isArray(safe) ? safe : Object.entries(safe).map(([name, text]) => `${name}: ${text}`)
  return items.length === 0 ? 'none' : items.join(', ')
}

const fromText = ({from, flag, env, line}: Row): string => {
  if (from === 'flag') return `--${flag}`
  if (from === 'env') return env ?? ''
  return from === 'file' ? `config.json5:${line ?? '?'}` : 'default'
}

const nameWidth = 10
const fromWidth = 22

const inText = (args: Args, file: string): string => {
  const {settings} = args
  const isRead = settings.file !== null && Object.keys(settings.values).length + settings.mistakes.length > 0
  const why = args.flag('no-config')
    ? 'not read (--no-config)'
    : settings.file === null
      ? 'there is none'
      : isRead
        ? 'read'
        : 'empty'
  const indent = ' '.repeat(nameWidth + fromWidth + 2)
  return [
    `${file}: ${settings.mistakes.length > 0 ? 'has mistakes, see below' : why}`,
    '',
    ...rowsOf(args).map(row =>
      folded(`${row.name.padEnd(nameWidth)} ${fromText(row).padEnd(fromWidth)} ${valueText(row.value, row.otherwise)}`, indent),
    ),
    ...(settings.mistakes.length > 0 ? [''] : []),
    ...settings.mistakes.map(mistake => folded(formatFailure(mistake), '  ')),
    ...(settings.file === null ? ['', '`gatecrab config --example` prints a file to begin with.'] : []),
    '',
  ].join('\n')
}

const inJson = (args: Args, file: string): string =>
  toJson(
    {
      file,
      isThere: args.settings.file !== null,
      settings: rowsOf(args).map(({name, value, otherwise, from, flag, env, line}) => ({
        ...{name, value: safeValue(value), default: otherwise, from, flag, env, line},
      })),
      mistakes: args.settings.mistakes.map(({title, because = null, tryThis = null}) => ({title, because, tryThis})),
    },
    2,
  )

const run = (args: Args): ExitCode => {
  const file = ownSettingsFile()
  if (args.flag('example')) {
    process.stdout.write(exampleSettings(file))
    return exit.fine
  }
  const invalid = invalidAlert(args)
  if (invalid) return printFailure(invalid)
  process.stdout.write(args.flag('json') ? `${inJson(args, file)}\n` : inText(args, file))
  return args.settings.mistakes.length > 0 ? exit.broken : exit.fine
}

export const config: Command = {
  words: 'config',
  about: 'the settings in force and where each comes from; 1 where the config file has a mistake',
  flags,
  settings: 'shown',
  run,
}
