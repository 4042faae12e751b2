import {destinationOf} from '../../domain/live/gateway-names.ts'
import {fingerprintOf, Secret} from '../../domain/secret.ts'
import {isAuthKey, keyOf, type SecretKeys, secretKeys, type TokenCopy, type TokenSetup} from '../../domain/token/copy.ts'
import {assumed, evaluateCopies} from '../../domain/token/evaluate.ts'
import {outOfReach} from '../../domain/token/places.ts'
import {serverVariable, winner} from '../../domain/token/winner.ts'
import {configFileOf, type HostEnv, type LocationOverrides, stateDirOf} from '../../gateway/paths.ts'
import {certFileOf} from '../../gateway/tls.ts'
import {fillIn} from '../../gateway/token/env-file.ts'
import {gatewayNames} from '../gateway-names.ts'
import {type Holder, portHolder} from '../service/port-holder.ts'
import {composeCopies} from './compose.ts'
import {behindReference, type ConfigFiles, configCopies, loadConfig, referencesIn} from './config-files.ts'
import {dotenvCopies} from './env-files.ts'
import {tokenDigest, uidOf} from './file.ts'
import {copyOf, createFound, type FoundToken} from './found.ts'
import {auditCopies, backupCopies, profileCopies} from './old-copies.ts'
import {processCopies, shellCopies} from './process.ts'
import {launchdCopies, type Service, systemdCopies} from './services.ts'

/** Where to look. What is left out is found: the folders by `wanted`, the process by its port. */
export type CopyLocations = {
  overrides: LocationOverrides
  hostEnv: HostEnv
  release: string | null
  stateDir?: string
  configFile?: string
  port?: number
  /** The host of the gateway, where it is not this one. */
  host?: string
  pid?: number | null
  /** Folders that may hold a compose file. */
  compose?: readonly string[]
  /** Other machines, as ssh names them: only rows, nobody is asked. */
  remotes?: readonly string[]
}

export type CopiesRead = {
  copies: TokenCopy[]
  /** By the key of the copy: what it holds, or what its reference leads to. */
  secrets: ReadonlyMap<string, Secret>
  setup: TokenSetup
  holder: Holder | null
}

type Place = Required<
  Pick<CopyLocations, 'overrides' | 'hostEnv' | 'release' | 'stateDir' | 'configFile' | 'compose' | 'remotes'>
>

const placeOf = ({overrides, hostEnv, release, ...more}: CopyLocations): Place => ({
  overrides,
  hostEnv,
  release,
  stateDir: more.stateDir ?? stateDirOf(overrides, hostEnv),
  configFile: more.configFile ?? configFileOf(overrides, hostEnv),
  compose: more.compose ?? [],
  remotes: more.remotes ?? [],
})

const holderFor = async (
  {pid, port, host = '127.0.0.1', hostEnv}: CopyLocations,
  place: Place,
  setup: TokenSetup,
): Promise<Holder | null> => {
  if (pid !== undefined) return pid === null ? null : {pid, command: ''}
  if (port === undefined) return null
  const tls = setup.tls ? {certFile: certFileOf(setup.certPath, place.stateDir, hostEnv)} : null
  return portHolder({host, port, tls, ownedBy: [place.configFile, place.stateDir]})
}

const serviceCopies = (service: Service): Promise<FoundToken[]> =>
  service.hostEnv.platform === 'darwin' ? launchdCopies(service) : systemdCopies(service)

const manualCopies = ({remotes}: Place, keys: SecretKeys): FoundToken[] => [
  ...remotes.map(host => createFound('remote-host', host, keys.remote, {unreadable: ''})),
  ...outOfReach.map(place => createFound(place, '', '', {unreadable: ''})),
]

/** Each place once: two ways of finding it may lead to the same line. */
const distinct = (all: readonly FoundToken[]): FoundToken[] => [...new Map(all.map(one => [keyOf(one), one])).values()]

const everyPlace = async (place: Place, config: ConfigFiles, holder: Holder | null): Promise<FoundToken[]> => {
  const {overrides, hostEnv, release, stateDir, configFile} = place
  const first = configCopies(config, configFile, [], release)
  const referenced = referencesIn(first).flatMap(({source, name}) => (source === 'env' ? [name] : []))
  const keys = secretKeys(config.setup.authMode)
  const names = [...new Set([keys.variable, keys.former ?? [], ...referenced].flat())]
  const configured = configCopies(config, configFile, names, release)
  const inEnvFile = await dotenvCopies(stateDir, names, hostEnv)
  const setsVariable = ({place, key, value}: FoundToken) => place !== 'config' && key.endsWith(keys.variable) && value !== null
  const read = await Promise.all([
    configured,
    behindReference(config, hostEnv, release, stateDir),
    processCopies(holder, names, hostEnv, [...configured, ...inEnvFile].some(setsVariable)),
    serviceCopies({overrides, hostEnv, stateDir, names}),
    ...place.compose.map(folder => composeCopies(folder, names, hostEnv)),
    inEnvFile,
    shellCopies(names, hostEnv),
    profileCopies(stateDir, hostEnv, release, keys),
    backupCopies(config, configFile, release),
    auditCopies(stateDir),
    manualCopies(place, keys),
  ])
  return distinct(read.flat())
}

