import {parseLifetime, secretProblem} from '../../domain/logins/renewal.ts'
import type {Plan} from '../../domain/plans/plan.ts'
import {withLifetime} from '../../domain/plans/renewal/facts.ts'
import {Secret} from '../../domain/secret.ts'
import type {Message} from '../message.ts'
import type {Field, PlanShown} from './plan-shown.ts'
import {isConfirmed} from './view.ts'

/** What is typed below a plan, one after the other: a secret, for how long it is good, the word that runs it. */

export const firstField = ({asks}: Plan): Field => (asks?.secret ? 'secret' : asks?.validFor ? 'life' : 'word')

/** Where a field begins: with what is proposed, or empty. */
export const openField = (shown: PlanShown, plan: Plan, field: Field): PlanShown => ({
  ...shown,
  plan,
  field,
  typed: field === 'life' ? (plan.asks?.validFor ?? '') : '',
})

type Entered = {shown: PlanShown} | {notice: string} | 'run'

const secretEntered = (shown: PlanShown, plan: Plan): Entered => {
  const {asks} = plan
  if (!asks?.secret) return {shown: openField(shown, plan, 'word')}
  const text = shown.secret?.reveal().trim() ?? ''
  const obstacle = secretProblem(text, asks.secret)
  if (obstacle !== null) return {notice: `That is no ${asks.secret.what}: ${obstacle}`}
  return {shown: openField({...shown, secret: new Secret(text)}, plan, asks.validFor === null ? 'word' : 'life')}
}

const lifeEntered = (shown: PlanShown, plan: Plan): Entered =>
  parseLifetime(shown.typed) === null
    ? {notice: 'How long it is good for: 30m, 12h, 1.5h or 365d; OpenClaw saves nothing for anything else'}
    : {shown: openField(shown, withLifetime(plan, shown.typed.trim()), 'word')}

/** Enter, in whichever field: on to the next one, or the reason why not yet. */
export const fieldEntered = (shown: PlanShown, plan: Plan): Entered => {
  if (shown.field === 'secret') return secretEntered(shown, plan)
  if (shown.field === 'life') return lifeEntered(shown, plan)
  return isConfirmed(shown) ? 'run' : {notice: `Type the word ${plan.confirm} to run it`}
}

const maxSecretLength = 16_384

/** Pasted text goes into the masked field and nowhere else: it must not press keys. */
export const pastedInto = ({plan, phase, field, secret}: PlanShown, text: string): Message | null =>
  plan !== null && phase === 'shown' && field === 'secret'
    ? {type: 'plan-secret-typed', secret: new Secret(`${secret?.reveal() ?? ''}${text.trim()}`.slice(0, maxSecretLength))}
    : null

const typedSecret = (text: string): Message => ({type: 'plan-secret-typed', secret: new Secret(text)})

const pressSecret = (secret: string, key: string): Message | null => {
  if (key === 'backspace') return typedSecret(secret.slice(0, -1))
  if (key === 'ctrl+u') return typedSecret('')
  return key.length === 1 ? typedSecret(secret + key) : null
}

export const pressField = ({field, typed, secret}: PlanShown, key: string): Message | null => {
  if (key === 'enter') return {type: 'plan-confirmed'}
  if (field === 'secret') return pressSecret(secret?.reveal() ?? '', key)
  if (key === 'backspace') return {type: 'plan-typed', text: typed.slice(0, -1)}
  return key.length === 1 ? {type: 'plan-typed', text: typed + key} : null
}

/** The input line: the question and the text typed so far; for a secret only its length. */
export const fieldText = ({field, typed, secret}: PlanShown, plan: Plan): {asks: string; typed: string} => {
  if (field === 'secret') {
    const length = secret?.length ?? 0
    const shown = length === 0 ? '' : `${'•'.repeat(Math.min(length, 12))} ${length}`
    return {asks: `Paste the ${plan.asks?.secret?.what}, unseen; enter goes on, esc leaves:`, typed: shown}
  }
  if (field === 'life') return {asks: 'How long is it good for? 12h, 365d; enter goes on, esc leaves:', typed}
  return {asks: `Type ${plan.confirm} and enter to run it, esc to leave:`, typed}
}
