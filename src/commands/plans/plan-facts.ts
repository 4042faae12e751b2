import type {GatewayContainer} from '../../domain/container.ts'
import {addressPatterns, type KnownAs} from '../../domain/live/gateway-names.ts'
import type {GatewayFix, Target} from '../../domain/plans/plan.ts'
import type {Cli, Facts} from '../../domain/plans/plan-facts.ts'
import {type TokenCopy, tokenKey} from '../../domain/token/token-copy.ts'
import {isSince} from '../../domain/token/token-copy-release.ts'
import {winner} from '../../domain/token/token-copy-winner.ts'
import {boundEnv} from '../../gateway/bound-command.ts'
import {cliOf, commandOf, remoteArgv} from '../../gateway/cli.ts'
import {composeUp, openclawInside} from '../../gateway/container/engine-command.ts'
import type {Surroundings} from '../../gateway/paths.ts'
import {rulesOf} from '../../gateway/versions.ts'
import {composeCommand} from '../../sources/container/engine.ts'
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
  'id' | 'config' | 'winner' | 'accepted' | 'listener' | 'copies' | 'rules' | 'cli' | 'restart' | 'recreate' | 'backups'
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
    ...(ground.given.container ? {container: ground.given.container} : {}),
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

/** The command that was found in the container, and none that the operator names for elsewhere. */
const isInside = ({given, openclaw}: Ground): boolean => {
  if (!given.container || openclaw === null) return false
  const own = openclawInside(given.container)
  return own.every((word, i) => openclaw[i] === word)
}

/** Null where compose did not make the container, or its command is not here. */
const recreateForm = async (
  container: GatewayContainer | null,
  around: Surroundings,
): Promise<NonNullable<Facts['recreate']> | null> => {
  const command = container?.compose ? await composeCommand(container.engine, around) : null
  if (!container?.compose || command === null) return null
  const {folder, service} = container.compose
  return {argv: composeUp(command, container.compose, [service]), folder, name: container.name}
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
    supervisorOf({
      wanted: where.wanted,
      around: where.around,
      port,
      openclaw: openclaw ?? [],
      address,
      container: given.container ?? null,
    }),
    askGateway(fix, ground, read, {won: winner(read.copies, release, read.setup.authMode), listener}),
  ])
  const names = await namesOf(fix, ground)
  const copies = fix === 'propagate' ? await whereTheyLead(judged, names) : judged
  const id = planId(fix, now)
  const spot = spotOf(ground, configCopyOf(read.copies))
  const known: Known = {
    id,
    config: configFacts(ground, read.setup, spot.file),
    winner: winner(copies, release, read.setup.authMode),
    accepted,
    listener,
    copies,
    rules: rulesOf(release),
    cli:
      openclaw === null
        ? null
        : withoutPairing({...cliOf(openclaw), ...commandOf(openclaw, release), isInContainer: isInside(ground)}, ground),
    restart: restartForm(ground, supervisor),
    recreate: await recreateForm(given.container ?? null, where.around),
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
