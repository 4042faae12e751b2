import type {Plan, Step} from '../plans/plan.ts'
import {lifeOf} from './renewal.ts'
import {words} from './renewal-words.ts'

const withWord = (argv: readonly string[], validFor: string): readonly string[] =>
  argv.map((word, i) => (argv[i - 1] === '--expires-in' ? validFor : word))

const retold =
  (validFor: string, forMs: number) =>
  (one: Step): Step => {
    const {act} = one
    if (act.do === 'tell' || !('login' in act)) return one
    const login = act.login.aim.is === 'saved' ? {...act.login, aim: {...act.login.aim, forMs}} : act.login
    if (!('argv' in act)) return {...one, act: {...act, login}}
    const argv = withWord(act.argv, validFor)
    const change = one.change && {
      ...one.change,
      to: words['paste-token']({why: '', state: 'ok', hidesShared: false}, login).change.to,
    }
    return {...one, argv, change, act: {...act, login, argv}}
  }

/** The same plan for a token that is good for another length of time. */
export const withLife = (plan: Plan, validFor: string): Plan => {
  const forMs = lifeOf(validFor)
  if (!plan.asks || plan.asks.validFor === null || forMs === null) return plan
  return {...plan, asks: {...plan.asks, validFor}, steps: plan.steps.map(retold(validFor, forMs))}
}
