import type {Client} from '../../domain/attempts/client.ts'
import {everyClient} from '../../domain/attempts/clients.ts'
import {countDroppedFor} from '../../domain/attempts/eviction.ts'
import {areCopiesBroken} from '../../domain/diagnosis/diagnosis-beside.ts'
import {dayMs} from '../../domain/durations.ts'
import type {Secret} from '../../domain/secret.ts'
import {type Enforced, gatewayVariable, keyOf, type TokenCopy, type TokenSetup} from '../../domain/token/token-copy.ts'
import {type PlaceId, placeRow} from '../../domain/token/token-copy-places.ts'
import {type Reverted, whyReverted, worthTelling} from '../../domain/token/token-copy-reverted.ts'
import {type TokenTrouble, troublesOf} from '../../domain/token/token-copy-troubles.ts'
import {assumed, judged} from '../../domain/token/token-copy-verdict.ts'
import {cliSends, type Winner, winner} from '../../domain/token/token-copy-winner.ts'
import {consoleFiles} from '../../gateway/paths.ts'
import {type GatewayAddress, isHere} from '../../sources/live/gateway-proof.ts'
import {filesOf} from '../../sources/log/log-files.ts'
import {composeFolders} from '../../sources/token/compose-folders.ts'
import {isEnforced, whichIsEnforced} from '../../sources/token/oracle.ts'
import {type CopiesRead, readCopies} from '../../sources/token/token-places.ts'
import {readSigns} from '../../sources/token/token-signs.ts'
import type {Given} from '../flags.ts'
import {remotesOf} from '../plans/plan-ground.ts'
import {gatewayAddress} from './address.ts'
import {askedAddress} from './asked-address.ts'
import {meantForRemote} from './gateway-token.ts'
import {type Looked, lookOnce} from './known.ts'

/** All that `copies` has to say. */
export type CopiesLook = {
  gateway: {host: string; port: number; pid: number | null; release: string | null}
  enforced: Enforced
  copies: readonly TokenCopy[]
  cli: Winner
  troubles: readonly TokenTrouble[]
  reverted: readonly Reverted[]
  clients: readonly Client[]
  /** More that were refused for the token, and of which no row is kept. */
  noLongerKept: number
  looked: Looked
}

const cannotAsk = ({authMode, gatewayMode}: TokenSetup, hasUrl: boolean): string | null => {
  if (authMode !== null && authMode !== 'token') return `gateway.auth.mode is "${authMode}": it asks for no token`
  const isClient = gatewayMode === 'remote' && !hasUrl
  return isClient ? 'this machine is a client of a gateway elsewhere; name that one with --url' : null
}

/** The one that should be right first, then the others as the server would ask them, backups last. */
const candidatesOf = ({copies, secrets}: CopiesRead, likely: TokenCopy | null): Secret[] => {
  const turn = ({place}: TokenCopy): number => placeRow(place).turn ?? (place === 'backup' ? 90 : 80)
  const others = copies.filter(({mark, kind}) => mark !== null && kind === 'literal').toSorted((a, b) => turn(a) - turn(b))
  return [likely, ...others].flatMap(copy => (copy && secrets.get(keyOf(copy))) ?? [])
}

/** Another machine is sent the token that is kept for it here, and none of this machine's own. */
const askFar = async (gate: GatewayAddress, {copies, secrets}: CopiesRead, {where}: Looked, won: Winner): Promise<Enforced> => {
  const copy = meantForRemote(copies, where.release, where.around.env)
  const secret = copy && secrets.get(keyOf(copy))
  if (secret) return asked(await isEnforced(secret, {...gate, isMeant: true}), won)
  const because = `no token on this machine is meant for ${gate.host}: gateway.remote.token or ${gatewayVariable} would be`
  return {...assumed(won), because}
}

