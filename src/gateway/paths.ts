import path from 'node:path'
import {isSince} from '../domain/token/token-copy-release.ts'

/** Everything that decides where OpenClaw keeps things, so that nothing here asks the machine. */
export type Surroundings = {
  platform: NodeJS.Platform
  home: string
  tmp: string
  uid: number | null
  env: Readonly<Record<string, string | undefined>>
}

export type Wanted = {stateDir: string | null; configFile: string | null; profile: string | null}

export const profileOf = (wanted: Wanted, {env}: Surroundings): string | null => {
  const name = wanted.profile ?? env['OPENCLAW_PROFILE']?.trim() ?? ''
  return name === '' || name.toLowerCase() === 'default' ? null : name
}

export const stateDirOf = (wanted: Wanted, around: Surroundings): string => {
  const named = wanted.stateDir ?? around.env['OPENCLAW_STATE_DIR']?.trim()
  if (named) return untilde(named, around)
  const profile = profileOf(wanted, around)
  return path.join(around.home, profile === null ? '.openclaw' : `.openclaw-${profile}`)
}

export const configFileOf = (wanted: Wanted, around: Surroundings): string => {
  const named = wanted.configFile ?? around.env['OPENCLAW_CONFIG_PATH']?.trim()
  return named ? untilde(named, around) : path.join(stateDirOf(wanted, around), 'openclaw.json')
}

export const untilde = (file: string, {home}: Surroundings): string =>
  file === '~' || file.startsWith('~/') ? path.join(home, file.slice(1)) : path.resolve(file)

/** 8.2 and later give each profile a log of its own; the name is encoded as OpenClaw encodes it. */
const profileInName = (profile: string): string =>
  Array.from(profile, char => {
    if (/[a-z0-9]/.test(char)) return char
    if (char === '-') return '--'
    if (char === '_') return '-0'
    return /[A-Z]/.test(char) ? `-1${char.toLowerCase()}` : `-2${char.codePointAt(0)?.toString(16)}-`
  }).join('')

/** A log with a new name each day, and one that keeps its name. */
export type LogPlace =
  | {
      kind: 'daily'
      folders: readonly string[]
      stem: string
      /** Who may own the default folders, the gateway's account first; null where the operator or the config names the folder. */
      owners: readonly number[] | null
    }
  | {kind: 'file'; file: string}

const dailyName = /^(openclaw(?:-[a-z0-9-]+)?)-(?:\d{4}-\d\d-\d\d|YYYY-MM-DD)\.log$/

const root = 0

/** The accounts whose gateway this can be: that of the config, and our own where we are not root looking after another's. */
const accountsOf = ({uid}: Surroundings, configUid: number | null): number[] => {
  if (uid === null) return []
  const config = configUid === null ? [] : [configUid]
  return [...new Set(uid === root && configUid !== null ? config : [...config, uid])]
}

const byDefault = (profile: string | null, around: Surroundings, configUid: number | null): LogPlace => {
  const accounts = accountsOf(around, configUid)
  const names = around.uid === null ? ['openclaw'] : accounts.map(uid => `openclaw-${uid}`)
  return {
    kind: 'daily',
    folders: [...(around.platform === 'win32' ? [] : ['/tmp/openclaw']), ...names.map(name => path.join(around.tmp, name))],
    stem: profile === null ? 'openclaw' : `openclaw-${profileInName(profile)}`,
    owners: around.uid === null ? null : [...new Set([...accounts, root])],
  }
}

const configured = (file: string): LogPlace => {
  const stem = dailyName.exec(path.basename(file))?.[1]
  return stem === undefined ? {kind: 'file', file} : {kind: 'daily', folders: [path.dirname(file)], stem, owners: null}
}

/** 2026.3.28 and 2026.4.15 read `logging.file` and write to the default path all the same, so both are looked at. */
const ignoresLoggingFile = (release: string | null): boolean =>
  release !== null && isSince(release, '2026.3.28') && !isSince(release, '2026.4.16')

const hasProfileLogs = (release: string | null): boolean => release === null || !/^2026\.[1-7]\./.test(release)

export const logPlaces = (
  file: string | null,
  release: string | null,
  wanted: Wanted,
  around: Surroundings,
  configUid: number | null = null,
): LogPlace[] => {
  const standard = byDefault(hasProfileLogs(release) ? profileOf(wanted, around) : null, around, configUid)
  if (file === null) return [standard]
  const named = configured(untilde(file, around))
  return ignoresLoggingFile(release) ? [named, standard] : [named]
}

/** What the service manager keeps of the gateway's standard output, newest layout first. */
export const consoleFiles = (wanted: Wanted, around: Surroundings): string[] => {
  if (around.platform !== 'darwin') return []
  const profile = profileOf(wanted, around)
  const logs = path.join(stateDirOf(wanted, around), 'logs')
  const prefix = around.env['OPENCLAW_LOG_PREFIX']?.trim() || `gateway${profile === null ? '' : `-${profile}`}`
  return [
    path.join(around.home, 'Library/Logs/openclaw', `${prefix}.log`),
    path.join(logs, 'gateway.log'),
    path.join(logs, 'gateway.err.log'),
  ]
}

export const systemdUnit = (wanted: Wanted, around: Surroundings): {name: string; file: string} => {
  const profile = profileOf(wanted, around)
  const name = `openclaw-gateway${profile === null ? '' : `-${profile}`}.service`
  return {name, file: path.join(around.home, '.config/systemd/user', name)}
}
