import type {TokenCopy} from '../token/copy.ts'
import {manualStepFor, outOfReach, placeRow} from '../token/places.ts'
import type {Facts, ReferenceFacts} from './facts.ts'
import {fixTitles, type Plan, type Step} from './plan.ts'
import {lacksToken} from './preconditions.ts'
import {copySteps, feedsContainer} from './propagate.ts'
import {recordProcessStep, recreateSteps, restartedByPersonStep} from './restart-steps.ts'
import {
  acceptedStep,
  backUpStep,
  commandStep,
  cutOffNow,
  devicesStep,
  firstWaitStep,
  healthStep,
  proveStep,
  takeOverSteps,
  tellStep,
  tryStep,
  unaskedWarning,
  unchangedSteps,
  writeStep,
} from './token-steps.ts'

export const devicesStay =
  'Paired devices keep tokens of their own: rotating does not evict them. After a leak look through `openclaw devices list` as well.'

const isHistory = ({place}: TokenCopy): boolean => place === 'backup' || place === 'audit-log'

/** The other copies of the token in force, which a new one makes stale. */
const otherHolders = (facts: Facts): readonly TokenCopy[] =>
  facts.copies.filter(
    copy =>
      copy.verdict === 'agrees' &&
      copy.kind !== 'reference' &&
      copy !== facts.winner.copy &&
      !isHistory(copy) &&
      !copy.wins &&
      !isWhatItPointsTo(copy, facts),
  )

/** What is changed itself, and what follows from it when the gateway starts again. */
const isWhatItPointsTo = ({place, spot}: TokenCopy, {reference = null, target}: Facts): boolean =>
  reference !== null &&
  (place === 'secret-store' ||
    spot?.file === target.tokenFile ||
    (reference.takesOver !== 'reload' && (place === 'process-env' || place === 'container-env')))

/** What feeds the gateway's container: left as it is, the command line inside would send the old token from then on. */
const containerCopies = (facts: Facts): readonly TokenCopy[] =>
  facts.recreate == null || facts.reference ? [] : otherHolders(facts).filter(copy => feedsContainer(copy) && copy.writable)

const followsContainer = ({place}: TokenCopy): boolean => place === 'container-env' || place === 'process-env'

/** After the proof: whatever becomes of these, the gateway has its new token. */
const containerSteps = (facts: Facts): Step[] => {
  const copies = containerCopies(facts)
  if (copies.length === 0) return []
  const written = copies.flatMap((copy, i) => copySteps(copy, i + 1, facts, 'the new token'))
  const steps = [...written.map((one): Step => ({...one, otherwise: 'note'})), recordProcessStep(), ...recreateSteps(facts)]
  return [...steps, {...acceptedStep(), id: 'still-accepted', kind: 'prove', words: stillWords, otherwise: 'note'}]
}

const stillWords = 'Ask the gateway in the new container: the new token is still accepted'

/** A hook is sent with it, whatever the gateway asks its clients for. */
const hooksStep = ({config: {hooksDigest = null}, winner}: Facts): string[] =>
  hooksDigest !== null && hooksDigest === winner.copy?.digest
    ? ['hooks.token is the old one too, and still opens /hooks: give it a value of its own, and that to whoever sends hooks.']
    : []

export const manualStepsOf = (facts: Facts): string[] => {
  const own = containerCopies(facts)
  const left = otherHolders(facts).filter(copy => !own.includes(copy) && !(own.length > 0 && followsContainer(copy)))
  const holderNames = left.map(({place, path}) => `${placeRow(place).title} ${path}`)
  const spread =
    holderNames.length === 0
      ? []
      : [`These hold the old token: ${holderNames.join(', ')}. \`gatecrab propagate\` changes those it can reach.`]
  const reach = outOfReach.map(place => `${placeRow(place).title}: ${manualStepFor({place, path: '', key: ''})}`)
  return [
    ...hooksStep(facts),
    ...spread,
    ...reach,
    'The old token is still in the backups of OpenClaw and of gatecrab: `gatecrab clean-up` takes it out, and then there is no undo.',
  ]
}

const whoActs: Partial<Record<ReferenceFacts['takesOver'], string>> = {
  recreate: 'the container is recreated: every client is cut off until it is back',
  restart: 'the service manager starts it again: every client is cut off until it is back',
  person: 'you restart it: every client is cut off until it is back',
}

export const interruptedClients = ({clients, rules, reference = null}: Facts): string[] => [
  (reference && whoActs[reference.takesOver]) ?? rules.outage,
  ...(rules.follows === 'hot' ? [] : ['agent runs in progress may be cut off']),
  ...cutOffNow(clients),
]

export const linkNotes = ({config: {link}}: Facts): string[] =>
  link ? [`${link.name} is a link: ${link.file} is written, and the link stays.`] : []

const referenceNotes = ({reference = null}: Facts): string[] =>
  reference === null ? [] : [`The config stays as it is: ${reference.words} is changed, where its reference leads.`]

const passwordNotes = ({target}: Facts): string[] =>
  target.secret === 'password'
    ? ['It is made up, as a token is: whoever types it by hand finds it in gateway.auth.password, or at its source.']
    : []

