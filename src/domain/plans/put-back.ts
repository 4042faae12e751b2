import {clean} from '../clean.ts'
import type {BackedUpToken, Facts} from './facts.ts'
import type {Plan, Step} from './plan.ts'
import {configured, elsewhere, pinned, type Refusal, refuse} from './preconditions.ts'
import {recordProcessStep, restartedByPersonStep} from './restart-steps.ts'
import {changedKey, devicesStay, manualStepsOf, restartsWithMode, staysWithoutUndo, tokenPlan} from './rotate.ts'
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
  unchangedSteps,
  writeStep,
} from './token-steps.ts'

const nothingBackedUp: Refusal = refuse(
  'No backup holds a token that could be put back',
  'neither the backups that OpenClaw keeps beside its config nor those of gatecrab hold another token than the config does',
  'name a copy of the config: `gatecrab put-back FILE`; where there is none, `gatecrab rotate` sets a new token, and every client needs that',
)

const noSuchBackup = (file: string, others: readonly BackedUpToken[]): Refusal => ({
  ...refuse(
    `No token to put back in ${clean(file, 200)}`,
    'it is no config that can be read, holds no token of its own, or holds the one that the config has already',
    others.length === 0 ? '`gatecrab copies` lists the backups' : `these hold one: ${others.map(one => one.file).join(', ')}`,
  ),
  usage: true,
})

/** The one that is named; else the best of those that are known. */
const chosen = ({backedUp = [], requestedBackup = null}: Facts): BackedUpToken | Refusal => {
  const found = requestedBackup === null ? backedUp[0] : backedUp.find(({isRequested}) => isRequested)
  return found ?? (requestedBackup === null ? nothingBackedUp : noSuchBackup(requestedBackup, backedUp))
}

/** What the gateway does about the token, once it is in the config again. */
type Situation =
  /** The config's other token is in force, and this one replaces it. */
  | 'replaces'
  /** It never let go of this one. */
  | 'in-force'
  /** It takes a token that nobody knows, and restarts by itself when gateway.auth.mode comes back with the token. */
  | 'restarts-itself'
  /** The same, and only a restart by a person ends it: OpenClaw's command would have to sign in. */
  | 'needs-person'
  /** Its release restarts by itself when its token changes. */
  | 'follows'

const situationOf = (facts: Facts, backup: BackedUpToken): Situation => {
  const {accepted, rules, config} = facts
  if (accepted.answer === 'ours') return 'replaces'
  if (backup.isAccepted) return 'in-force'
  if (rules.follows !== 'hot' && config.reloadMode !== 'off') return 'follows'
  return restartsWithMode(facts) && config.reloadMode !== 'off' ? 'restarts-itself' : 'needs-person'
}

/** Where another place than the config decides, what is written there changes nothing. */
const decidedElsewhere = (facts: Facts, backup: BackedUpToken): Refusal | null => {
  const {accepted, winner, config, target} = facts
  const own = configured(facts)
  if (winner.copy?.place === 'start-command') return elsewhere(facts, winner.copy)
  if (accepted.answer === 'another' && accepted.copy && !backup.isAccepted && accepted.copy.place !== 'backup')
    return elsewhere(facts, accepted.copy)
  if (own?.kind === 'reference' || (own?.kind ?? 'unset') === 'unset')
    return own?.kind === 'reference' ? ofReference(own.pointsTo) : cannotAdd(config.include, target.way.by)
  return accepted.answer === 'none' && own?.kind === 'literal' && !backup.isAccepted ? pinned : null
}

const ofReference = (pointsTo: string | null): Refusal =>
  refuse(
    'The token of this gateway is a reference, which a literal must not replace',
    `gateway.auth.token points to ${pointsTo ?? 'another place'}`,
    'bring back what it points to',
  )

const cannotAdd = (include: Facts['config']['include'], by: string): Refusal | null =>
  include === 'none' && by !== 'edit'
    ? null
    : refuse(
        'The config has no token, and gatecrab adds none to this file',
        include === 'none'
          ? 'it has comments, is a link, or there is no openclaw command that could write it'
          : 'the gateway section stands in an included file',
        'copy gateway.auth.token from the backup by hand, then `gatecrab verify`',
      )

const takeOver = (facts: Facts, situation: Situation): Step[] => {
  if (situation === 'replaces' || situation === 'follows') return takeOverSteps(facts)
  if (situation === 'in-force') return [firstWaitStep()]
  if (situation === 'restarts-itself') return [firstWaitStep(facts.rules.restartBudgetMs)]
  return [recordProcessStep(), restartedByPersonStep(facts.restart?.byHand ?? ''), firstWaitStep()]
}

const interrupts = ({clients, rules}: Facts, situation: Situation): string[] => {
  if (situation === 'in-force') return []
  const by: Partial<Record<Situation, string>> = {
    'restarts-itself': 'the gateway restarts itself: every client is cut off until it is back',
    'needs-person': 'you restart it: every client is cut off until it is back',
  }
  return [by[situation] ?? rules.outage, ...cutOffNow(clients)]
}

const notesOf = (facts: Facts, backup: BackedUpToken, situation: Situation): string[] => {
  const others = (facts.backedUp ?? []).filter(one => one !== backup)
  const {replacedBy} = backup
  return [
    ...(situation === 'replaces'
      ? ['Clients that have taken the newer token are locked out, those with the older one get in.']
      : []),
    ...(replacedBy === null
      ? []
      : [
          `${replacedBy} replaced this token: whoever that was to lock out gets in again. If it leaked, \`gatecrab rotate\` instead.`,
        ]),
    ...(others.length === 0
      ? []
      : [`Other backups hold other tokens: ${others.map(one => `${one.fingerprint} in ${one.file}`).join(', ')}.`]),
    devicesStay,
  ]
}

export const putBackPlan = (facts: Facts): Plan | Refusal => {
  const backup = chosen(facts)
  if ('refused' in backup) return backup
  const refusal = decidedElsewhere(facts, backup)
  if (refusal !== null) return refusal
  const situation = situationOf(facts, backup)
  const isFirst = situation !== 'replaces'
  const withMode = situation === 'restarts-itself'
  const token = `the token of before, ${backup.fingerprint}`
  const replaced = configured(facts)
  const manualSteps = isFirst ? [] : manualStepsOf(facts)
  return tokenPlan(facts, {
    fix: 'put-back',
    title: `Put back the token of ${backup.file}`,
    because: isFirst
      ? 'The token that clients know is no longer in the config. Nobody who has it is locked out, and nobody needs a new one.'
      : 'The config has had another token since, and clients that know this one are locked out.',
    confirm: 'put-back',
    interrupts: interrupts(facts, situation),
    ...(isFirst ? {cannotUndo: [staysWithoutUndo]} : {}),
    notes: notesOf(facts, backup, situation),
    cards: manualSteps,
    steps: [
      ...unchangedSteps(facts),
      ...commandStep(facts.cli, facts.target.configFile),
      ...(isFirst ? [] : [acceptedStep()]),
      backUpStep(facts),
      ...tryStep(facts, token, withMode),
      writeStep({
        ...{facts, token, from: backup.file, isFirst, withMode},
        change: {what: changedKey(facts), from: replaced?.fingerprint ?? null, to: backup.fingerprint},
      }),
      ...takeOver(facts, situation),
      proveStep(facts, {right: 'the token of before', wrong: isFirst ? null : 'the one it replaces'}),
      ...healthStep(facts),
      ...devicesStep(facts),
      ...tellStep(manualSteps),
    ],
  })
}
