import {nameOf} from '../domain/attempts/client-name.ts'
import type {Problem} from '../domain/diagnosis/problem.ts'
import type {RefusedClient} from '../domain/diagnosis/refused-clients.ts'
import {hourMs} from '../domain/durations.ts'
import type {GatewayFix} from '../domain/plans/plan.ts'
import {reasonById, tabledReason} from '../domain/reasons/reason.ts'
import {causeText} from './cause-words.ts'
import type {Message} from './message.ts'
import {interruptedOf, problemDetail, problemKey} from './problems.ts'
import {parseFilter} from './rows/filter.ts'
import {refKey} from './rows/rows.ts'
import {type State, withNotice} from './state.ts'
import {clockOrDay, moment} from './words.ts'

/** The key of each fix, on the whole screen. */
const fixKeys: Readonly<Partial<Record<GatewayFix, string>>> = {rotate: 't', restart: 'r', propagate: 'p', verify: 'v'}

const restarts: readonly string[] = ['gateway-stopped', 'gateway-down', 'gateway-killed', 'gateway-frozen', 'service-stopped']

type Fix = {key: string; does: GatewayFix | 'finish' | 'logins' | 'devices'}

/** Which key starts what helps; null where only a person can. */
export const fixOf = ({id}: Problem, state: State): Fix | null => {
  if (id === 'plan-interrupted') return interruptedOf(state) === null ? null : {key: 't', does: 'finish'}
  if (id === 'login-gone' || id === 'login-ends' || id === 'login-disabled') return {key: 'w', does: 'logins'}
  if (id === 'device-pending' || reasonById(id).cause === 'pairing-required') return {key: 'a', does: 'devices'}
  const ofReason = tabledReason(id) === id ? reasonById(id).fixes[0] : undefined
  const fix = restarts.includes(id) ? 'restart' : id === 'token-copies' ? 'propagate' : ofReason
  if (fix === 'renew') return {key: 'w', does: 'logins'}
  const key = fix && fixKeys[fix]
  return fix === undefined || key === undefined ? null : {key, does: fix}
}

const refusalsFor = ({id}: Problem, {assessment}: State): RefusedClient[] =>
  assessment.refusals.filter(({tally}) => (tally.detail ?? tally.reason) === id)

const maxNames = 2

/** Whom it is about, in few words. */
const whoIn = (problem: Problem, state: State): string => {
  if (problem.about?.match(/^[~/]/)) return problem.about.slice(problem.about.lastIndexOf('/') + 1)
  if (problem.about !== undefined) return problem.about
  const names = [...new Set(refusalsFor(problem, state).map(({client}) => nameOf(client)))]
  const more = names.length - maxNames
  return `${names.slice(0, maxNames).join(', ')}${more > 0 ? ` +${more}` : ''}`
}

/** One line of the list. */
export type ProblemItem = {problem: Problem; key: string; since: string; who: string; fix: Fix | null; mutedUntil: number | null}
export type ProblemGroup = {head: string | null; items: readonly ProblemItem[]}

const itemOf = (problem: Problem, state: State): ProblemItem => {
  const key = problemKey(problem)
  return {
    problem,
    key,
    since: clockOrDay(problem.since, state.now),
    who: whoIn(problem, state),
    fix: fixOf(problem, state),
    mutedUntil: state.muted.get(key) ?? null,
  }
}

const causedBy = 'caused by: '

/** The problems under the event that they came of, then the others; those that are muted last. */
export const problemGroups = (state: State): ProblemGroup[] => {
  const {problems, cause} = state.assessment
  const items = problems.map(problem => itemOf(problem, state))
  const muted = items.filter(({mutedUntil}) => mutedUntil !== null)
  const open = items.filter(({mutedUntil}) => mutedUntil === null)
  const caused = cause === null ? [] : open.filter(({problem}) => cause.explains.includes(problem.id))
  const others = open.filter(item => !caused.includes(item))
  return [
    {
      head: cause === null ? null : `${causedBy}${causeText(cause, state.now, state.size.columns - causedBy.length)}`,
      items: caused,
    },
    {head: caused.length === 0 ? null : 'not explained by that', items: others},
    {head: 'muted', items: muted},
  ].filter(({items}) => items.length > 0)
}

