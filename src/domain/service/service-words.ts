import {shellWord} from '../shell.ts'
import type {PortHolder, Supervisor} from './service.ts'

export const look = ({kind, domain, name}: Supervisor): string =>
  kind === 'launchd'
    ? `launchctl print ${shellWord(`${domain}/${name}`)}`
    : `systemctl${domain === 'user' ? ' --user' : ''} status ${shellWord(name)}`

export const called = ({kind, domain, name}: Supervisor): string => `${name} (${kind}, ${domain})`

export const isIts = ({pid}: Supervisor, {pid: parts, parents}: PortHolder): boolean =>
  pid !== null && (pid === parts || parents.includes(pid))

/** Root's own service: OpenClaw's command knows those of the account alone, and would make a second gateway beside it. */
const isOfMachine = (one: Supervisor | null): one is Supervisor => one?.domain === 'system'

export const restartWith = (main: Supervisor | null): string => {
  if (!isOfMachine(main)) return 'openclaw gateway restart'
  return main.kind === 'launchd'
    ? `sudo launchctl kickstart -k ${shellWord(`system/${main.name}`)}`
    : `sudo systemctl restart ${shellWord(main.name)}`
}

export const reinstallWith = (main: Supervisor | null): string => {
  if (!isOfMachine(main)) return 'openclaw gateway install --force'
  const file = main.file ?? main.name
  return main.kind === 'launchd'
    ? `Change ${file} as root, and have launchd load it again.`
    : `Change ${file} as root, then sudo systemctl daemon-reload and ${restartWith(main)}.`
}
