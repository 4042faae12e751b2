import path from 'node:path'
import {clean} from '../domain/clean.ts'
import type {FleetMember} from '../domain/fleet.ts'
import {isFields, jsonIn} from './json.ts'
import {screenArguments, sshArguments} from './ssh-output.ts'

/** How a gateway of the fleet is asked, watched and visited: argument lists, run without a shell. */
export type FleetCommands = FleetMember & {
  check: readonly string[]
  watch: readonly string[]
  screen: readonly string[]
}

type Ways = {
  /** The command that is gatecrab on other machines. */
  gatecrab: string
  /** This program, to be run once more, and what it is told besides. */
  self: readonly string[]
  checkFlags: readonly string[]
  screenFlags: readonly string[]
}

/** Changes of this gateway are told by whoever keeps watch there, not by everybody who looks. */
const watchWords = ['check', '--watch', '--every', '15s', '--no-on-change'] as const
const checkWords = ['check', '--json'] as const

export const fleetCommands = (member: FleetMember, {gatecrab, self, checkFlags, screenFlags}: Ways): FleetCommands => {
  const {kind, place} = member
  if (kind === 'host')
    return {
      ...member,
      check: ['ssh', ...sshArguments(place, gatecrab, checkWords)],
      watch: ['ssh', ...sshArguments(place, gatecrab, watchWords)],
      screen: ['ssh', ...screenArguments(place, gatecrab)],
    }
  const which = kind === 'profile' ? `--profile=${place}` : `--state-dir=${place}`
  return {
    ...member,
    check: [...self, ...checkWords, which, ...checkFlags],
    watch: [...self, ...watchWords, which, ...checkFlags],
    screen: [...self, 'watch', which, ...screenFlags],
  }
}

export const hostMember = (host: string): FleetMember => ({name: host, kind: 'host', place: host})

export const profileMember = (profile: string): FleetMember => ({name: `profile ${profile}`, kind: 'profile', place: profile})

/** As OpenClaw takes them; nothing that could be a flag or a folder. */
export const isProfileName = (text: string): boolean => /^\w[\w-]{0,63}$/.test(text)

const tenant = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/
const maxCells = 100

/** What `openclaw fleet list --json` prints; null where it is no such list. Each cell has its state folder below that of its host. */
export const readCells = (printed: string, stateDir: string): FleetMember[] | null => {
  const listed = jsonIn(printed)
  if (!isFields(listed) || !Array.isArray(listed['cells'])) return null
  const names = listed['cells'].slice(0, maxCells).flatMap((cell: unknown) => {
    const name = isFields(cell) ? cell['tenant'] : null
    return typeof name === 'string' && tenant.test(name) ? [name] : []
  })
  return [...new Set(names)].map(name => ({
    name: `cell ${clean(name)}`,
    kind: 'cell',
    place: path.join(stateDir, 'fleet', 'cells', name),
  }))
}
