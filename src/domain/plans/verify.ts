import type {Facts} from './facts.ts'
import {fixTitles} from './fix-titles.ts'
import type {Plan, Step} from './plan.ts'
import {commandStepFor, healthStep, proveStep, unaskedWarning} from './token-steps.ts'

const proof = (facts: Facts): Step => {
  const prove = proveStep(facts)
  if (prove.act.do !== 'prove-token') return prove
  const {random} = prove.act.tries
  const words = random
    ? 'Ask the gateway: the token of its config accepted, a random token refused, the first accepted again'
    : 'Ask the gateway: the token of its config accepted'
  return {...prove, words, otherwise: 'stop', act: {do: 'prove-token', tries: {old: false, random}}}
}

export const verifyPlan = (facts: Facts): Plan => {
  const health = healthStep(facts, 'go-on')
  return {
    id: facts.id,
    fix: 'verify',
    title: fixTitles.verify,
    because: 'What the files say is one thing, what the running gateway enforces another.',
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
