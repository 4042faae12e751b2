import {shellWord} from '../shell.ts'
import type {PortHolder, ServiceFacts, Supervisor} from './service.ts'

/** Something about the service that explains trouble, or will make some. */
export type ServiceFinding = {
  id: string
  harm: 'broken' | 'soon' | 'note'
  title: string
  because: string
  tryThis: string
  sure: 'certain' | 'likely'
  /** Files and commands where one can see for oneself. */
  see: readonly string[]
  /** The file that it is about. */
  about?: string
}

export type ServiceInputs = {
  facts: ServiceFacts
  /** An earlier look: a loop is seen between two. */
  before: ServiceFacts | null
  /** What the gateway that answers calls itself. */
  runningVersion: string | null
  /** It answers. */
  isUp: boolean
  /** Where it does not: since when, by what is known. */
  goneSince?: number | null
}

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

/** Others may not read it. */
export const isPrivate = (mode: number): boolean => (mode & 0o044) !== 0o044

/**
 * launchd of macOS 26 (Darwin 25) ends a bootstrap of a private plist with "5: Input/output error", so no plist is ever advised to be
 * made private; up to macOS 15 it takes one. A kernel that is not known may be either.
 */
export const mayRefusePrivate = (kernel: string | null): boolean => !/^(?:1\d|2[0-4])\./.test(kernel ?? '')
