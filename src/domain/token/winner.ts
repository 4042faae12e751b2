import {isBetween, isSince, isUpTo} from '../release.ts'
import {formerVariable, gatewayVariable, type TokenCopy, type TokenSetup, tokenKey, variableOf} from './copy.ts'
import {type PlaceId, placeRow, suppliers} from './places.ts'

/** `sure`: seen in a running gateway of that release, not only likely. `isUnread`: the config itself cannot be read. */
export type Winner = {copy: TokenCopy | null; because: string; sure: boolean; isUnread?: true}

type Env = Readonly<Record<string, string | undefined>>

const configPlaces: readonly PlaceId[] = ['config', 'include']
const processPlaces: readonly PlaceId[] = ['process-env', ...suppliers]
const ownEnv: readonly PlaceId[] = ['dotenv', 'dotenv-fallback', 'config-env']

const isSet = ({kind}: TokenCopy): boolean => kind === 'literal' || kind === 'reference' || kind === 'placeholder'

/** A blank value is passed over; every other placeholder is taken for a token. */
const isUsable = (copy: TokenCopy): boolean =>
  isSet(copy) && copy.shadowed !== true && !(copy.kind === 'placeholder' && copy.digest === null)

const inTurn = (a: TokenCopy, b: TokenCopy): number => (placeRow(a.place).turn ?? 99) - (placeRow(b.place).turn ?? 99)

const isNamed = (copy: TokenCopy, key: string): boolean => copy.key === key || variableOf(copy) === key

const first = (copies: readonly TokenCopy[], from: readonly PlaceId[], key: string): TokenCopy | null =>
  copies.filter(copy => from.includes(copy.place) && isNamed(copy, key) && isUsable(copy)).toSorted(inTurn)[0] ?? null

const seesProcess = (copies: readonly TokenCopy[]): boolean =>
  copies.some(({place, kind}) => place === 'process-env' && kind !== 'unreadable')

/** Where the gateway has a variable from: what its process holds, else what will be put there, else its own files. */
export const serverVariable = (copies: readonly TokenCopy[], name: string): TokenCopy | null => {
  const places: readonly PlaceId[] = seesProcess(copies) ? ['process-env'] : processPlaces
  return first(copies, places, name) ?? first(copies, ownEnv, name)
}

/** Where the command line has it from: inside a container from that, else from the shell that it is started in. */
const cliVariable = (copies: readonly TokenCopy[], name: string, shellEnv: Env): TokenCopy | null => {
  const inShell = (shellEnv[name]?.trim() ?? '') === '' ? null : first(copies, ['shell-env'], name)
  return first(copies, ['container-env'], name) ?? inShell ?? first(copies, ownEnv, name)
}

const gatewayEnv = (copies: readonly TokenCopy[], release: string | null): TokenCopy | null =>
  serverVariable(copies, gatewayVariable) ?? (isUpTo(release, '2026.2.6-3') ? serverVariable(copies, formerVariable) : null)

/** What the gateway does when nothing is set. */
export const whenNothing = (
  release: string | null,
): {does: 'refuses' | 'saves' | 'ephemeral'; because: string; sure: boolean} => {
  if (isSince(release, '2026.5.28'))
    return {does: 'ephemeral', because: 'nothing is set: it makes up a token at each start and tells nobody', sure: true}
  if (isSince(release, '2026.2.26'))
    return {
      does: 'saves',
      because: 'nothing is set: at its next start it makes a token and writes it into the config',
      sure: true,
    }
  return {does: 'refuses', because: 'nothing is set: it does not start', sure: release === '2026.1.29'}
}

const envBeatsSecretRef = (release: string | null): boolean => isBetween(release, '2026.3.13', '2026.7.35')
const secretRefSeen = (release: string | null): boolean => isUpTo(release, '2026.6.11') || isSince(release, '2026.8.2')

const fromReference = (copy: TokenCopy, copies: readonly TokenCopy[], release: string | null): Winner => {
  const {reference, pointsTo} = copy
  const env = gatewayEnv(copies, release)
  if (
    reference?.how === 'secret-ref' &&
    env !== null &&
    variableOf(env) === gatewayVariable &&
    reference.name !== gatewayVariable
  ) {
    if (envBeatsSecretRef(release))
      return {copy: env, because: 'in this release the variable beats a SecretRef', sure: secretRefSeen(release)}
    return {copy, because: `gateway.auth.token points to ${pointsTo}`, sure: secretRefSeen(release)}
  }
  if (copy.digest !== null || reference?.source === 'exec' || reference?.source === 'store')
    return {copy, because: `gateway.auth.token points to ${pointsTo}`, sure: copy.digest !== null}
  const does = isSince(release, '2026.8.2') && env === null ? 'it makes up a token at each start' : 'it does not listen'
  return {copy: null, because: `gateway.auth.token points to ${pointsTo}, which is not there: ${does}`, sure: true}
}

