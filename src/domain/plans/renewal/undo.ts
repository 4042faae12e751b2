import {formatLifetime, type LoginAim} from '../../logins/renewal.ts'
import type {Plan, Step} from '../plan.ts'
import type {Refusal} from '../preconditions.ts'
import type {RenewalFacts} from './facts.ts'
import {renewalPlanOf, trackBusy} from './plan.ts'
import {loginBackup} from './steps.ts'

/** What an earlier renewal put by, without its secrets, and whether what it wrote still stands. */
export type PreviousRenewal = {
  id: string
  kind: 'paste-token' | 'paste-api-key' | 'order'
  backups: string
  /** The row of before; null: there was none. */
  before: {endsAt: number | null; isSameType: boolean} | null
  order: readonly string[] | null
  isAsWritten: boolean
}

const refuse = ({id}: PreviousRenewal, because: string, tryThis: string): Refusal => ({
  refused: {title: `Renewal ${id} cannot be undone`, because, tryThis, from: 'you'},
  unknown: false,
})

const soonMs = 120_000

const unfit = (previous: PreviousRenewal, {now, profile}: RenewalFacts): Refusal | null => {
  const {before, kind, isAsWritten} = previous
  const look = '`gatecrab profiles` shows how it stands'
  if (!isAsWritten) return refuse(previous, `somebody has changed ${profile.profileId} since: it is left alone`, look)
  if (kind === 'order') return null
  if (before === null)
    return refuse(previous, 'there was no such login before', '`gatecrab renew … --by logout` removes a dead one')
  if (!before.isSameType)
    return refuse(previous, 'a login of another type stood there before', 'sign in again where that one is wanted')
  return before.endsAt !== null && before.endsAt - now < soonMs
    ? refuse(previous, 'what stood there before has ended, and would help nobody', 'renew it with a secret that still serves')
    : null
}

const argvOf = (argv: readonly string[], forMs: number | null): readonly string[] =>
  argv.flatMap((word, i) => {
    if (forMs === null) return word === '--expires-in' || argv[i - 1] === '--expires-in' ? [] : [word]
    return [argv[i - 1] === '--expires-in' ? formatLifetime(forMs) : word]
  })

const aimOf = (aim: LoginAim, {before, order}: PreviousRenewal): LoginAim => {
  if (aim.is === 'first') return {is: 'first', order}
  return aim.is === 'saved' ? {...aim, forMs: null, endsAt: before?.endsAt ?? null} : aim
}

const takenBack =
  (previous: PreviousRenewal, forMs: number | null, change: string) =>
  (one: Step): Step => {
    const {act} = one
    if (act.do === 'tell' || !('login' in act)) return one
    const login = {...act.login, aim: aimOf(act.login.aim, previous)}
    if (act.do !== 'save-login') return {...one, act: {...act, login}}
    const argv = argvOf(act.argv, forMs)
    const secret = previous.kind === 'order' ? ('none' as const) : {from: loginBackup(previous.backups)}
    return {
      ...one,
      argv,
      undo: null,
      stdin: previous.kind === 'order' ? null : 'what stood there before, from the backup of that plan',
      change: one.change && {...one.change, to: change},
      act: {...act, login, argv, secret},
    }
  }

/** What a renewal replaced is given to OpenClaw again, by the same command. */
export const undoRenewalPlan = (facts: RenewalFacts, previous: PreviousRenewal): Plan | Refusal => {
  const refusal = trackBusy(facts) ?? unfit(previous, facts)
  if (refusal) return refusal
  const {kind, before, order} = previous
  const plan = renewalPlanOf(kind, facts)
  const forMs = before?.endsAt == null ? null : before.endsAt - facts.now
  const change = kind === 'order' ? (order?.join(', ') ?? 'none of its own') : 'what stood there before'
  return {
    ...plan,
    fix: 'undo',
    title: `Undo renewal ${previous.id}`,
    because: 'What it wrote is replaced by what was there before.',
    cannotUndo: [],
    confirm: facts.atRisk.length > 0 ? 'risk' : 'undo',
    notes: [],
    cards: [],
    steps: plan.steps.map(takenBack(previous, forMs, change)),
    undoes: previous.id,
    asks: {secret: null, validFor: null, terminal: false, atRisk: facts.atRisk},
  }
}
