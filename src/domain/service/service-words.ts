import {shellWord} from '../shell.ts'
import type {PortHolder, Supervisor} from './service.ts'

export const look = ({kind, domain, name}: Supervisor): string =>
  kind === 'launchd'
    ? `launchctl print ${shellWord(`${domain}/${name}`)}`
    : `systemctl${domain === 'user' ? ' --user' : ''} status ${shellWord(name)}`

export const called = ({kind, domain, name}: Supervisor): string => `${name} (${kind}, ${domain})`

export const isIts = ({pid}: Supervisor, {pid: held, parents}: PortHolder): boolean =>
  pid !== null && (pid === held || parents.includes(pid))

const isDaemon = (one: Supervisor | null): one is Supervisor => one?.kind === 'launchd' && one.domain === 'system'

/** OpenClaw's own command restarts and installs agents of the account: beside a daemon that is a second gateway. */
export const restartWith = (main: Supervisor | null): string =>
  isDaemon(main) ? `sudo launchctl kickstart -k ${shellWord(`system/${main.name}`)}` : 'openclaw gateway restart'

export const reinstallWith = (main: Supervisor | null): string =>
  isDaemon(main) ? `Change ${main.file ?? main.name} as root, and have launchd load it anew.` : 'openclaw gateway install --force'
