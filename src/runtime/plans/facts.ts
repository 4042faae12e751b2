import type {GatewayContainer} from '../../domain/container.ts'
import {addressPatterns, type GatewayNames} from '../../domain/live/gateway-names.ts'
import type {BackedUpToken, Cli, Facts} from '../../domain/plans/facts.ts'
import type {GatewayFix, Target} from '../../domain/plans/plan.ts'
import {isSince} from '../../domain/release.ts'
import {secretKeys, type TokenCopy} from '../../domain/token/copy.ts'
import {winner} from '../../domain/token/winner.ts'
import {boundEnv, cliOf, commandOf, remoteArgv} from '../../gateway/cli.ts'
import {composeUp, openclawInside} from '../../gateway/container/engine-command.ts'
import type {HostEnv} from '../../gateway/paths.ts'
import {releaseRulesOf} from '../../gateway/versions.ts'
import {composeCommand} from '../../sources/container/engine.ts'
import {isCommandPaired} from '../../sources/devices/own-device.ts'
import {gatewayNames, resolveDestinations, withNetworkNames} from '../../sources/gateway-names.ts'
import {proveGateway} from '../../sources/live/gateway-proof.ts'
import {backupFolder, planId} from '../../sources/plans/journals-folder.ts'
import {configOfProcess} from '../../sources/service/process-config.ts'
import {supervisorOf} from '../../sources/service/supervisor.ts'
import {tokenDigest} from '../../sources/token/file.ts'
import {configCopyOf} from '../../sources/token/places.ts'
import {tlsOf} from '../asked-address.ts'
import {remotesOf} from '../token-status.ts'
import {contextAddress, findAccepted} from './accepted-token.ts'
import {backedUpTokens} from './backed-up.ts'
import {configFacts, type Spot, spotOf} from './config.ts'
import {type PlanContext, readContextCopies} from './context.ts'
import {busyWith, cutOffPlan, leftoversOf, restorableFile} from './previous.ts'
import {type SecretSource, secretSourceOf} from './reference.ts'
import {gatewayKey, realFile, restartForm, wayOf} from './target.ts'

const refOf = ({place, path: file, key}: TokenCopy) => ({place, path: file, key})

type PartialFacts = Pick<
  Facts,
  | 'reference'
  | 'id'
  | 'config'
  | 'winner'
  | 'accepted'
  | 'listener'
  | 'copies'
  | 'rules'
  | 'cli'
  | 'restart'
  | 'recreate'
  | 'backups'
>

const targetOf = (planContext: PlanContext, facts: PartialFacts, spot: Spot, secret: SecretSource | null): Target => {
  const {context, release, host, port} = planContext
  const {config, winner: won, accepted, copies, rules, cli, restart, backups} = facts
  const source = accepted.copy ?? won.copy ?? configCopyOf(copies)
  return {
    key: gatewayKey(context.configFile),
    configFile: context.configFile,
    tokenFile: spot.file,
    tokenAt: spot.at,
    secret: secretKeys(config.authMode).is,
    form: secret?.form ?? null,
    trusted: secret?.trusted ?? null,
    reloadsSecrets: secret?.reference.takesOver === 'reload',
    stateDir: context.stateDir,
    profile: context.overrides.profile,
    host,
    port,
    tls: tlsOf(context, config),
    unproven: facts.listener?.is === 'unproven' ? facts.listener.because : null,
    compose: planContext.compose,
    ...(context.options.container ? {container: context.options.container} : {}),
    release,
    env: boundEnv(context.overrides, context.hostEnv, port),
    source: source ? refOf(source) : {place: 'config', path: context.configFile, key: secretKeys(config.authMode).auth},
    way: secret === null ? wayOf(rules, cli, config, backups) : (secret.way ?? {by: 'edit'}),
    restart: secret === null ? restart : secret.reference.restart,
    needsRestart: secret === null ? config.reloadMode === 'off' : secret.reference.takesOver === 'restart',
  }
}

/** The names under which clients reach this gateway; resolved over the network only where a client is to be given the token. */
const namesOf = async (fix: GatewayFix, {host, port, context}: PlanContext): Promise<GatewayNames> => {
  const names = gatewayNames(host, port, context.options.knownAs)
  return fix === 'propagate' ? withNetworkNames(names, context.hostEnv) : names
}

/** Commands that would pair themselves are not run; devices are listed only with releases where that changes nothing. */
const withoutPairing = async (cli: Cli, {release, context}: PlanContext): Promise<Cli> => {
  const {pairsItself} = releaseRulesOf(release)
  return {
    ...cli,
    health: !pairsItself || (await isCommandPaired(context.stateDir, release)) ? cli.health : null,
    devices: release !== null && isSince(release, '2026.7.35') ? cli.devices : null,
  }
}

