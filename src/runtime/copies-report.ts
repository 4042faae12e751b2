import type {Client} from '../domain/attempts/client.ts'
import {everyClient} from '../domain/attempts/clients.ts'
import {countDroppedFor} from '../domain/attempts/eviction-policy.ts'
import {areCopiesBroken} from '../domain/diagnosis/token-and-login-problems.ts'
import {dayMs} from '../domain/durations.ts'
import {aboutOf} from '../domain/reasons/reason.ts'
import type {PlaceId} from '../domain/token/places.ts'
import {findRevertCauses, type Reverted, worthReporting} from '../domain/token/reverted.ts'
import {cliSends, type Winner} from '../domain/token/winner.ts'
import {consoleFiles} from '../gateway/paths.ts'
import {filesOf} from '../sources/log/files.ts'
import {readSigns} from '../sources/token/signs.ts'
import {gatewayAddress} from './address.ts'
import type {GatewayContext} from './context.ts'
import {type Snapshot, takeSnapshot} from './snapshot.ts'
import {gatherCopies, readTokenStatus, type TokenStatus} from './token-status.ts'

/** The whole report of `copies`. */
export type CopiesReport = TokenStatus & {
  gateway: {host: string; port: number; pid: number | null; release: string | null}
  cli: Winner
  reverted: readonly Reverted[]
  clients: readonly Client[]
  /** Number of further clients refused for their token that have no row any more. */
  droppedRecords: number
  snapshot: Snapshot
}

const isAboutToken = (reason: string): boolean => aboutOf(reason) === 'token'

const isRefusedByToken = ({tallies}: Client): boolean =>
  Array.from(tallies.values()).some(({reason, detail}) => [detail ?? reason, reason].some(isAboutToken))

/** Where a client of this kind stores its token, guessed from its name. */
export const holderOfCopy = ({identity, origin}: Client): PlaceId => {
  const {id, mode, platform} = identity
  const description = `${id ?? ''} ${mode ?? ''} ${platform ?? ''}`.toLowerCase()
  if (/ios|ipad|android/.test(description)) return 'phone'
  if (/openclaw-mac|macos-app/.test(description)) return 'mac-app'
  if (mode === 'node') return 'node-host'
  return mode === 'webchat' || mode === 'ui' || origin !== null || description.includes('control-ui') ? 'browser' : 'script'
}

const signFiles = ({context, files}: Snapshot): string[] => {
  const own = context.places.flatMap(place => filesOf(place).slice(-2))
  return [...new Set([...own, ...files.slice(-2), ...consoleFiles(context.overrides, context.hostEnv)])]
}

export const readCopiesReport = async (context: GatewayContext): Promise<CopiesReport> => {
  const [snapshot, read] = await Promise.all([takeSnapshot(context, dayMs), gatherCopies(context)])
  const {release, hostEnv, remote} = context
  const status = await readTokenStatus(context, {read, reach: snapshot.reach})
  const {copies, enforced} = status
  const signs = await readSigns(signFiles(snapshot))
  const reverted = findRevertCauses({copies, enforced, release, shellEnv: hostEnv.env, signs})
  const elsewhere = remote && {host: remote.host, port: remote.port}
  return {
    ...status,
    gateway: {...gatewayAddress(context), ...elsewhere, pid: read.holder?.pid ?? null, release: remote ? null : release},
    cli: cliSends(copies, release, hostEnv.env, read.setup.gatewayMode),
    reverted: worthReporting(reverted, areCopiesBroken(status), snapshot.now),
    clients: everyClient(snapshot.world.clients).filter(isRefusedByToken),
    droppedRecords: countDroppedFor(snapshot.world.clients.dropped, isAboutToken),
    snapshot,
  }
}
