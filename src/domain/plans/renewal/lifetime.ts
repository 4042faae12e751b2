import {parseLifetime} from '../../logins/renewal.ts'
import type {Plan, Step} from '../plan.ts'
import {renewalTexts} from './words.ts'

const replaceExpiry = (argv: readonly string[], validFor: string): readonly string[] =>
  argv.map((word, i) => (argv[i - 1] === '--expires-in' ? validFor : word))

const withNewLife =
  (validFor: string, forMs: number) =>
  (one: Step): Step => {
    const {act} = one
    if (act.do === 'tell' || !('login' in act)) return one
    const login = act.login.aim.is === 'saved' ? {...act.login, aim: {...act.login.aim, forMs}} : act.login
    if (!('argv' in act)) return {...one, act: {...act, login}}
    const argv = replaceExpiry(act.argv, validFor)
    const change = one.change && {
      ...one.change,
      to: renewalTexts['paste-token']({why: '', state: 'ok', hidesShared: false}, login).change.to,
    }
    return {...one, argv, change, act: {...act, login, argv}}
  }

/** The same plan for a token that is good for another length of time. */
export const withLifetime = (plan: Plan, validFor: string): Plan => {
  const forMs = parseLifetime(validFor)
  if (!plan.asks || plan.asks.validFor === null || forMs === null) return plan
  return {...plan, asks: {...plan.asks, validFor}, steps: plan.steps.map(withNewLife(validFor, forMs))}
}