/** The command that was found in the container, and none that the operator names for elsewhere. */
const isInside = ({context, openclaw}: PlanContext): boolean => {
  const {container} = context.options
  if (container === null || openclaw === null) return false
  const own = openclawInside(container)
  return own.every((word, i) => openclaw[i] === word)
}

/** Null where compose did not make the container, or its command is not here. */
const recreateForm = async (
  container: GatewayContainer | null,
  hostEnv: HostEnv,
): Promise<NonNullable<Facts['recreate']> | null> => {
  const command = container?.compose ? await composeCommand(container.engine, hostEnv) : null
  if (!container?.compose || command === null) return null
  const {folder, service} = container.compose
  return {argv: composeUp(command, container.compose, [service]), folder, name: container.name}
}

/** The one that the gateway takes already is put back without any harm. */
const inOrder = (backedUp: readonly BackedUpToken[]): BackedUpToken[] =>
  backedUp.toSorted((a, b) => Number(b.isRequested) - Number(a.isRequested) || Number(b.isAccepted) - Number(a.isAccepted))

/** A name that leads to the same file is this one. */
const realName = (file: string | null, configFile: string): string | null =>
  file !== null && realFile(file) === realFile(configFile) ? configFile : file

/** All that plans are made from. Reads files, asks the gateway at most once with a made-up token, changes nothing. */
export const factsOf = async (
  fix: GatewayFix,
  planContext: PlanContext,
  now: number,
  requestedBackup: string | null = null,
): Promise<Facts> => {
  const {context, places, openclaw, release, port} = planContext
  const {container} = context.options
  const read = await readContextCopies(planContext)
  const address = contextAddress(planContext, read)
  const {verdict: listener} = await proveGateway(address)
  const spot = spotOf(planContext, configCopyOf(read.copies), read.setup)
  const key = gatewayKey(context.configFile)
  const backedUp = backedUpTokens({places, key, read, spot, requested: requestedBackup})
  const [supervisor, {accepted, copies: copiesBefore, digest}] = await Promise.all([
    supervisorOf({
      overrides: context.overrides,
      hostEnv: context.hostEnv,
      port,
      openclaw: openclaw ?? [],
      address,
      container,
    }),
    findAccepted(fix, planContext, read, {
      won: winner(read.copies, release, read.setup.authMode),
      listener,
      backedUp: fix === 'put-back' ? backedUp.map(({token}) => token) : [],
    }),
  ])
  const names = await namesOf(fix, planContext)
  const copies = fix === 'propagate' ? await resolveDestinations(copiesBefore, names) : copiesBefore
  const id = planId(fix, now)
  const cli =
    openclaw === null
      ? null
      : await withoutPairing(
          {...cliOf(openclaw), ...commandOf(openclaw, release), isInContainer: isInside(planContext)},
          planContext,
        )
  const restart = restartForm(planContext, supervisor)
  const recreate = await recreateForm(container, context.hostEnv)
  const rules = releaseRulesOf(release)
  const around = {copies, stateDir: context.stateDir, cli, rules, supervisor, restart, canRecreate: recreate !== null}
  const inConfig = configCopyOf(copies)
  const secret = inConfig === undefined ? null : secretSourceOf({...around, copy: inConfig})
  const place = secret?.spot ?? spot
  const config = configFacts(planContext, read.setup, place.file)
  const facts: PartialFacts = {
    id,
    reference: secret?.reference ?? null,
    // A database changes by itself, and is not compared.
    config: secret?.form?.is === 'store' ? {...config, seal: null} : config,
    winner: winner(copies, release, read.setup.authMode),
    accepted,
    listener,
    copies,
    ...{rules, cli, restart, recreate},
    backups: backupFolder(places, id),
  }
  const target = targetOf(planContext, facts, place, secret)
  const {holder} = supervisor
  return {
    ...facts,
    target,
    supervisor,
    processConfig: holder && realName(await configOfProcess(holder.pid, context.hostEnv), context.configFile),
    clients: [],
    busy: busyWith(places, target.key),
    cutOff: cutOffPlan(places, target.key)?.id ?? null,
    restorable: facts.config.problem === null && facts.config.exists ? null : restorableFile(places, target.key),
    remotes: remotesOf(context).map(machine => ({
      host: machine,
      argv: remoteArgv(machine, addressPatterns(names)),
    })),
    previous: null,
    leftovers: leftoversOf(places, copies),
    backedUp: inOrder(backedUp.map(({token, ...one}) => ({...one, isAccepted: tokenDigest(token) === digest}))),
    requestedBackup,
  }
}