const releaseNotes = ({config, rules, target, supervisor, cli, reference = null}: Facts): string[] => [
  ...unaskedWarning(cli),
  ...(rules.follows !== 'hot' && supervisor.kind === 'none'
    ? ['It restarts: one that runs in a terminal may go on without it.']
    : []),
  ...(rules.isKnown
    ? []
    : [
        rules.since === 'unknown'
          ? 'The release is not known: nothing is assumed of it, and it is given time.'
          : `${target.release} is newer than all that gatecrab knows: it goes by the rules of ${rules.since}.`,
      ]),
  ...(reference === null && target.way.by === 'edit' && rules.writes === 'patch-stdin' && !config.link
    ? [
        config.comments
          ? 'The file has comments, or is written in JSON5, which the command of OpenClaw would rewrite: so the one string is edited.'
          : 'No openclaw command was found: so the one string is edited.',
      ]
    : []),
  ...(reference === null && target.way.by === 'edit' && rules.writes === 'batch-file' && !config.link
    ? ['The command runs elsewhere and would not see our file: so the one string is edited.']
    : []),
]

/** What every plan that changes the token has in common, with the steps in between. */
export const tokenPlan = (
  facts: Facts,
  own: Pick<Plan, 'fix' | 'title' | 'because' | 'confirm' | 'steps' | 'cards'> & Partial<Plan>,
): Plan => ({
  id: facts.id,
  risk: 'changes who may sign in',
  gateway: facts.target,
  interrupts: interruptedClients(facts),
  cannotUndo: ['Clients that were cut off have to sign in again, also after an undo.'],
  notes: [...linkNotes(facts), ...referenceNotes(facts), ...releaseNotes(facts)],
  continues: null,
  undoes: null,
  backups: facts.backups,
  ...own,
})

/** A token that clients know needs no new one to be given to all of them. */
const putBackFirst = ({backedUp: [best] = []}: Facts): string[] =>
  best === undefined
    ? []
    : [
        `${best.file} holds the token of before, ${best.fingerprint}: \`gatecrab put-back\` puts that back, and nobody needs a new one.`,
      ]

/** Without a mode of its own it begins again when that comes with the token; otherwise a person has to make it. */
export const restartsWithMode = ({config, target}: Facts): boolean => config.authMode === null && target.way.by === 'patch-stdin'

/** Of a config that had none in force. */
export const staysWithoutUndo = '`gatecrab undo` does not take it out again: without a token nobody could sign in.'

/** The gateway makes up a token at each start: this one stays. */
const firstTokenPlan = (facts: Facts): Plan => {
  const token = 'the first token'
  const manualSteps = manualStepsOf(facts).slice(0, -1)
  const withMode = restartsWithMode(facts)
  const restartSteps = withMode ? [] : [recordProcessStep(), restartedByPersonStep(facts.restart?.byHand ?? '')]
  return tokenPlan(facts, {
    fix: 'rotate',
    title: 'Give the gateway its first token',
    because: 'No token is set anywhere: it makes up another at each start, and nobody can know it.',
    confirm: 'rotate',
    interrupts: [
      `${withMode ? 'it restarts itself' : 'you restart it'}: every client is cut off until it is back`,
      ...cutOffNow(facts.clients),
    ],
    cannotUndo: [staysWithoutUndo],
    notes: [...putBackFirst(facts), ...linkNotes(facts), ...releaseNotes(facts), devicesStay],
    cards: manualSteps,
    steps: [
      ...unchangedSteps(facts),
      ...commandStep(facts.cli, facts.target.configFile),
      backUpStep(facts),
      ...tryStep(facts, token, withMode),
      writeStep({
        ...{facts, token, from: null, isFirst: true, withMode},
        change: {what: 'gateway.auth.token', from: null, to: 'a new one, 48 hex digits'},
      }),
      ...restartSteps,
      firstWaitStep(withMode ? facts.rules.restartBudgetMs : undefined),
      proveStep(facts, {right: token, wrong: null}),
      ...healthStep(facts),
      ...devicesStep(facts),
      ...tellStep(manualSteps),
    ],
  })
}

export const rotatePlan = (facts: Facts): Plan => (lacksToken(facts) ? firstTokenPlan(facts) : newTokenPlan(facts))

/** What a plan changes, by name. */
export const changedKey = ({reference = null, target: {secret = 'token'}}: Facts): string =>
  reference === null ? `gateway.auth.${secret}` : `${reference.words}, to which gateway.auth.${secret} points`

const newTokenPlan = (facts: Facts): Plan => {
  const token = 'the new token'
  const {fingerprint = null} = facts.winner.copy ?? {}
  const manualSteps = manualStepsOf(facts)
  const inContainer = containerSteps(facts)
  return tokenPlan(facts, {
    ...(inContainer.length === 0
      ? {}
      : {interrupts: [...interruptedClients(facts), 'every client is cut off once more while the container is recreated']}),
    fix: 'rotate',
    title: fixTitles.rotate,
    because: 'Anyone still using the old one is locked out.',
    confirm: 'rotate',
    notes: [...passwordNotes(facts), ...linkNotes(facts), ...referenceNotes(facts), ...releaseNotes(facts), devicesStay],
    cards: manualSteps,
    steps: [
      ...unchangedSteps(facts),
      ...commandStep(facts.cli, facts.target.configFile),
      acceptedStep(),
      backUpStep(facts),
      ...tryStep(facts, token),
      writeStep({
        facts,
        token,
        from: null,
        change: {what: changedKey(facts), from: fingerprint, to: 'a new one, 48 hex digits'},
      }),
      ...takeOverSteps(facts),
      proveStep(facts),
      ...inContainer,
      ...healthStep(facts),
      ...devicesStep(facts),
      ...tellStep(manualSteps),
    ],
  })
}
