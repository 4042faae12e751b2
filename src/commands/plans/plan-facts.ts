import {addressPatterns, type KnownAs} from '../../domain/live/gateway-names.ts'
import type {GatewayFix, Target} from '../../domain/plans/plan.ts'
import type {Cli, Facts} from '../../domain/plans/plan-facts.ts'
import {type TokenCopy, tokenKey} from '../../domain/token/token-copy.ts'
import {isSince} from '../../domain/token/token-copy-release.ts'
import {winner} from '../../domain/token/token-copy-winner.ts'
import {boundEnv} from '../../gateway/bound-command.ts'
import {cliOf, commandOf, remoteArgv} from '../../gateway/cli.ts'
import {rulesOf} from '../../gateway/versions.ts'
import {proveGateway} from '../../sources/live/gateway-proof.ts'
import {knownAs, knownInNetwork, whereTheyLead} from '../../sources/own-names.ts'
import {backupFolder, planId} from '../../sources/plans/journals-place.ts'
import {configOfProcess} from '../../sources/service/process-config.ts'
import {supervisorOf} from '../../sources/service/supervisor.ts'
import {isCommandPaired} from '../../sources/token/device-store.ts'
import {configCopyOf} from '../../sources/token/token-places.ts'
import {tlsOf} from '../known/gateway-tls.ts'
import {askGateway, groundAddress} from './plan-accepted.ts'
import {configFacts, type Spot, spotOf} from './plan-config.ts'
import {type Ground, readGround, remotesOf} from './plan-ground.ts'
import {busyWith, cutOffPlan, leftoversOf, restorableFile} from './plan-past.ts'
import {gatewayKey, realFile, restartForm, wayOf} from './plan-target.ts'

const refOf = ({place, path: file, key}: TokenCopy) => ({place, path: file, key})

type Known = Pick<
  Facts,
  'id' | 'config' | 'winner' | 'accepted' | 'listener' | 'copies' | 'rules' | 'cli' | 'restart' | 'backups'
>

const targetOf = (ground: Ground, known: Known, spot: Spot): Target => {
  const {where, release, host, port} = ground
  const {config, winner: won, accepted, copies, rules, cli, restart, backups} = known
  const source = accepted.copy ?? won.copy ?? configCopyOf(copies)
  return {
    key: gatewayKey(where.configFile),
    configFile: where.configFile,
    tokenFile: spot.file,
    tokenAt: spot.at,
    stateDir: where.stateDir,
    profile: where.wanted.profile,
    host,
    port,
    tls: tlsOf(ground.given, where, config),
    unproven: known.listener?.is === 'unproven' ? known.listener.because : null,
    compose: ground.compose,
    release,
    env: boundEnv(where.wanted, where.around, port),
    source: source ? refOf(source) : {place: 'config', path: where.configFile, key: tokenKey},
    way: wayOf(rules, cli, config, backups),
    restart,
    needsRestart: config.reloadMode === 'off',
  }
}

/** By what clients may call this gateway; the network is asked only where a token is to be given to them. */
const namesOf = async (fix: GatewayFix, {given, host, port, where}: Ground): Promise<KnownAs> => {
  const names = knownAs(host, port, given.list('known-as'))
  return fix === 'propagate' ? knownInNetwork(names, where.around) : names
}

/** A command that would pair itself is not run; devices are listed by it only where that was seen to change nothing. */
const withoutPairing = (cli: Cli, {release, where}: Ground): Cli => {
  const {pairsItself} = rulesOf(release)
  return {
    ...cli,
    health: !pairsItself || isCommandPaired(where.stateDir, release) ? cli.health : null,
    devices: release !== null && isSince(release, '2026.7.35') ? cli.devices : null,
  }
}

/** A name that leads to the same file is this one. */
const realName = (file: string | null, configFile: string): string | null =>
  file !== null && realFile(file) === realFile(configFile) ? configFile : file

/** All that plans are made from. Reads files, asks the gateway at most once with a made-up token, changes nothing. */
export const factsOf = async (fix: GatewayFix, ground: Ground, now: number): Promise<Facts> => {
  const {where, places, openclaw, release, port, given} = ground
  const read = await readGround(ground)
  const address = groundAddress(ground, read)
  const {verdict: listener} = await proveGateway(address)
  const [supervisor, {accepted, copies: judged}] = await Promise.all([
    supervisorOf({wanted: where.wanted, around: where.around, port, openclaw: openclaw ?? [], address}),
    askGateway(fix, ground, read, {won: winner(read.copies, release), listener}),
  ])
  const names = await namesOf(fix, ground)
  const copies = fix === 'propagate' ? await whereTheyLead(judged, names) : judged
  const id = planId(fix, now)
  const spot = spotOf(ground, configCopyOf(read.copies))
  const known: Known = {
    id,
    config: configFacts(ground, read.setup, spot.file),
    winner: winner(copies, release),
    accepted,
    listener,
    copies,
    rules: rulesOf(release),
    cli: openclaw === null ? null : withoutPairing({...cliOf(openclaw), ...commandOf(openclaw, release)}, ground),
    restart: restartForm(ground, supervisor),
    backups: backupFolder(places, id),
  }
  const target = targetOf(ground, known, spot)
  const {holder} = supervisor
  return {
    ...known,
    target,
    supervisor,
    processConfig: holder && realName(await configOfProcess(holder.pid, where.around), where.configFile),
    clients: [],
    busy: busyWith(places, target.key),
    cutOff: cutOffPlan(places, target.key)?.id ?? null,
    restorable: known.config.problem === null && known.config.exists ? null : restorableFile(places, target.key),
    remotes: remotesOf(given, where.around).map(machine => ({host: machine, argv: remoteArgv(machine, addressPatterns(names))})),
    past: null,
    leftovers: leftoversOf(places, copies),
  }
}
