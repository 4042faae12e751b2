import {type Failure, usageFailure} from '../../domain/failure.ts'
import type {FleetMember} from '../../domain/fleet.ts'
import {type FleetCommands, fleetCommands, hostMember, isProfileName, profileMember} from '../../gateway/fleet.ts'
import {isHost} from '../../gateway/ssh-output.ts'
import type {Args, Flags} from '../options.ts'

export const hostFlags = {
  host: {value: 'HOST', many: true, about: 'the gateway of another machine, through ssh and the gatecrab there; repeatable'},
  gatecrab: {value: 'CMD', about: 'with --host: the command that is gatecrab there (default: gatecrab)'},
  fleet: {about: 'all at once: the hosts of the config file, the profiles of this account, and what `openclaw fleet` lists'},
} satisfies Flags

export type FleetArgs = {gateways: readonly FleetCommands[]}

const flagsOfOne = ['state-dir', 'config', 'url', 'now'] as const

const ofOne = (args: Args): string | undefined =>
  args.options.logs.length > 0 ? 'log' : flagsOfOne.find(flag => args.typed.value(flag) !== null)

const wrongName = (hosts: readonly string[], profiles: readonly string[]): Failure | null => {
  const host = hosts.find(one => !isHost(one))
  if (host !== undefined)
    return usageFailure('Unknown --host', {
      because: `${JSON.stringify(host)} is no name that ssh would be given`,
      tryThis: '--host user@mini, a name of ~/.ssh/config, or ssh://user@mini:2222',
    })
  const profile = profiles.find(one => !isProfileName(one))
  return profile === undefined
    ? null
    : usageFailure('Unknown --profile', {
        because: `${JSON.stringify(profile)} is no name of a profile`,
        tryThis: 'letters, digits, - and _',
      })
}

/** What the gatecrab of a gateway of this machine is told, too. */
const passedOn = ({typed}: Args, words: readonly string[], switches: readonly string[]): string[] => [
  ...words.flatMap(flag => {
    const value = typed.value(flag)
    return value === null ? [] : [`--${flag}=${value}`]
  }),
  ...switches.filter(flag => typed.flag(flag)).map(flag => `--${flag}`),
]

const ways = (args: Args) => ({
  gatecrab: args.value('gatecrab') ?? 'gatecrab',
  self: [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
  checkFlags: passedOn(args, ['openclaw', 'release', 'warn-after'], ['no-config']),
  screenFlags: passedOn(
    args,
    ['openclaw', 'release', 'warn-after', 'theme', 'alert'],
    ['no-config', 'readonly', 'no-color', 'utc', 'ascii', 'mouse'],
  ),
})

/** The gateways that were named, or all that are known here; null where one is meant: that of this host. */
export const fleetIn = async (args: Args): Promise<FleetArgs | Failure | null> => {
  const isAll = args.flag('fleet')
  const hosts = [...new Set([...args.values('host'), ...(isAll ? [args.settings.values.hosts ?? []].flat().map(String) : [])])]
  const profiles = [...new Set(args.values('profile'))]
  if (!isAll && hosts.length === 0 && profiles.length < 2) return null
  const wrong = wrongName(hosts, profiles)
  if (wrong) return wrong
  const one = ofOne(args)
  if (one !== undefined)
    return usageFailure(
      `Unknown together with ${isAll ? '--fleet' : hosts.length > 0 ? '--host' : 'several --profile'}: --${one}`,
      {
        because: 'it says where to look for one gateway of this host',
        tryThis: hosts.length > 0 ? `say it to the gatecrab there: --gatecrab "gatecrab --${one} …"` : 'leave it out',
      },
    )
  const local = isAll ? await (await import('../../sources/fleet-members.ts')).localMembers(args.options.openclaw) : []
  const members: FleetMember[] = [...hosts.map(hostMember), ...profiles.map(profileMember), ...local]
  const gateways = members.filter(({name}, i) => members.findIndex(other => other.name === name) === i)
  if (gateways.length === 0)
    return {
      title: 'No gateway is known here',
      because: 'the config file names no hosts, this account has no OpenClaw profile, and `openclaw fleet` lists no cell',
      tryThis: 'name them with --host or --profile',
      from: 'you',
    }
  const how = ways(args)
  return {gateways: gateways.map(member => fleetCommands(member, how))}
}
