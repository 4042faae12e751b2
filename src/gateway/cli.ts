import path from 'node:path'
import type {Cli} from '../domain/plans/facts.ts'
import {isSince} from '../domain/release.ts'
import type {SecretKeys} from '../domain/token/copy.ts'
import {configFileOf, type HostEnv, type LocationOverrides, profileOf, stateDirOf} from './paths.ts'

/** `--openclaw "docker exec -i gw openclaw"`: words, with quotes for those that hold white space. */
export const splitCommand = (command: string): string[] =>
  Array.from(command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g), ([, double, single, bare]) => double ?? single ?? bare ?? '')

const runners = ['docker', 'podman', 'nerdctl', 'kubectl', 'docker-compose', 'ssh', 'lxc', 'incus', 'oc']

/** The command reaches into a container or another host: it sees other files than we do. */
export const isElsewhere = ([program = '']: readonly string[]): boolean => runners.includes(path.basename(program))

/** The commands of OpenClaw that plans run. A token is fed to standard input or lies in a file; it is never an argument. */
export const cliOf = (openclaw: readonly string[]): Cli & {health: readonly string[]; configFile: readonly string[]} => {
  const form = (...more: string[]): readonly string[] => [...openclaw, ...more]
  return {
    elsewhere: isElsewhere(openclaw),
    patch: form('config', 'patch', '--stdin'),
    tryPatch: form('config', 'patch', '--stdin', '--dry-run'),
    batch: file => form('config', 'set', '--batch-file', file),
    storeSet: (name, more = []) => form('secrets', 'store', 'set', name, '--kind', 'secret', ...more),
    install: form('gateway', 'install', '--force', '--json'),
    health: form('gateway', 'health', '--json'),
    devices: form('devices', 'list', '--json'),
    configFile: form('config', 'file'),
  }
}

/** `config file` came with 2026.3.1; a command that runs elsewhere names a file of that place. */
export const commandOf = (openclaw: readonly string[], release: string | null): Pick<Cli, 'elsewhere' | 'configFile'> => {
  const {elsewhere, configFile} = cliOf(openclaw)
  return {elsewhere, configFile: release === null || isSince(release, '2026.3.1') ? configFile : null}
}

export const restartArgv = (openclaw: readonly string[]): readonly string[] => [...openclaw, 'gateway', 'restart', '--json']
export const versionArgv = (openclaw: readonly string[]): readonly string[] => [...openclaw, '--version']

/** sudo of macOS keeps HOME, so that the account is that of the person, though the process is root's. */
export const launchdUid = ({uid, env}: HostEnv): number => {
  const person = Number(env['SUDO_UID'])
  return uid === 0 && person > 0 ? person : (uid ?? 0)
}

export const bootstrapArgv = (domain: string, plist: string): readonly string[] => ['launchctl', 'bootstrap', domain, plist]
export const printArgv = (domain: string, label: string): readonly string[] => ['launchctl', 'print', `${domain}/${label}`]

/** What is fed to `config patch --stdin`. */
export const tokenPatch = (value: string, is: SecretKeys['is'] = 'token', withMode = false): string =>
  JSON.stringify({gateway: {auth: {...(withMode ? {mode: is} : {}), [is]: value}}})
export const remoteTokenPatch = (value: string, is: SecretKeys['is'] = 'token'): string =>
  JSON.stringify({gateway: {remote: {[is]: value}}})
/** What lies in the file of `config set --batch-file`. */
export const tokenBatch = (value: string, is: SecretKeys['is'] = 'token'): string =>
  JSON.stringify([{path: `gateway.auth.${is}`, value}])

/** The environment of a child: whatever would make it speak of another gateway, or with another token, is taken out. */
export const cleanEnv = (
  env: Readonly<Record<string, string | undefined>>,
  more: Readonly<Record<string, string>>,
): Record<string, string> => {
  const safe = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || isStray(name) ? [] : [[name, value] as const],
  )
  return {...Object.fromEntries(safe), ...more, NO_COLOR: '1'}
}

const stray = ['OPENCLAW_GATEWAY_TOKEN', 'OPENCLAW_GATEWAY_PASSWORD', 'OPENCLAW_GATEWAY_URL']

