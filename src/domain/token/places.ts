import type {System} from '../advice.ts'
import {filledText} from '../shell.ts'

/** How a value is replaced: one string of a JSON5 file, one line of an environment file, or one value of a compose file. */
type WriterId = 'config-string' | 'env-line' | 'compose-variable'

/**
 * One kind of place in which a gateway token lives. `turn` is its turn among those the server asks, lowest first; null: the server
 * never takes it. In `card`, the shortest right instruction for a person, `{path}` and `{key}` are those of the copy.
 */
export type PlaceRow = {
  title: string
  read: string
  turn: number | null
  wins: string
  write: WriterId | null
  manualStep: string
  stale: string
  /** The system whose tools the card names; absent: it is for all of them. */
  on?: System
}

const restart = 'then `gatecrab restart`'
const envFirst = 'The command line of 2026.2.6-3 to 2026.7.35 sends it before the config.'

const serverEnv = {
  wins: `The server takes it where the config has no token. ${envFirst}`,
  stale:
    'Harmless to the server while the config has a token. It shuts out the command lines that send it first, and takes over when the config loses its token.',
} as const

const clientOnly = {turn: null, wins: 'The server never sees it; the client sends it.', write: null} as const

/** Every place, in the order in which the server asks them; then what only clients hold, what is history, and what no tool reaches. */
export const places = {
  'start-command': {
    title: 'start command',
    read: '--token in the plist, the unit, the compose file, or the arguments of the running process and of what started it; a gateway hides its own, but what it starts inherits the token',
    turn: 10,
    wins: 'Beats everything since 2026.2.26; in 2026.1.29 the config beats it.',
    write: null,
    manualStep: 'Take --token out of the start command ({path}) and start the gateway again; a restart in place keeps it.',
    stale: 'Every change to the config is ignored, for ever.',
  },
  config: {
    title: 'config',
    read: 'gateway.auth.token in openclaw.json, parsed as JSON5; a reference is followed',
    turn: 20,
    wins: 'The gateway prefers it to environment variables, in every release. So does the command line (2026.1.29, and 2026.8.2 or later).',
    write: 'config-string',
    manualStep: 'Run `gatecrab rotate`; where it is a reference, change what it points to.',
    stale: 'It is what the gateway takes at its next start.',
  },
  include: {
    title: 'included config',
    read: 'the file that $include names',
    turn: 21,
    wins: 'As the config, unless a sibling key in the including file overrides it.',
    write: 'config-string',
    manualStep: 'Change {key} in {path}.',
    stale: 'It is what the gateway takes at its next start.',
  },
  'secret-file': {
    title: 'secret file',
    read: 'the file of a file SecretRef, read as its owner',
    turn: null,
    wins: 'Through the reference in the config, since 2026.3.13.',
    write: null,
    manualStep:
      'Run `gatecrab rotate`: it writes {path} and has the gateway reload it. What was written there by hand is read by `openclaw secrets reload --token OLD`, or at a start.',
    stale: 'Rewriting the file alone changes nothing: the gateway keeps the old value until it reloads its secrets.',
  },
  'secret-command': {
    title: 'secret command',
    read: 'not read: it would mean running the program of an exec SecretRef',
    turn: null,
    wins: 'Through the reference in the config.',
    write: null,
    manualStep: 'Change it where {path} gets it, then `openclaw secrets reload`.',
    stale: 'The gateway keeps the old value until it reloads its secrets.',
  },
  'secret-store': {
    title: 'secret store',
    read: "OpenClaw's own database (2026.8.2 and later), as its owner; no command shows it",
    turn: null,
    wins: 'Through the reference in the config.',
    write: null,
    manualStep: 'Run `gatecrab rotate`: it sets {key} there and has the gateway reload it.',
    stale: 'The gateway keeps the old value until it reloads its secrets.',
  },
  'process-env': {
    ...serverEnv,
    title: 'running gateway',
    read: '/proc/PID/environ on Linux, `ps eww` on macOS; only as its owner',
    turn: 30,
    write: null,
    manualStep: `Change what sets it (service, shell or container), ${restart}.`,
  },
  'container-env': {
    ...serverEnv,
    on: 'container',
    title: 'container',
    read: '`docker inspect`, where a container of the compose folder runs',
    turn: 31,
    write: null,
    manualStep: 'Run `docker compose up -d` in {path}; a plain restart keeps the old environment.',
  },
  'systemd-env-file': {
    ...serverEnv,
    on: 'systemd',
    title: 'systemd env file',
    read: 'EnvironmentFile= of the unit and its drop-ins; it overrides Environment=',
    turn: 32,
    write: 'env-line',
    manualStep: `Change {key} in {path}, ${restart}.`,
  },
  'systemd-unit': {
    ...serverEnv,
    on: 'systemd',
    title: 'systemd unit',
    read: '`systemctl --user cat`, or the files themselves; drop-ins included',
    turn: 33,
    write: null,
    manualStep: `Up to 2026.2.26 \`openclaw gateway install --force\`; later take {key} out of {path}, \`systemctl --user daemon-reload\`, ${restart}.`,
  },
  'service-env': {
    ...serverEnv,
    on: 'launchd',
    title: 'launchd env file',
    read: 'service-env/*.env in the state folder, which a wrapper script sources',
    turn: 34,
    write: 'env-line',
    manualStep: 'Run `openclaw gateway install --force`: it writes {path} again.',
  },
  'launchd-plist': {
    ...serverEnv,
    on: 'launchd',
    title: 'launchd plist',
    read: '`plutil -convert json`, or its XML',
    turn: 35,
    write: null,
    manualStep: `Up to 2026.2.26 \`openclaw gateway install --force\`; later take {key} out of {path}, ${restart}.`,
  },
  launchctl: {
    ...serverEnv,
    on: 'launchd',
    title: 'launchctl setenv',
    read: '`launchctl getenv`',
    turn: 36,
    write: null,
    manualStep: `Run \`launchctl unsetenv {key}\`, ${restart}.`,
  },
  'compose-file': {
    ...serverEnv,
    on: 'container',
    title: 'compose file',
    read: 'environment: of a docker compose file that names openclaw',
    turn: 37,
    write: 'compose-variable',
    manualStep: 'Put $OPENCLAW_GATEWAY_TOKEN there and the token into .env beside it, then `docker compose up -d`.',
  },
  compose: {
    ...serverEnv,
    on: 'container',
    title: 'compose .env',
    read: '.env beside the compose file, and what env_file: names',
    turn: 38,
    write: 'env-line',
    manualStep: 'Change {key} in {path}, then `docker compose up -d`.',
    stale: `${serverEnv.stale} Compose hands it to the gateway and to the command line's container.`,
  },
  dotenv: {
    ...serverEnv,
    title: '.env',
    read: '.env in the state folder; the last line for a key wins',
    turn: 50,
    wins: `Loses to the environment of the process. ${serverEnv.wins}`,
    write: 'env-line',
    manualStep: `Change {key} in {path}, ${restart}.`,
  },
  'dotenv-fallback': {
    ...serverEnv,
    title: '.env, fallback',
    read: '~/.config/openclaw/gateway.env, only with the default state folder',
    turn: 51,
    wins: `Loses to .env in the state folder. ${serverEnv.wins}`,
    write: 'env-line',
    manualStep: `Change {key} in {path}, ${restart}.`,
  },
  'config-env': {
    ...serverEnv,
    title: 'config env.vars',
    read: 'env.vars, or env, in openclaw.json',
    turn: 60,
    wins: `Only where nothing else sets the variable. ${serverEnv.wins}`,
    write: 'config-string',
    manualStep: `Change {key} in {path}, ${restart}.`,
  },
  'shell-env': {
    title: 'this shell',
    read: 'the environment gatecrab was started with',
    turn: null,
    wins: `The server never sees it. ${envFirst}`,
    write: null,
    manualStep: 'Run `unset {key}` here, and take it out of the shell profile that sets it.',
    stale: 'The command line of 2026.2.6-3 to 2026.7.35 is refused, though nothing is wrong with the gateway.',
  },
  'remote-config': {
    title: 'gateway.remote.token',
    read: 'gateway.remote.token in openclaw.json',
    turn: null,
    wins: 'What a client sends in remote mode. A gateway with a token of its own never takes it.',
    write: 'config-string',
    manualStep: 'Run `gatecrab propagate`.',
    stale: 'In remote mode this machine is refused.',
  },
  'remote-host': {
    ...clientOnly,
    title: 'another machine',
    read: "gateway.remote.token in that machine's config, over ssh",
    manualStep: 'Run `gatecrab propagate --remote {path}`.',
    stale: 'Its command line is refused.',
  },
  'profile-config': {
    title: 'another profile',
    read: 'the configs of named profiles, ~/.openclaw-*',
    turn: null,
    wins: 'Its gateway.auth.token belongs to a gateway of its own; its gateway.remote.token is sent to the gateway that it names.',
    write: 'config-string',
    manualStep: 'Change {key} in {path}, if that profile is a client of this gateway.',
    stale: 'A profile that is a client of this gateway is refused.',
  },
  backup: {
    ...clientOnly,
    title: 'backup',
    read: 'openclaw.json.bak*, .last-good and .clobbered.*',
    wins: 'Never, unless the gateway puts .bak back at a start (2026.6.11 and later), which it does when the config lost its `meta` block.',
    manualStep: 'Delete {path} once the token in it is refused, or keep it at mode 0600.',
    stale: 'Harmless once it is refused.',
  },
  'audit-log': {
    ...clientOnly,
    title: 'audit log',
    read: 'lines of config-audit.jsonl that hold the argv of `config set` (2026.2.26 to 2026.7.35)',
    wins: 'Never.',
    manualStep: 'Rotate if that token is still accepted; then take {key} out of {path}.',
    stale: 'Harmless once it is refused.',
  },
  browser: {
    ...clientOnly,
    title: 'browser tabs',
    read: 'not: it is in the storage of the browser',
    manualStep: 'Run `openclaw dashboard` on the gateway host: it opens a tab that is signed in.',
    stale: 'The tab is refused, and tries again for as long as it is open.',
  },
  'mac-app': {
    ...clientOnly,
    title: 'mac app, remote',
    read: 'not: it is in the Keychain; in local mode the app reads the config',
    manualStep: 'Paste the new token into the connection settings of the app.',
    stale: 'The app is refused.',
  },
  phone: {
    ...clientOnly,
    title: 'phones',
    read: 'not: a paired phone keeps a device token of its own, which a rotation leaves alone',
    manualStep: 'Nothing, if it is paired. Else pair it again: `openclaw devices list`, `openclaw devices approve`.',
    stale: 'A phone that was never paired is refused.',
  },
  'node-host': {
    ...clientOnly,
    title: 'node hosts',
    read: 'not: OPENCLAW_GATEWAY_TOKEN, then gateway.auth.token, of that machine',
    manualStep: 'Set OPENCLAW_GATEWAY_TOKEN for the node there and restart it; a paired node keeps its device token.',
    stale: 'The node is refused once its pairing no longer holds.',
  },
  'http-caller': {
    ...clientOnly,
    title: 'HTTP callers',
    read: 'not: webhooks, /v1 clients and scrapers that send it as Bearer',
    manualStep: 'Put the new token into the Authorization header of each.',
    stale: 'They get 401.',
  },
  script: {
    ...clientOnly,
    title: 'scripts of others',
    read: 'not: --token and OPENCLAW_GATEWAY_TOKEN in cron jobs, shell profiles, MCP adapters',
    manualStep: 'Look for OPENCLAW_GATEWAY_TOKEN and --token in them; read it from the config instead.',
    stale: 'They are refused, and their tries slow down every other wrong token.',
  },
} as const satisfies Record<string, PlaceRow>