const itemsIn = (groups: readonly ProblemGroup[]): ProblemItem[] => groups.flatMap(({items}) => items)

/** The one that the cursor is on; where it is gone, the first. */
export const chosenIn = (groups: readonly ProblemGroup[], {overlay}: State): ProblemItem | null => {
  const items = itemsIn(groups)
  const chosen = overlay?.kind === 'problems' ? overlay.chosen : null
  return items.find(({key}) => key === chosen) ?? items[0] ?? null
}

export const chosenProblem = (state: State): ProblemItem | null => chosenIn(problemGroups(state), state)

const withChosen = (state: State, key: string): State => ({...state, overlay: {kind: 'problems', chosen: key, top: 0}})

export const moveProblem = (state: State, by: number): State => {
  const groups = problemGroups(state)
  const items = itemsIn(groups)
  const chosen = chosenIn(groups, state)
  const index = items.findIndex(({key}) => key === chosen?.key)
  const next = items[Math.max(0, Math.min(items.length - 1, index + by))]
  return next ? withChosen(state, next.key) : state
}

/** Longer with each press, then not at all. */
const muteLengths: readonly number[] = [hourMs, 8 * hourMs, 24 * hourMs]
const slackMs = 60_000

export const muteProblem = (state: State): State => {
  const chosen = chosenProblem(state)
  if (!chosen) return withNotice(state, 'Nothing is wrong here that could be muted')
  const {key, mutedUntil, problem} = chosen
  const left = mutedUntil === null ? 0 : mutedUntil - state.now
  const next = muteLengths.find(length => length > left + slackMs)
  const muted = new Map(state.muted)
  if (next === undefined) muted.delete(key)
  else muted.set(key, state.now + next)
  const text =
    next === undefined
      ? `${problem.id} is not muted any more`
      : `${problem.id} is muted until ${moment(state.now + next, state.now)}`
  return withNotice(withChosen({...state, muted}, key), text)
}

/** Those whose time is over are told again. */
export const stillMuted = ({muted}: State, now: number): ReadonlyMap<string, number> =>
  Array.from(muted.values()).every(until => until > now) ? muted : new Map([...muted].filter(([, until]) => until > now))

/** The whole of what is known of one, for a chat or a ticket. */
export const problemText = (state: State): string | null => {
  const chosen = chosenProblem(state)
  return (
    chosen &&
    problemDetail(chosen.problem, state)
      .map(({label, text}) => `${label}${text}`.trim())
      .join('\n')
  )
}

/** The clients that it is about; where it is about none, the lines that show it. */
export const openProblem = (state: State): State => {
  const chosen = chosenProblem(state)
  if (!chosen) return {...state, overlay: null}
  return refusalsFor(chosen.problem, state).length > 0 ? showClients(state, chosen.problem) : showProblemLines(state)
}

const showClients = (state: State, {id}: Problem): State => ({
  ...state,
  overlay: null,
  evidence: null,
  boardSince: null,
  panel: 'clients',
  filter: parseFilter(`reason:${id}`),
})

export const showProblemLines = (state: State): State => {
  const chosen = chosenProblem(state)
  if (!chosen) return {...state, overlay: null}
  const {id, evidence} = chosen.problem
  const wanted = new Set(evidence.map(refKey))
  const last = state.log.lines.findLast(line => wanted.has(refKey(line.from)))
  if (!last)
    return withNotice(
      state,
      evidence.length === 0
        ? `No line of a log shows ${id}`
        : 'Its lines are further back than what is on hand: 3, then k at the top',
    )
  return {
    ...state,
    overlay: null,
    panel: 'log',
    evidence: {title: id, lines: wanted, back: state.panel},
    places: {...state.places, log: {key: String(last.id), index: 0, offset: 4}},
  }
}

/** What the key of its fix does. */
export const fixMessage = (state: State, key: string): Message | null => {
  const fix = chosenProblem(state)?.fix
  if (!fix || fix.key !== key) return null
  if (fix.does === 'logins' || fix.does === 'devices')
    return {type: 'panel-chosen', panel: fix.does === 'logins' ? 'profiles' : 'devices'}
  return {type: 'fix-asked', fix: fix.does === 'finish' ? 'rotate' : fix.does}
}