/** A config that cannot be read may hold a token, so nothing that would be asked after it is in force. */
const fromUnread = (copies: readonly TokenCopy[]): Winner | null => {
  const copy = copies.find(({place, key, kind}) => configPlaces.includes(place) && key === tokenKey && kind === 'unreadable')
  if (copy === undefined) return null
  const isBroken = copy.problems?.some(({id}) => id === 'not-understood') === true
  const because = isBroken
    ? 'the config cannot be parsed; a running gateway still uses the token that it loaded before'
    : 'the config cannot be read here, and it may hold the token'
  return {copy: null, because, sure: false, isUnread: true}
}

const fromConfig = (copies: readonly TokenCopy[], release: string | null): Winner | null => {
  const copy = first(copies, configPlaces, tokenKey)
  if (copy === null) return null
  if (copy.kind === 'reference') return fromReference(copy, copies, release)
  return {copy, because: 'gateway.auth.token is set, and beats every variable', sure: true}
}

const fromEnv = (copies: readonly TokenCopy[], release: string | null): Winner | null => {
  const copy = gatewayEnv(copies, release)
  if (copy === null) return null
  const isCertain = seesProcess(copies) || ownEnv.includes(copy.place)
  return {copy, because: `the config has no token, so ${copy.key} rules`, sure: isCertain}
}

/** Without a mode of its own a gateway with a token asks for it. */
export const isTokenMode = (authMode: TokenSetup['authMode']): boolean => authMode === null || authMode === 'token'

/** Which copy the server takes when it starts, by the rules of its release. Ask the oracle which one it has taken. */
export const winner = (copies: readonly TokenCopy[], release: string | null, authMode: TokenSetup['authMode'] = null): Winner => {
  if (!isTokenMode(authMode)) return {copy: null, because: `gateway.auth.mode is "${authMode}": no token is taken`, sure: true}
  const pin = copies.find(copy => copy.place === 'start-command' && isUsable(copy))
  const pinned = pin && {copy: pin, because: '--token in the start command beats everything', sure: true}
  const configured = fromConfig(copies, release)
  if (pinned && isUpTo(release, '2026.1.29')) return configured ?? pinned
  if (pinned) return pinned
  return fromUnread(copies) ?? configured ?? fromEnv(copies, release) ?? {copy: null, ...whenNothing(release)}
}

/** These releases let a variable of the shell beat the config, in the command line only. */
export const cliIsEnvFirst = (release: string | null): boolean => isBetween(release, '2026.2.6-3', '2026.7.35')

const configForCli = (copies: readonly TokenCopy[], shellEnv: Env): Winner | null => {
  const copy = first(copies, configPlaces, tokenKey)
  if (copy === null) return null
  if (copy.kind !== 'reference') return {copy, because: 'gateway.auth.token', sure: true}
  const {reference} = copy
  if (reference?.source !== 'env') return {copy, because: `gateway.auth.token points to ${copy.pointsTo}`, sure: false}
  const source = cliVariable(copies, reference.name, shellEnv)
  if (source !== null) return {copy: source, because: `gateway.auth.token points to ${copy.pointsTo}`, sure: true}
  return {copy: null, because: `gateway.auth.token points to ${copy.pointsTo}, which this shell does not have`, sure: true}
}

const remoteCli = (copies: readonly TokenCopy[], shellEnv: Env): Winner => {
  const remote = copies.find(copy => copy.place === 'remote-config' && isUsable(copy))
  if (remote) return {copy: remote, because: 'gateway.remote.token, as the mode is remote', sure: false}
  const env = cliVariable(copies, gatewayVariable, shellEnv)
  if (env) return {copy: env, because: gatewayVariable, sure: false}
  return configForCli(copies, shellEnv) ?? {copy: null, because: 'nothing is set', sure: false}
}

/** Which copy the `openclaw` command line sends from a shell with this environment. */
export const cliSends = (
  copies: readonly TokenCopy[],
  release: string | null,
  shellEnv: Env,
  mode: TokenSetup['gatewayMode'] = 'local',
): Winner => {
  if (mode === 'remote') return remoteCli(copies, shellEnv)
  const env =
    cliVariable(copies, gatewayVariable, shellEnv) ??
    (release === '2026.2.6-3' ? cliVariable(copies, formerVariable, shellEnv) : null)
  const fromEnvironment = env && {copy: env, because: `${env.key} is set`, sure: true}
  const configured = configForCli(copies, shellEnv)
  const nothing = {copy: null, because: 'nothing is set where the command line looks', sure: true}
  return (cliIsEnvFirst(release) ? (fromEnvironment ?? configured) : (configured ?? fromEnvironment)) ?? nothing
}