const enforcedBy = async (given: Given, looked: Looked, read: CopiesRead): Promise<Enforced> => {
  const {release, around} = looked.where
  const won = winner(read.copies, release, read.setup.authMode)
  const hasUrl = given.text('url') !== null
  const because = cannotAsk(read.setup, hasUrl)
  if (because !== null) return {...assumed(won), because}
  // Whoever does not answer whether it is there does not answer this either.
  if (looked.reach.state === 'silent') return {...assumed(won), because: looked.reach.because}
  const gate = askedAddress(given, looked.where, read.setup)
  if (!isHere(gate.host)) return askFar(gate, read, looked, won)
  const likely = read.setup.gatewayMode === 'remote' ? cliSends(read.copies, release, around.env, 'remote').copy : won.copy
  const candidates = candidatesOf(read, likely)
  if (given.has('ask')) return asked(await whichIsEnforced({...gate, candidates}), won)
  const secret = likely && read.secrets.get(keyOf(likely))
  return secret ? asked(await isEnforced(secret, gate), won) : assumed(won)
}

/** Without an answer, what it should take is still worth comparing with. */
const asked = (said: Enforced, won: Winner): Enforced => (said.by === 'unknown' ? {...assumed(won), because: said.because} : said)

const isRefusedByToken = ({tallies}: Client): boolean =>
  Array.from(tallies.values()).some(({reason, detail}) => /^token-/.test(detail ?? reason) || /^token-/.test(reason))

/** Where such a client keeps its copy, as far as what it says of itself tells. */
export const holderOfCopy = ({identity, origin}: Client): PlaceId => {
  const {id, mode, platform} = identity
  const said = `${id ?? ''} ${mode ?? ''} ${platform ?? ''}`.toLowerCase()
  if (/ios|ipad|android/.test(said)) return 'phone'
  if (/openclaw-mac|macos-app/.test(said)) return 'mac-app'
  if (mode === 'node') return 'node-host'
  return mode === 'webchat' || mode === 'ui' || origin !== null || said.includes('control-ui') ? 'browser' : 'script'
}

const signFiles = ({where, files}: Looked): string[] => {
  const own = where.places.flatMap(place => filesOf(place).slice(-2))
  return [...new Set([...own, ...files.slice(-2), ...consoleFiles(where.wanted, where.around)])]
}

const spanMs = dayMs

const pathsOf = ({where}: Looked) => {
  const {wanted, around, release, stateDir, configFile} = where
  return {wanted, around, release, stateDir, configFile}
}

export const lookAtCopies = async (given: Given): Promise<CopiesLook> => {
  const looked = await lookOnce(given, spanMs)
  const {release, around} = looked.where
  const gate = gatewayAddress(given, looked.where)
  const {remote} = looked.where
  const elsewhere = remote && {host: remote.host, port: remote.port}
  const compose = composeFolders(given.text('compose'), given.container ?? null)
  const read = await readCopies({
    ...pathsOf(looked),
    port: gate.port,
    compose,
    host: gate.host,
    remotes: remotesOf(given, around),
  })
  const enforced = await enforcedBy(given, looked, read)
  const circumstances = {release, enforced, setup: read.setup, shellEnv: around.env}
  const copies = judged(read.copies, circumstances)
  const signs = await readSigns(signFiles(looked))
  const troubles = troublesOf({...circumstances, copies})
  const reverted = whyReverted({copies, enforced, release, shellEnv: around.env, signs})
  return {
    gateway: {...gate, ...elsewhere, pid: read.holder?.pid ?? null, release: remote ? null : release},
    enforced,
    copies,
    cli: cliSends(copies, release, around.env, read.setup.gatewayMode),
    troubles,
    reverted: worthTelling(reverted, areCopiesBroken({troubles, copies}), looked.now),
    clients: everyClient(looked.world.clients).filter(isRefusedByToken),
    noLongerKept: countDroppedFor(looked.world.clients.dropped, reason => reason.startsWith('token-')),
    looked,
  }
}
