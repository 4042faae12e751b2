import path from 'node:path'
import {isSince} from '../domain/release.ts'

/** Everything that decides where OpenClaw keeps things, so that nothing here asks the machine. */
export type HostEnv = {
  platform: NodeJS.Platform
  home: string
  tmp: string
  uid: number | null
  env: Readonly<Record<string, string | undefined>>
}

export type LocationOverrides = {stateDir: string | null; configFile: string | null; profile: string | null}

/** Only the flag names a profile: OpenClaw does not read OPENCLAW_PROFILE to choose a state folder or a config. */
export const profileOf = ({profile}: LocationOverrides): string | null => {
  const name = profile?.trim() ?? ''
  return name === '' || name.toLowerCase() === 'default' ? null : name
}

/** Where gatecrab's own settings are. */
export const ownConfigFolder = ({env, home}: Pick<HostEnv, 'env' | 'home'>): string => {
  const xdg = env['XDG_CONFIG_HOME']?.trim()
  return path.join(xdg && path.isAbsolute(xdg) ? xdg : path.join(home, '.config'), 'gatecrab')
}

const configName = 'openclaw.json'

/** What the shell names, unless that is the default gateway's own and a profile is asked for: then the profile is meant. */
const namedByShell = (variable: string, defaultFile: string, overrides: LocationOverrides, hostEnv: HostEnv): string | null => {
  const named = hostEnv.env[variable]?.trim()
  if (!named) return null
  const file = expandTilde(named, hostEnv)
  return profileOf(overrides) !== null && file === defaultFile ? null : file
}

export const stateDirOf = (overrides: LocationOverrides, hostEnv: HostEnv): string => {
  if (overrides.stateDir) return expandTilde(overrides.stateDir, hostEnv)
  const own = path.join(hostEnv.home, '.openclaw')
  const profile = profileOf(overrides)
  return namedByShell('OPENCLAW_STATE_DIR', own, overrides, hostEnv) ?? (profile === null ? own : `${own}-${profile}`)
}

/** The config that a flag or the shell names; null where only the default one can be meant. */
export const namedConfigFile = (overrides: LocationOverrides, hostEnv: HostEnv): string | null => {
  if (overrides.configFile) return expandTilde(overrides.configFile, hostEnv)
  return namedByShell('OPENCLAW_CONFIG_PATH', path.join(hostEnv.home, '.openclaw', configName), overrides, hostEnv)
}

export const configFileOf = (overrides: LocationOverrides, hostEnv: HostEnv): string =>
  namedConfigFile(overrides, hostEnv) ?? path.join(stateDirOf(overrides, hostEnv), configName)

export const expandTilde = (file: string, {home}: HostEnv): string =>
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
const accountsOf = ({uid}: HostEnv, configUid: number | null): number[] => {
  if (uid === null) return []
  const config = configUid === null ? [] : [configUid]
  return [...new Set(uid === root && configUid !== null ? config : [...config, uid])]
}

const stemOf = (profile: string | null): string => (profile === null ? 'openclaw' : `openclaw-${profileInName(profile)}`)

export const logStem = (overrides: LocationOverrides): string => stemOf(profileOf(overrides))

/** `serviceTmp`: a service manager may give the gateway a TMPDIR of its own, where it then goes with its log. */
const byDefault = (
  profile: string | null,
  hostEnv: HostEnv,
  configUid: number | null,
  serviceTmp: readonly string[],
): LogPlace => {
  const accounts = accountsOf(hostEnv, configUid)
  const names = hostEnv.uid === null ? ['openclaw'] : accounts.map(uid => `openclaw-${uid}`)
  const inTmp = [...new Set([...serviceTmp, hostEnv.tmp])].flatMap(tmp => names.map(name => path.join(tmp, name)))
  return {
    kind: 'daily',
    folders: [...(hostEnv.platform === 'win32' ? [] : ['/tmp/openclaw']), ...inTmp],
    stem: stemOf(profile),
    owners: hostEnv.uid === null ? null : [...new Set([...accounts, root])],
  }
}

export const configuredLog = (file: string): LogPlace => {
  const stem = dailyName.exec(path.basename(file))?.[1]
  return stem === undefined ? {kind: 'file', file} : {kind: 'daily', folders: [path.dirname(file)], stem, owners: null}
}

/** 2026.3.28 and 2026.4.15 read `logging.file` and write to the default path all the same, so both are looked at. */
const ignoresLoggingFile = (release: string | null): boolean =>
  release !== null && isSince(release, '2026.3.28') && !isSince(release, '2026.4.16')

const hasProfileLogs = (release: string | null): boolean => isSince(release, '2026.8.0')

export const logPlaces = (
  file: string | null,
  release: string | null,
  overrides: LocationOverrides,
  hostEnv: HostEnv,
  configUid: number | null = null,
  serviceTmp: readonly string[] = [],
): LogPlace[] => {
  const standard = byDefault(hasProfileLogs(release) ? profileOf(overrides) : null, hostEnv, configUid, serviceTmp)
  if (file === null) return [standard]
  const named = configuredLog(expandTilde(file, hostEnv))
  return ignoresLoggingFile(release) ? [named, standard] : [named]
}

/** What the service manager keeps of the gateway's standard output, newest layout first. */
export const consoleFiles = (overrides: LocationOverrides, hostEnv: HostEnv): string[] => {
  if (hostEnv.platform !== 'darwin') return []
  const profile = profileOf(overrides)
  const logs = path.join(stateDirOf(overrides, hostEnv), 'logs')
  const prefix = hostEnv.env['OPENCLAW_LOG_PREFIX']?.trim() || `gateway${profile === null ? '' : `-${profile}`}`
  return [
    path.join(hostEnv.home, 'Library/Logs/openclaw', `${prefix}.log`),
    path.join(logs, 'gateway.log'),
    path.join(logs, 'gateway.err.log'),
  ]
}

/** A shell names the default gateway's service only: OpenClaw derives a profile's from its name. */
const serviceNamedByShell = (variable: string, overrides: LocationOverrides, {env}: HostEnv): string | null =>
  profileOf(overrides) === null ? env[variable]?.trim() || null : null

export const systemdUnit = (overrides: LocationOverrides, hostEnv: HostEnv): {name: string; file: string} => {
  const profile = profileOf(overrides)
  const named = serviceNamedByShell('OPENCLAW_SYSTEMD_UNIT', overrides, hostEnv)?.replace(/(?:\.service)?$/, '.service')
  const name = named ?? `openclaw-gateway${profile === null ? '' : `-${profile}`}.service`
  return {name, file: path.join(hostEnv.home, '.config/systemd/user', name)}
}

export const launchdLabel = (overrides: LocationOverrides, hostEnv: HostEnv): string =>
  serviceNamedByShell('OPENCLAW_LAUNCHD_LABEL', overrides, hostEnv) ?? `ai.openclaw.${profileOf(overrides) ?? 'gateway'}`
