import {addressText} from '../live/gateway-names.ts'
import {shellWord} from '../shell.ts'
import {exposureText, type SecretKeys, type TokenCopy} from '../token/copy.ts'
import {manualStepFor, outOfReach, placeRow} from '../token/places.ts'
import type {Facts} from './facts.ts'
import {fixTitles, type Plan, type Step, step} from './plan.ts'
import {recordProcessStep, recreateSteps} from './restart-steps.ts'
import {acceptedStep, commandStepFor, cutOffNow, healthStep, tellStep} from './token-steps.ts'

const isStale = ({verdict}: TokenCopy): boolean => verdict === 'differs' || verdict === 'not-a-secret'

/** A profile's own token is for a gateway of its own; history is `clean-up`'s. */
const notOurs = ['profile-config', 'backup', 'audit-log', 'config', 'include']

/** A token of another gateway is no stale copy of this one's. */
const isFor = ({place, meant}: TokenCopy): boolean => (meant ? meant.is === 'here' : !notOurs.includes(place))

/** The stale copies that can be written from here. */
const reachable = ({copies}: Facts): readonly TokenCopy[] =>
  copies.filter(copy => isStale(copy) && copy.writable && placeRow(copy.place).write !== null && isFor(copy))

const unreachable = (facts: Facts): readonly TokenCopy[] => {
  const within = reachable(facts)
  const isRecreated = recreates(facts)
  return facts.copies.filter(
    copy =>
      (isStale(copy) || copy.meant?.is === 'elsewhere') &&
      !within.includes(copy) &&
      !(isRecreated && followsContainer(copy)) &&
      copy.place !== 'backup' &&
      copy.place !== 'audit-log',
  )
}

const manualStepText = (copy: TokenCopy): string => {
  const {place, path, key, meant} = copy
  const where = `${placeRow(place).title} ${path}`
  if (meant === undefined || meant.is === 'here') {
    if (copy.exposure === undefined) return `${where}: ${manualStepFor(copy)}`
    const {because, tryThis} = exposureText(copy.exposure, path)
    return `${where}: the token is not written there, since ${because}. ${tryThis}`
  }
  const to = addressText(meant.url)
  if (meant.is === 'elsewhere') return `${where}: ${key} is for ${to}, which is another gateway: it is left alone.`
  return `${where}: ${key} is for ${to}, and whether that is this gateway is not known here, so it is left alone. If it is: \`gatecrab propagate --known-as ${shellWord(hostOf(meant.url))}\`.`
}

const hostOf = (url: string): string => URL.parse(url)?.hostname ?? 'HOST'

/** Only a container recreated has what is written there. */
export const feedsContainer = ({place}: TokenCopy): boolean => place === 'compose' || place === 'compose-file'

/** Copies that follow from those which feed the container, once it is recreated. */
const followsContainer = ({place, kind}: TokenCopy): boolean =>
  place === 'process-env' || place === 'container-env' || (place === 'compose-file' && kind === 'reference')

/** The plan writes what the container is given, and makes it again. */
const recreates = (facts: Facts): boolean => facts.recreate != null && reachable(facts).some(feedsContainer)

const followUp = (copy: TokenCopy, isRecreated: boolean): string | null => {
  const {place, path} = copy
  if (feedsContainer(copy))
    return isRecreated ? null : `Run \`docker compose up -d\` in ${folderOf(path)}; a plain restart keeps the old environment.`
  return placeRow(place).write === 'env-line'
    ? `${path} is read when the gateway starts: \`gatecrab restart\` when it suits.`
    : null
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/'

export const copySteps = (copy: TokenCopy, number: number, {backups, winner}: Facts, token: string | null = null): Step[] => {
  const {place, path, key, fingerprint, meant} = copy
  const backup = `${backups}/copy-${number}`
  const title = placeRow(place).title
  return [
    step(
      `back-up-${number}`,
      'back-up',
      `Copy ${path} aside`,
      {do: 'back-up', file: path, as: backup},
      {file: backup, otherwise: 'go-on'},
    ),
    step(
      `copy-${number}`,
      'write',
      `${title}: write the token in force, and read it back`,
      {do: 'write-copy', copy: {place, path, key}, meant: meant?.url ?? null, backup},
      {
        file: path,
        change: {what: key, from: fingerprint, to: token ?? winner.copy?.fingerprint ?? 'the token in force'},
        undo: `put ${path} back as it was`,
        otherwise: 'go-on',
      },
    ),
  ]
}

const remoteStep = (host: string, argv: readonly string[], number: number, secret: SecretKeys['is']): Step =>
  step(
    `remote-${number}`,
    'write',
    `${host}: write gateway.remote.${secret} there and let it sign in, over one connection of ssh`,
    {
      do: 'write-remote',
      host,
      argv,
    },
    {argv, stdin: `{gateway: {remote: {${secret}: the ${secret} in force}}}`, otherwise: 'go-on'},
  )

const manualStepsOf = (facts: Facts): string[] => [
  ...reachable(facts).flatMap(copy => followUp(copy, recreates(facts)) ?? []),
  ...unreachable(facts).map(manualStepText),
  ...outOfReach.map(place => `${placeRow(place).title}: ${manualStepFor({place, path: '', key: ''})}`),
]

export const propagatePlan = (facts: Facts): Plan => {
  const copies = reachable(facts)
  const manualSteps = manualStepsOf(facts)
  const isRecreated = recreates(facts)
  const health = copies.length === 0 ? [] : healthStep(facts, 'go-on')
  return {
    id: facts.id,
    fix: 'propagate',
    title: fixTitles.propagate,
    because: 'Clients with an outdated copy cannot sign in.',
    risk: isRecreated
      ? 'changes files of clients, and recreates the container, which cuts everybody off for a moment; not who may sign in'
      : 'changes files of clients, not who may sign in',
    gateway: facts.target,
    interrupts: isRecreated ? ['every client is cut off while the container is recreated', ...cutOffNow(facts.clients)] : [],
    cannotUndo: facts.remotes.map(({host}) => `The token that ${host} had: it is not read.`),
    confirm: 'propagate',
    notes: copies.length + facts.remotes.length === 0 ? ['All reachable copies are up to date already.'] : [],
    steps: [
      ...commandStepFor(health, facts),
      acceptedStep(),
      ...copies.flatMap((copy, i) => copySteps(copy, i + 1, facts)),
      ...(isRecreated ? [recordProcessStep(), ...recreateSteps(facts)] : []),
      ...health,
      ...facts.remotes.map(({host, argv}, i) => remoteStep(host, argv, i + 1, facts.target.secret ?? 'token')),
      ...tellStep(manualSteps),
    ],
    cards: manualSteps,
    continues: null,
    undoes: null,
    backups: facts.backups,
  }
}