/** Each of these leads a command to another gateway, another service of it, or another store. */
const selectors = [
  'OPENCLAW_PROFILE',
  'OPENCLAW_HOME',
  'OPENCLAW_STATE_DIR',
  'OPENCLAW_CONFIG_PATH',
  'OPENCLAW_GATEWAY_PORT',
  'OPENCLAW_CONTAINER',
  'OPENCLAW_LAUNCHD_LABEL',
  'OPENCLAW_SYSTEMD_UNIT',
  'OPENCLAW_WINDOWS_TASK_NAME',
  'OPENCLAW_SERVICE_MARKER',
  'OPENCLAW_SERVICE_KIND',
  'OPENCLAW_AGENT_DIR',
  'PI_CODING_AGENT_DIR',
]

const isStray = (name: string): boolean => stray.includes(name) || selectors.includes(name) || name.startsWith('CLAWDBOT_')

const remotePath = '/opt/homebrew/bin:/usr/local/bin:$HOME/.local/bin:$HOME/.npm-global/bin:$HOME/.openclaw/bin'

/**
 * On the far host: a shell that is no login shell has a short PATH; what it is a client of is told before anything is written, and a
 * gateway that is not called by one of our names is not ours.
 */
const remoteScript = (addresses: readonly string[]): string =>
  [
    `PATH="$PATH:${remotePath}"; export PATH`,
    `unset ${stray.join(' ')}`,
    'openclaw --version </dev/null || exit 127',
    'mode=$(openclaw config get gateway.mode </dev/null 2>/dev/null | tail -n 1)',
    'url=$(openclaw config get gateway.remote.url </dev/null 2>/dev/null | tail -n 1)',
    'echo "gatecrab: mode $mode"; echo "gatecrab: url $url"',
    '[ "$mode" = remote ] || exit 66',
    `case "$url" in ${addresses.length === 0 ? "''" : addresses.join('|')}) ;; *) exit 67 ;; esac`,
    'openclaw config patch --stdin || exit 65',
    'openclaw gateway health --json </dev/null >/dev/null 2>&1 && echo "gatecrab: accepted" || echo "gatecrab: not proven"',
  ].join('; ')

/** One connection for all of it, so that a dropped link leaves no half of it. The token comes on standard input. */
export const remoteArgv = (host: string, addresses: readonly string[]): readonly string[] => [
  'ssh',
  '-T',
  '-o',
  'BatchMode=yes',
  '-o',
  'ConnectTimeout=15',
  '--',
  host,
  remoteScript(addresses),
]

/** A profile is named on the command line: the name of its service hangs on it, and OpenClaw reads it nowhere else. */
export const boundCommand = (openclaw: readonly string[], requested: LocationOverrides): readonly string[] => {
  const profile = profileOf(requested)
  return profile === null ? openclaw : [...openclaw, '--profile', profile]
}

/** A shell may move these for the gateway that it speaks of itself; a gateway that was asked for by name is another. */
const ofShellOnly = ['OPENCLAW_LAUNCHD_LABEL', 'OPENCLAW_SYSTEMD_UNIT', 'OPENCLAW_AGENT_DIR', 'PI_CODING_AGENT_DIR']

const isNamed = (requested: LocationOverrides): boolean => requested.stateDir !== null || profileOf(requested) !== null

/** What binds a command of OpenClaw to one gateway, whatever the shell says: its state folder, its config, its port. */
export const boundEnv = (requested: LocationOverrides, hostEnv: HostEnv, port: number | null): Record<string, string> => ({
  OPENCLAW_STATE_DIR: path.resolve(stateDirOf(requested, hostEnv)),
  OPENCLAW_CONFIG_PATH: path.resolve(configFileOf(requested, hostEnv)),
  ...(port === null ? {} : {OPENCLAW_GATEWAY_PORT: String(port)}),
  ...Object.fromEntries(
    isNamed(requested)
      ? []
      : ofShellOnly.flatMap(name => {
          const value = hostEnv.env[name]?.trim()
          return value ? [[name, value]] : []
        }),
  ),
})
