import {clean} from '../clean.ts'
import {cleanUpPlan} from './clean-up.ts'
import type {Facts, PreviousPlan} from './facts.ts'
import {configBackup, fixTitles, type GatewayFix, type Plan, type Step} from './plan.ts'
import {firstFailed, type PreconditionId, type Refusal} from './preconditions.ts'
import {propagatePlan} from './propagate.ts'
import {putBackPlan} from './put-back.ts'
import {restartPlan} from './restart.ts'
import {rotatePlan} from './rotate.ts'
import {commandStepFor, healthStep, proveStep, unaskedWarning} from './token-steps.ts'
import {canBePutBack, leftAlone, undoPlan} from './undo.ts'

const proof = (facts: Facts): Step => {
  const prove = proveStep(facts)
  if (prove.act.do !== 'prove-token') return prove
  const {random} = prove.act.tries
  const words = random
    ? 'Ask the gateway: the token of its config accepted, a random token refused, the first accepted again'
    : 'Ask the gateway: the token of its config accepted'
  return {...prove, words, otherwise: 'stop', act: {do: 'prove-token', tries: {old: false, random}}}
}

const verifyPlan = (facts: Facts): Plan => {
  const health = healthStep(facts, 'go-on')
  return {
    id: facts.id,
    fix: 'verify',
    title: fixTitles.verify,
    because: 'Checks what the running gateway actually accepts, not what the files say.',
    risk: 'changes nothing',
    gateway: facts.target,
    interrupts: [],
    cannotUndo: [],
    confirm: '',
    notes: ['One random token is tried: the gateway counts it as a failed sign-in.', ...unaskedWarning(facts.cli)],
    steps: [proof(facts), ...commandStepFor(health, facts), ...health],
    cards: [],
    continues: null,
    undoes: null,
    backups: facts.backups,
  }
}

export type {Refusal} from './preconditions.ts'

type Fix = {
  readonly because: string
  readonly risk: 'none' | 'files' | 'outage' | 'sign-in'
  /** What must hold, in the order in which it is asked. */
  readonly needs: readonly PreconditionId[]
  readonly plan: (facts: Facts) => Plan | Refusal
}

const nothingToUndo: Refusal = {
  refused: {
    title: 'There is nothing to undo',
    because: 'no plan on this gateway has written anything that could be put back',
    tryThis: '`gatecrab journals` lists them',
    from: 'you',
  },
  unknown: false,
}

const noSuchPlan = (id: string): Refusal => ({
  refused: {
    title: `No such plan id: ${clean(id, 80)}`,
    because: 'no plan on this gateway with that id has written anything that could be put back',
    tryThis: '`gatecrab journals` lists them',
    from: 'you',
  },
  unknown: false,
  usage: true,
})

const nothingBefore = ({id, backups}: PreviousPlan): Refusal => ({
  refused: {
    title: `Before ${id} the gateway had no token`,
    because: 'there is none to put back: without one it makes up another at each start, which nobody can know',
    tryThis: `\`gatecrab rotate\` gives it another one; the file of before lies at ${configBackup(backups)}`,
    from: 'you',
  },
  unknown: false,
})

const undo = (facts: Facts): Plan | Refusal => {
  const {previous, requestedPlan = null} = facts
  if (previous === null) return requestedPlan === null ? nothingToUndo : noSuchPlan(requestedPlan)
  const refusal = previous.token?.now === 'after' ? firstFailed(facts, ['answers', 'takes-over', 'literal']) : null
  if (refusal) return refusal
  if (previous.token?.now === 'after' && previous.token.isFirst && previous.token.before === null) return nothingBefore(previous)
  if (canBePutBack(previous)) return undoPlan(facts, previous)
  return {
    refused: {
      title: `Nothing of ${previous.id} can be put back`,
      because: leftAlone(previous).join(' ') || 'it wrote nothing',
      tryThis: '`gatecrab copies` shows what holds which token now',
      from: 'you',
    },
    unknown: false,
  }
}

