import {isBetween, isSince, isUpTo} from '../release.ts'
import {isAuthKey, keysOfCopies, type TokenCopy, type TokenSetup, variableOf} from './copy.ts'
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

const gatewayEnv = (copies: readonly TokenCopy[], release: string | null): TokenCopy | null => {
  const {variable, former} = keysOfCopies(copies)
  const older = former !== null && isUpTo(release, '2026.2.6-3') ? serverVariable(copies, former) : null
  return serverVariable(copies, variable) ?? older
}

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
    variableOf(env) === keysOfCopies(copies).variable &&
    reference.name !== variableOf(env)
  ) {
    if (envBeatsSecretRef(release))
      return {copy: env, because: 'in this release the variable beats a SecretRef', sure: secretRefSeen(release)}
    return {copy, because: `${copy.key} points to ${pointsTo}`, sure: secretRefSeen(release)}
  }
  if (copy.digest !== null || reference?.source === 'exec' || reference?.source === 'store')
    return {copy, because: `${copy.key} points to ${pointsTo}`, sure: copy.digest !== null}
  const does = isSince(release, '2026.8.2') && env === null ? 'it makes up a token at each start' : 'it does not listen'
  return {copy: null, because: `${copy.key} points to ${pointsTo}, which is not there: ${does}`, sure: true}
}

/** A config that cannot be read may hold a token, so nothing that would be asked after it is in force. */
const fromUnread = (copies: readonly TokenCopy[]): Winner | null => {
  const copy = copies.find(({place, key, kind}) => configPlaces.includes(place) && isAuthKey(key) && kind === 'unreadable')
  if (copy === undefined) return null
  const isBroken = copy.problems?.some(({id}) => id === 'not-understood') === true
  const because = isBroken
    ? 'the config cannot be parsed; a running gateway still uses the token that it loaded before'
    : 'the config cannot be read here, and it may hold the token'
  return {copy: null, because, sure: false, isUnread: true}
}

const fromConfig = (copies: readonly TokenCopy[], release: string | null): Winner | null => {
  const copy = first(copies, configPlaces, keysOfCopies(copies).auth)
  if (copy === null) return null
  if (copy.kind === 'reference') return fromReference(copy, copies, release)
  return {copy, because: `${copy.key} is set, and beats every variable`, sure: true}
}

const fromEnv = (copies: readonly TokenCopy[], release: string | null): Winner | null => {
  const copy = gatewayEnv(copies, release)
  if (copy === null) return null
  const isCertain = seesProcess(copies) || ownEnv.includes(copy.place)
  return {copy, because: `the config has no ${keysOfCopies(copies).is}, so ${copy.key} rules`, sure: isCertain}
}

/** Without a mode of its own a gateway with a token asks for it. */
export const isTokenMode = (authMode: TokenSetup['authMode']): boolean => authMode === null || authMode === 'token'

/** All its clients know one secret: a token, or a password. */
export const asksForSecret = (authMode: TokenSetup['authMode']): boolean => isTokenMode(authMode) || authMode === 'password'

const withoutPassword: Winner = {copy: null, because: 'nothing is set: it does not start without a password', sure: false}

/** Which copy the server takes when it starts, by the rules of its release. Ask the oracle which one it has taken. */
export const winner = (copies: readonly TokenCopy[], release: string | null, authMode: TokenSetup['authMode'] = null): Winner => {
  const isOtherKind = authMode === 'password' && keysOfCopies(copies).is !== 'password'
  if (!asksForSecret(authMode) || isOtherKind)
    return {copy: null, because: `gateway.auth.mode is "${authMode}": no token is taken`, sure: true}
  const pin = copies.find(copy => copy.place === 'start-command' && isUsable(copy))
  const pinned = pin && {copy: pin, because: '--token in the start command beats everything', sure: true}
  const configured = fromConfig(copies, release)
  if (pinned && isUpTo(release, '2026.1.29')) return configured ?? pinned
  if (pinned) return pinned
  const nothing = keysOfCopies(copies).is === 'password' ? withoutPassword : {copy: null, ...whenNothing(release)}
  return fromUnread(copies) ?? configured ?? fromEnv(copies, release) ?? nothing
}

/** These releases let a variable of the shell beat the config, in the command line only. */
export const cliIsEnvFirst = (release: string | null): boolean => isBetween(release, '2026.2.6-3', '2026.7.35')

const configForCli = (copies: readonly TokenCopy[], shellEnv: Env): Winner | null => {
  const copy = first(copies, configPlaces, keysOfCopies(copies).auth)
  if (copy === null) return null
  if (copy.kind !== 'reference') return {copy, because: copy.key, sure: true}
  const {reference} = copy
  if (reference?.source !== 'env') return {copy, because: `${copy.key} points to ${copy.pointsTo}`, sure: false}
  const source = cliVariable(copies, reference.name, shellEnv)
  if (source !== null) return {copy: source, because: `${copy.key} points to ${copy.pointsTo}`, sure: true}
  return {copy: null, because: `${copy.key} points to ${copy.pointsTo}, which this shell does not have`, sure: true}
}

const remoteCli = (copies: readonly TokenCopy[], shellEnv: Env): Winner => {
  const remote = copies.find(copy => copy.place === 'remote-config' && isUsable(copy))
  if (remote) return {copy: remote, because: `${remote.key}, as the mode is remote`, sure: false}
  const {variable} = keysOfCopies(copies)
  const env = cliVariable(copies, variable, shellEnv)
  if (env) return {copy: env, because: variable, sure: false}
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
  const {variable, former} = keysOfCopies(copies)
  const older = release === '2026.2.6-3' && former !== null ? cliVariable(copies, former, shellEnv) : null
  const env = cliVariable(copies, variable, shellEnv) ?? older
  const fromEnvironment = env && {copy: env, because: `${env.key} is set`, sure: true}
  const configured = configForCli(copies, shellEnv)
  const nothing = {copy: null, because: 'nothing is set where the command line looks', sure: true}
  return (cliIsEnvFirst(release) ? (fromEnvironment ?? configured) : (configured ?? fromEnvironment)) ?? nothing
}
