import type {Failure} from '../../domain/failure.ts'
import {isHost} from '../../gateway/ssh-output.ts'
import type {Args, Flags} from '../options.ts'

export const hostFlags = {
  host: {value: 'HOST', many: true, about: 'the gateway of another machine, through ssh and the gatecrab there; repeatable'},
  gatecrab: {value: 'CMD', about: 'with --host: the command that is gatecrab there (default: gatecrab)'},
} satisfies Flags

export type FleetArgs = {hosts: string[]; gatecrab: string}

const flagsOfThisHost = ['state-dir', 'config', 'profile', 'url', 'openclaw', 'now'] as const

const ofThisHost = (args: Args): string | undefined =>
  args.options.logs.length > 0 ? 'log' : flagsOfThisHost.find(flag => args.typed.value(flag) !== null)

/** The machines that were named; null where none was. */
export const fleetIn = (args: Args): FleetArgs | Failure | null => {
  const hosts = [...new Set(args.values('host'))]
  if (hosts.length === 0) return null
  const wrong = hosts.find(host => !isHost(host))
  if (wrong !== undefined)
    return {
      title: 'Unknown --host',
      because: `${JSON.stringify(wrong)} is no name that ssh would be given`,
      tryThis: '--host user@mini, a name of ~/.ssh/config, or ssh://user@mini:2222',
      from: 'you',
      kind: 'usage',
    }
  const local = ofThisHost(args)
  if (local !== undefined)
    return {
      title: `Unknown together with --host: --${local}`,
      because: 'it says where to look on this host',
      tryThis: `say it to the gatecrab there: --gatecrab "gatecrab --${local} …"`,
      from: 'you',
      kind: 'usage',
    }
  return {hosts, gatecrab: args.value('gatecrab') ?? 'gatecrab'}
}