type CopySet = {copies: TokenCopy[]; secrets: Map<string, Secret>; written: ReadonlyMap<string, Secret>}

const collectSecrets = (all: readonly FoundToken[], owner: number | null): CopySet => {
  const valued = all.flatMap(one => (one.value === null ? [] : [[keyOf(one), one.value] as const]))
  const copies = all.map(one => copyOf(one, owner))
  const own = new Set(copies.filter(({kind, digest}) => kind !== 'reference' && digest !== null).map(keyOf))
  return {copies, secrets: new Map(valued.filter(([key]) => own.has(key))), written: new Map(valued)}
}

const variable = ({copies, secrets}: CopySet, name: string): Secret | null => {
  const copy = serverVariable(copies, name)
  return copy === null ? null : (secrets.get(keyOf(copy)) ?? null)
}

const composeVariable = ({copies, secrets}: CopySet, name: string): Secret | null => {
  const copy = copies.find(one => one.place === 'compose' && one.key === name && one.digest !== null)
  return copy === undefined ? null : (secrets.get(keyOf(copy)) ?? null)
}

/** What a reference leads to, in the environment of the gateway, not in ours. */
const followed = (copy: TokenCopy, all: CopySet): Secret | null => {
  const {reference} = copy
  if (!reference || copy.place === 'backup' || copy.place === 'profile-config') return null
  if (copy.place === 'compose-file') return composeVariable(all, reference.name) ?? all.written.get(keyOf(copy)) ?? null
  if (reference.source === 'file' || reference.source === 'store') {
    const behind = reference.source === 'file' ? 'secret-file' : 'secret-store'
    const file = all.copies.find(({place, key}) => place === behind && key === reference.name)
    return (file && all.secrets.get(keyOf(file))) ?? null
  }
  if (reference.source !== 'env') return null
  if (reference.how === 'secret-ref') return variable(all, reference.name)
  const text = all.written.get(keyOf(copy))?.reveal()
  const filled = text === undefined ? null : fillIn(text, name => variable(all, name)?.reveal() ?? null)
  return filled === null || filled.trim() === '' ? null : new Secret(filled)
}

const withReferences = (all: CopySet): CopySet => {
  const copies = all.copies.map(copy => {
    const secret = copy.kind === 'reference' ? followed(copy, all) : null
    if (secret === null) return copy
    all.secrets.set(keyOf(copy), secret)
    return {...copy, digest: tokenDigest(secret), fingerprint: fingerprintOf(secret)}
  })
  return {...all, copies}
}

/** What can be told without asking the network. */
const withMeant = (all: CopySet, {host = 'localhost', port}: CopyLocations): CopySet => {
  if (port === undefined) return all
  const gateway = gatewayNames(host, port)
  return {
    ...all,
    copies: all.copies.map(copy =>
      copy.meant ? {...copy, meant: {...copy.meant, is: destinationOf(copy.meant.url, gateway, null)}} : copy,
    ),
  }
}

/** A whole group of things in one, such as the folder and the config: its owner is the one they should belong to. */
const ownerOfGateway = async ({stateDir, configFile}: Place): Promise<number | null> =>
  (await uidOf(stateDir)) ?? (await uidOf(configFile))

/** Reads every place in which a token may live, and changes nothing. */
export const readCopies = async (asked: CopyLocations): Promise<CopiesRead> => {
  const place = placeOf(asked)
  const [config, owner] = await Promise.all([loadConfig(place.configFile, place.release), ownerOfGateway(place)])
  const holder = await holderFor(asked, place, config.setup)
  const all = withMeant(withReferences(collectSecrets(await everyPlace(place, config, holder), owner)), asked)
  const enforced = assumed(winner(all.copies, place.release, config.setup.authMode))
  const verdictInputs = {release: place.release, enforced, setup: config.setup, shellEnv: place.hostEnv.env}
  return {copies: evaluateCopies(all.copies, verdictInputs), secrets: all.secrets, setup: config.setup, holder}
}

/** The copy of the config that the gateway would read, whatever it holds. */
export const configCopyOf = (copies: readonly TokenCopy[]): TokenCopy | undefined =>
  copies.find(({place, key, shadowed}) => (place === 'config' || place === 'include') && isAuthKey(key) && shadowed !== true)