/** What must hold before the gateway is given another token, in the order in which it is asked. */
const toChangeToken = [
  ...(['free', 'whole', 'config', 'here', 'proven', 'one-gateway'] as const),
  ...(['token-mode', 'include', 'answers', 'auth-on'] as const),
] as const

/** Every fix that is a plan: what it is for, what it risks, what it needs, and how its plan is made. */
export const fixes = {
  rotate: {
    because: 'the old one leaked, or somebody is to be shut out',
    risk: 'sign-in',
    needs: [...toChangeToken, 'literal', 'ours', 'writable', 'takes-over'],
    plan: rotatePlan,
  },
  'put-back': {
    because: 'the token vanished from the config, or was replaced by accident',
    risk: 'sign-in',
    needs: [...toChangeToken, 'writable', 'takes-over'],
    plan: putBackPlan,
  },
  restart: {
    because: 'it goes on with what it was started with',
    risk: 'outage',
    needs: ['free', 'whole', 'sound', 'here', 'proven', 'one-gateway', 'own-service', 'startable', 'command'],
    plan: restartPlan,
  },
  propagate: {
    because: 'clients present an old one',
    risk: 'files',
    needs: ['free', 'whole', 'config', 'here', 'proven', 'one-gateway', 'token-mode', 'machines', 'answers', 'auth-on', 'known'],
    plan: propagatePlan,
  },
  verify: {
    because: 'files do not tell what a running process enforces',
    risk: 'none',
    needs: ['free', 'config', 'here', 'proven', 'one-gateway', 'token-mode'],
    plan: verifyPlan,
  },
  undo: {
    because: 'it was not what was wanted',
    risk: 'sign-in',
    needs: ['free', 'whole', 'config', 'here', 'proven', 'one-gateway', 'include'],
    plan: undo,
  },
  'clean-up': {
    because: 'nobody needs them any more',
    risk: 'files',
    needs: ['free', 'whole', 'config', 'here', 'proven', 'one-gateway', 'token-mode', 'answers', 'auth-on', 'known'],
    plan: cleanUpPlan,
  },
} as const satisfies Record<GatewayFix, Fix>

export const isRefusal = (made: Plan | Refusal): made is Refusal => 'refused' in made

/** What could not be proven is said before anything else, and a person takes it on. */
export const withDoubt = (plan: Plan): Plan => {
  const {unproven = null} = plan.gateway
  if (unproven === null) return plan
  const doubt = `It could not be proven that the gateway listens on ${plan.gateway.host}:${plan.gateway.port}: ${unproven}. If you confirm, gatecrab goes by its answers alone (/healthz, /tools/invoke, the WebSocket challenge), which a program that copies them gives as well; it is then sent the token.`
  return {...plan, confirm: plan.confirm || plan.fix, notes: [doubt, ...plan.notes]}
}

const secretNoun = /\b(the|a|this|its|old|new|other|another|older|newer|first|random|gateway|which) (token)(?=s?\b)/gi

/** Only what people read: commands, files and names of keys stay. */
const inWords = (text: string): string => text.replace(secretNoun, (_, before: string) => `${before} password`)

/** A gateway in password mode is served by the same plans. */
const withPassword = (plan: Plan): Plan => ({
  ...plan,
  title: inWords(plan.title),
  because: inWords(plan.because),
  interrupts: plan.interrupts.map(inWords),
  cannotUndo: plan.cannotUndo.map(inWords),
  notes: plan.notes.map(inWords),
  cards: plan.cards.map(inWords),
  steps: plan.steps.map(one => ({...one, words: inWords(one.words), stdin: one.stdin && inWords(one.stdin)})),
})

export const planOf = (fix: GatewayFix, facts: Facts): Plan | Refusal => {
  const made = firstFailed(facts, fixes[fix].needs) ?? fixes[fix].plan(facts)
  if (isRefusal(made)) return made
  return withDoubt(made.gateway.secret === 'password' ? withPassword(made) : made)
}
