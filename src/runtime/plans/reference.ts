import fs from 'node:fs'
import type {Cli, PlanSupervisor, ReferenceFacts, ReleaseRules} from '../../domain/plans/facts.ts'
import type {RestartForm, SecretForm, TokenWay} from '../../domain/plans/plan.ts'
import {exposureOf, exposureText, type TokenCopy, variableOf} from '../../domain/token/copy.ts'
import {manualStepFor, placeRow, suppliers} from '../../domain/token/places.ts'
import {sharedPlace} from '../../gateway/logins/store.ts'
import type {Spot} from './config.ts'

/** Where the secret itself stands, and how it is changed there. */
export type SecretSource = {
  spot: Spot
  form: SecretForm | null
  trusted: readonly number[] | null
  /** Null where no command does it. */
  way: TokenWay | null
  reference: ReferenceFacts
}

type Surroundings = {
  copy: TokenCopy
  copies: readonly TokenCopy[]
  stateDir: string
  cli: Cli | null
  rules: ReleaseRules
  supervisor: PlanSupervisor
  restart: RestartForm | null
  canRecreate: boolean
}

type Refused = ReferenceFacts['refused']

const byHandOnly = (copy: TokenCopy): Refused => ({
  because: `${copy.path} is not for gatecrab to write`,
  tryThis: manualStepFor(copy),
})

/** The rules for every other file that a token is written into. */
const exposed = (file: string, trusted: readonly number[]): Refused => {
  try {
    const exposure = exposureOf(fs.statSync(file), trusted)
    return exposure && exposureText(exposure, file, 'gatecrab rotate')
  } catch {
    return {because: `${file} cannot be read`, tryThis: "run gatecrab as the gateway's user"}
  }
}

const ofFile = ({copies, rules}: Surroundings): SecretSource | null => {
  const copy = copies.find(({place}) => place === 'secret-file')
  if (copy?.spot === undefined) return null
  const {file, at, trusted} = copy.spot
  return {
    spot: {file, at},
    form: at.length === 0 ? {is: 'whole'} : null,
    trusted,
    way: {by: 'edit'},
    reference: {
      source: 'file',
      words: copy.path,
      takesOver: rules.reloadsSecrets ? 'reload' : 'person',
      restart: null,
      refused: exposed(file, trusted),
    },
  }
}

/** The store came with 2026.8; a value that is not read could neither be proved nor be put back. */
const ofStore = ({copies, copy: {reference}, stateDir, cli, rules}: Surroundings): SecretSource | null => {
  const copy = copies.find(({place}) => place === 'secret-store')
  const name = reference?.name ?? ''
  const isRead = copy !== undefined && copy.digest !== null
  const canSet = cli !== null && !cli.elsewhere
  const refused = !canSet
    ? {because: 'no openclaw command of this host was found that could set it', tryThis: `\`openclaw secrets store set ${name}\``}
    : isRead && rules.reloadsSecrets
      ? null
      : {
          because: `the store's ${name} cannot be read`,
          tryThis: `\`openclaw secrets store set ${name}\`, then \`openclaw secrets reload\``,
        }
  return {
    spot: {file: sharedPlace(stateDir).db, at: []},
    form: {is: 'store', name},
    trusted: null,
    way: cli && {by: 'store', argv: cli.storeSet(name)},
    reference: {source: 'store', words: `${name} in OpenClaw's secret store`, takesOver: 'reload', restart: null, refused},
  }
}

/** The first of the places that put the variable into the gateway's environment, in the order in which it takes them. */
const supplierOf = ({copies, copy}: Surroundings): TokenCopy | null => {
  const name = copy.reference?.name ?? ''
  const places = [...suppliers.filter(place => place !== 'container-env'), 'dotenv', 'dotenv-fallback', 'config-env']
  return (
    copies
      .filter(one => places.includes(one.place) && variableOf(one) === name && one.kind !== 'unset' && one.kind !== 'unreadable')
      .toSorted((a, b) => (placeRow(a.place).turn ?? 99) - (placeRow(b.place).turn ?? 99))[0] ?? null
  )
}

/**
 * OpenClaw's restart signs in with the new value, and is refused; and one in place keeps the variables of its process (both measured
 * on 2026.9.6). So the service manager is asked, or else a person.
 */
const managerForm = ({supervisor: {kind, name, domain}, restart}: Surroundings): RestartForm | null => {
  if (kind === 'container') return restart?.by === 'engine' ? restart : null
  const argv =
    kind === 'systemd' && name !== null
      ? ['systemctl', '--user', 'restart', name]
      : kind === 'launchd' && name !== null && domain && domain !== 'system'
        ? ['launchctl', 'kickstart', '-k', `${domain}/${name}`]
        : null
  return argv && {by: 'manager', argv, bootstrap: null, bootstrapAfterMs: 0, byHand: restart?.byHand ?? ''}
}

const setElsewhere: Refused = {
  because: 'what sets that variable was not found: it was set where the gateway was started',
  tryThis: 'change it there, and start the gateway again',
}

const ofVariable = (surroundings: Surroundings): SecretSource | null => {
  const {copy, canRecreate} = surroundings
  const source = supplierOf(surroundings)
  const restart = managerForm(surroundings)
  const isRecreated = source?.place === 'compose' && canRecreate
  const takesOver = isRecreated ? 'recreate' : restart === null ? 'person' : 'restart'
  const words = source === null ? `the variable ${copy.reference?.name}` : `${variableOf(source)} in ${source.path}`
  const reference = {source: 'env', words, takesOver, restart} as const
  const nowhere = {spot: {file: copy.path, at: []}, form: null, trusted: null, way: null}
  if (source === null || source.spot === undefined)
    return {...nowhere, reference: {...reference, refused: source === null ? setElsewhere : byHandOnly(source)}}
  const {file, at, trusted} = source.spot
  const isLine = placeRow(source.place).write === 'env-line'
  const dialect = source.place === 'systemd-env-file' ? 'systemd' : 'dotenv'
  const other = copy.digest === source.digest ? null : setElsewhere
  return {
    spot: {file, at},
    form: isLine ? {is: 'env-line', key: at[0] ?? source.key, dialect} : null,
    trusted,
    way: {by: 'edit'},
    reference: {...reference, refused: other ?? exposed(file, trusted) ?? (source.writable ? null : byHandOnly(source))},
  }
}

const kinds = {file: ofFile, store: ofStore, env: ofVariable, exec: () => null} as const

/** Null where the config holds its secret itself, or where nothing is known of what it points to. */
export const secretSourceOf = (surroundings: Surroundings): SecretSource | null => {
  const {copy} = surroundings
  if (copy.kind !== 'reference' || copy.reference === undefined) return null
  return kinds[copy.reference.source](surroundings)
}