export type PlaceId = keyof typeof places

/** The copies that no tool reaches: they are listed for the person who must. */
export const outOfReach: readonly PlaceId[] = ['browser', 'mac-app', 'phone', 'node-host', 'http-caller', 'script']

/** Places whose variable ends up in the environment of the gateway when it is started. */
export const suppliers: readonly PlaceId[] = [
  'container-env',
  'systemd-env-file',
  'systemd-unit',
  'service-env',
  'launchd-plist',
  'launchctl',
  'compose-file',
  'compose',
]

export const placeRow = (place: PlaceId): PlaceRow => places[place]

/** What no compose project made is recreated by whoever made it. */
const byHandOnly =
  'Recreate the container {path} with the other value, as it was made; a plain restart keeps the old environment.'

/** What OpenClaw installs is an agent of the account, which would be a second gateway. */
const ofMachine = 'Take {key} out of {path} as root, and have launchd load it again.'

const placeCardFor = (place: PlaceId, path: string): string => {
  if (place === 'container-env' && path !== '' && !path.startsWith('/')) return byHandOnly
  return place === 'launchd-plist' && path.startsWith('/Library/') ? ofMachine : places[place].manualStep
}

export const manualStepFor = ({place, path, key}: {place: PlaceId; path: string; key: string}): string =>
  filledText(placeCardFor(place, path), {path, key})
