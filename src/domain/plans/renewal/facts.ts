import type {Credential} from '../../logins/credential.ts'
import type {Profile} from '../../logins/profile.ts'
import {parseLifetime, type RenewalKind} from '../../logins/renewal.ts'
import type {Cli, Facts} from '../facts.ts'
import type {Plan, Step, Target} from '../plan.ts'
import type {RenewalQuestion} from './choice.ts'
import {renewalTexts} from './words.ts'

/** All that the plan of a renewal is made from. */
export type RenewalFacts = {
  id: string
  now: number
  target: Target
  release: string | null
  profile: Profile
  /** Null where it stands in no store that we read. */
  credential: Credential | null
  /** A file of an older layout, which this release does not read. */
  isLeftover: boolean
  /** What the operator wants done; null: what is right for its state. */
  requestedKind: RenewalKind | null
  several: boolean
  /** The logins of its provider that the agent has, and their order where one was set for it. */
  order: {now: readonly string[]; stored: readonly string[] | null}
  /** Logins that are past their end and renew themselves: saving another may make the gateway try, and lose them. */
  atRisk: readonly string[]
  /** Argument lists, ready to run; null where no OpenClaw command was found. */
  cli: LoginCli | null
  /** The command itself, asked before it writes which gateway it means. */
  command: Pick<Cli, 'elsewhere' | 'configFile'> | null
  validFor: string
  seal: string | null
  busy: Facts['busy']
  cutOff: string | null
  backups: string
}

/** For each kind its argument list, and whether it must speak with a person; null where the release has no such command. */
export type LoginCli = Readonly<Record<RenewalKind, {argv: readonly string[]; speaks: boolean} | null>>

/** What the choice of a renewal is made by. */
export const renewalQuestion = ({profile, credential, isLeftover, now}: RenewalFacts): RenewalQuestion => ({
  profile,
  isInactive: credential?.isInactive === true,
  isLeftover,
  now,
})

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
