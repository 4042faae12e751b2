import {Secret} from '../../domain/secret.ts'
import {isFields, jsonIn} from '../json.ts'

/** What a service manager starts: its arguments, and the variables it sets. */
export type StartCommand = {args: string[]; variables: Map<string, Secret>}

const entities: Readonly<Record<string, string>> = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'"}

const unescaped = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    return name === undefined ? String.fromCodePoint(Math.min(code, 0x10_ffff)) : (entities[name] ?? whole)
  })

const section = (xml: string, key: string, tag: string): string =>
  new RegExp(`<key>\\s*${key}\\s*</key>\\s*<${tag}>([\\s\\S]*?)</${tag}>`).exec(xml)?.[1] ?? ''

/** A plist as XML, as OpenClaw writes it. */
const plistFromXml = (xml: string): StartCommand => {
  const plain = xml.replace(/<!--[\s\S]*?-->/g, '')
  const args = Array.from(section(plain, 'ProgramArguments', 'array').matchAll(/<string>([\s\S]*?)<\/string>/g), ([, text]) =>
    unescaped(text ?? ''),
  )
  const pairs = section(plain, 'EnvironmentVariables', 'dict').matchAll(/<key>([\s\S]*?)<\/key>\s*<string>([\s\S]*?)<\/string>/g)
  return {
    args,
    variables: new Map(Array.from(pairs, ([, key, value]) => [unescaped(key ?? ''), new Secret(unescaped(value ?? ''))])),
  }
}

type PlistJson = {ProgramArguments?: unknown; EnvironmentVariables?: unknown}

const plistFromJson = ({ProgramArguments: args, EnvironmentVariables: env}: PlistJson): StartCommand => ({
  args: Array.isArray(args) ? args.map(String) : [],
  variables: new Map(
    Object.entries(typeof env === 'object' && env !== null ? env : {}).map(([key, value]) => [key, new Secret(String(value))]),
  ),
})

/** A launchd plist: what `plutil -convert json -o -` prints, or the file's own XML; null where it is neither. */
export const readPlist = (text: string): StartCommand | null => {
  if (text.trimStart().startsWith('<')) return plistFromXml(text)
  const value = jsonIn(text)
  return typeof value === 'object' && value !== null ? plistFromJson(value) : null
}

/** A unit or one of its drop-ins. */
export type UnitPart = {path: string; text: string}

/** `systemctl cat` prints each file behind a comment with its path. */
export const unitParts = (printed: string): UnitPart[] => {
  const parts: {path: string; lines: string[]}[] = []
  for (const line of printed.split('\n')) {
    const path = /^# (\/.*\.(?:service|conf))\s*$/.exec(line)?.[1]
    if (path !== undefined) parts.push({path, lines: []})
    else parts.at(-1)?.lines.push(line)
  }
  return parts.map(({path, lines}) => ({path, text: lines.join('\n')}))
}

/** Words as systemd splits them: quotes around a word or a part of it, a backslash before the next character. */
const words = (text: string): string[] =>
  Array.from(text.matchAll(/(?:"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|\\[\s\S]|[^\s"'\\]+)+/g), ([word]) =>
    word.replace(/"((?:\\[\s\S]|[^"\\])*)"|'((?:\\[\s\S]|[^'\\])*)'|\\([\s\S])|([^"'\\]+)/g, (_, double, single, escaped, bare) =>
      String(bare ?? escaped ?? (double ?? single ?? '').replace(/\\([\s\S])/g, '$1')),
    ),
  )

const percent = (text: string, home: string): string => text.replace(/%(%|h)/g, (_, char: string) => (char === '%' ? '%' : home))

type UnitVariable = {key: string; value: Secret; path: string}
export type Unit = {args: string[]; argsPath: string; variables: UnitVariable[]; envFiles: string[]; folder: string | null}

const settings = ({path, text}: UnitPart): {path: string; name: string; value: string}[] =>
  text
    .replace(/\\\r?\n\s*/g, ' ')
    .split(/\r?\n/)
    .flatMap(line => {
      const [, name, value] =
        /^\s*(Environment|EnvironmentFile|UnsetEnvironment|ExecStart|WorkingDirectory)\s*=(.*)$/.exec(line) ?? []
      return name === undefined ? [] : [{path, name, value: (value ?? '').trim()}]
    })

const withVariables = (variables: readonly UnitVariable[], path: string, value: string, home: string): UnitVariable[] => {
  const more = words(value).flatMap(word => {
    const at = word.indexOf('=')
    return at > 0 ? [{key: word.slice(0, at), value: new Secret(percent(word.slice(at + 1), home)), path}] : []
  })
  return [...variables.filter(({key}) => !more.some(one => one.key === key)), ...more]
}

const without = (variables: readonly UnitVariable[], value: string): UnitVariable[] => {
  const names = words(value)
  return variables.filter(({key}) => !names.includes(key))
}

const apply = (unit: Unit, {path, name, value}: {path: string; name: string; value: string}, home: string): Unit => {
  if (name === 'ExecStart')
    return value === '' ? {...unit, args: []} : {...unit, args: words(percent(value, home)), argsPath: path}
  if (name === 'WorkingDirectory') return {...unit, folder: percent(value.replace(/^-/, ''), home) || null}
  if (name === 'UnsetEnvironment') return {...unit, variables: without(unit.variables, value)}
  if (name === 'Environment') return {...unit, variables: value === '' ? [] : withVariables(unit.variables, path, value, home)}
  const file = percent(value.replace(/^-/, ''), home)
  return {...unit, envFiles: value === '' ? [] : [...unit.envFiles, file]}
}

/** A unit with its drop-ins, in their order: a later line wins, an empty one forgets the earlier. */
export const readUnit = (parts: readonly UnitPart[], home: string): Unit =>
  parts.flatMap(settings).reduce((unit, setting) => apply(unit, setting, home), {
    args: [],
    argsPath: '',
    variables: [],
    envFiles: [],
    folder: null,
  } as Unit)

/** The values of a flag in a start command, in either form. */
const flagValues = (args: readonly string[], flag: string): string[] =>
  args.flatMap((arg, i) => {
    if (arg.startsWith(`${flag}=`) && arg.length > flag.length + 1) return [arg.slice(flag.length + 1)]
    const next = args[i + 1]
    return arg === flag && next !== undefined && !next.startsWith('--') ? [next] : []
  })

/** The value of `--token` in a start command; the last one counts. */
export const tokenFlag = (args: readonly string[]): Secret | null => {
  const last = flagValues(args, '--token').at(-1)
  return last === undefined ? null : new Secret(last)
}

export const portFlag = (args: readonly string[]): number | null => Number(flagValues(args, '--port').at(-1)) || null

/** It went by other names once. */
const names = ['openclaw', 'clawdbot', 'moltbot']

/** The release in OpenClaw's package.json; null for other packages and partial files. */
export const releaseIn = (text: string): string | null => {
  const fields = jsonIn(text)
  if (!isFields(fields) || !names.some(name => name === fields['name'])) return null
  return typeof fields['version'] === 'string' ? fields['version'] : null
}
