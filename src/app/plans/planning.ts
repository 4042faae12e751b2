import type {DeviceRequest} from '../../domain/plans/devices/facts.ts'
import {deviceFix} from '../../domain/plans/devices/plan.ts'
import {type Entry, endEntry, entriesOf, plannedEntry} from '../../domain/plans/journal.ts'
import type {GatewayFix} from '../../domain/plans/plan.ts'
import type {Effect, RenewalRequest} from '../effect.ts'
import type {Message} from '../message.ts'
import {type State, withNotice} from '../state.ts'
import {fieldEntered, firstField, openField, pressField} from './fields.ts'
import type {PlanShown} from './plan-shown.ts'
import {hasChangedToken, planBeingMade} from './view.ts'

type Next = [State, ...Effect[]]

const changed = (state: State, change: Partial<PlanShown>): State =>
  state.plan ? {...state, plan: {...state.plan, ...change}} : state

const proving: readonly string[] = ['wait-accepted', 'prove-token']

/** A plan that wrote the gateway's token changed it at the moment of its first proof. What finishes another, or writes copies, changes none. */
const rotatedAt = (entries: readonly Entry[]): number | null => {
  const plan = plannedEntry(entries)?.plan
  const end = endEntry(entries)
  if (!plan || end?.outcome !== 'done' || !plan.steps.some(({act}) => act.do === 'write-token')) return null
  const proofs = plan.steps.filter(({act}) => proving.includes(act.do)).map(({id}) => id)
  const proved = entriesOf(entries, 'proved').find(entry => entry.ok && proofs.includes(entry.step))
  return Date.parse((proved ?? end).at)
}

/** The last change of the token: of a plan, or of one that the log tells of, such as that of a plan whose runner died. */
const lastRotation = ({rotatedAt: planned, world}: State): number | null => {
  const logged = world.timeline.findLast(timelineEvent => timelineEvent.kind === 'rotation')?.at ?? null
  return planned === null || logged === null ? (planned ?? logged) : Math.max(planned, logged)
}

const withBoard = (state: State, last: number): State => ({...state, boardSince: last, panel: 'clients', evidence: null})

/** The board of who is back; there is none before a rotation. */
export const boardToggled = (state: State): State => {
  if (state.boardSince !== null) return {...state, boardSince: null}
  const last = lastRotation(state)
  return last === null ? withNotice(state, 'No token change in what was read: t rotates the token') : withBoard(state, last)
}

/** From a plan that is done to the board, where there is one. */
const boardAfterPlan = (state: State): State => {
  const last = state.boardSince ?? lastRotation(state)
  return last === null ? state : withBoard(state, last)
}

/** Null once the files of a gateway were read. In the first second nothing but its log has been, which is not only reading logs. */
export const unlessRead = ({copies, live}: State, onlyLogs: string): string | null => {
  if (copies !== null) return null
  return live === null ? onlyLogs : "The gateway's files are still being read: try it again in a moment"
}

/** Why no plan can be made now. */
export const planUnless = (state: State): string | null => {
  if (state.kind === 'replay') return 'A replay is of the past: there is nothing to change'
  return unlessRead(state, 'Only logs are read here: gatecrab does not know which gateway to change')
}

/** The one that runs is shown again before another is made. */
const shownAgain = (state: State): Next => [{...state, overlay: null, plan: state.backgroundPlan, backgroundPlan: null}]

export const asked = (state: State, fix: GatewayFix): Next =>
  state.backgroundPlan
    ? shownAgain(state)
    : [
        {...state, overlay: null, plan: planBeingMade(fix)},
        {type: 'make-plan', fix},
      ]

/** A login's renewal: of the kind that is wanted, or of the one that is right for its state. */
export const renewalAsked = (state: State, request: RenewalRequest): Next =>
  state.backgroundPlan
    ? shownAgain(state)
    : [
        {...state, overlay: null, plan: planBeingMade('renew')},
        {type: 'make-renewal', request},
      ]

export const deviceAsked = (state: State, request: DeviceRequest): Next =>
  state.backgroundPlan
    ? shownAgain(state)
    : [
        {...state, overlay: null, plan: planBeingMade(deviceFix(request.action))},
        {type: 'make-device-plan', request},
      ]

/** A plan that was put away ends: well, and it is said; not well, and it comes back. */
const backgroundEnded = (state: State, away: PlanShown): State =>
  endEntry(away.entries)?.outcome === 'done'
    ? withNotice({...state, backgroundPlan: null}, `${away.fix} is done`)
    : {...state, backgroundPlan: null, plan: away}

const updateBackground = (state: State, entries: readonly Entry[]): State => {
  if (!state.backgroundPlan) return state
  const away: PlanShown = {...state.backgroundPlan, entries, phase: endEntry(entries) === null ? 'running' : 'ended'}
  return away.phase === 'ended' ? backgroundEnded(state, away) : {...state, backgroundPlan: away}
}

const confirmed = (state: State): Next => {
  const {plan} = state
  if (!plan?.plan || plan.phase !== 'shown') return [state]
  if (state.readonly) return [withNotice(state, '--readonly shows plans and runs none')]
  const entered = fieldEntered(plan, plan.plan)
  if (entered !== 'run') return 'notice' in entered ? [withNotice(state, entered.notice)] : [{...state, plan: entered.shown}]
  const run = {type: 'run-plan', plan: plan.plan, secret: plan.secret} as const
  return [changed(state, {phase: 'running', typed: '', secret: null, top: 0}), run]
}

const putAway = (state: State, next?: 'board'): State => {
  const closed = {...state, plan: null, backgroundPlan: state.plan?.phase === 'running' ? state.plan : null}
  return next === 'board' ? boardAfterPlan(closed) : closed
}

/** What becomes of the plan on the screen. A plan that runs goes on when it is put away. */
export const planned = (state: State, message: Message): Next => {
  switch (message.type) {
    case 'plan-made':
      return [
        state.plan ? {...state, plan: openField({...state.plan, phase: 'shown'}, message.plan, firstField(message.plan))} : state,
      ]
    case 'plan-refused':
      return [
        state.plan === null && state.backgroundPlan
          ? {...state, backgroundPlan: null, plan: {...state.backgroundPlan, refused: message.problem, phase: 'ended'}}
          : changed(state, {refused: message.problem, phase: 'ended'}),
      ]
    case 'plan-typed':
      return [changed(state, {typed: message.text})]
    case 'plan-secret-typed':
      return [changed(state, {secret: message.secret})]
    case 'plan-scrolled':
      return [changed(state, {top: Math.max(0, (state.plan?.top ?? 0) + message.by)})]
    case 'plan-view-asked':
      return [changed(state, {view: state.plan?.view === message.view ? 'summary' : message.view, top: 0})]
    case 'plan-confirmed':
      return confirmed(state)
    case 'plan-entries-read': {
      const isOver = endEntry(message.entries) !== null
      const rotated = rotatedAt(message.entries)
      const boarded = rotated === null ? state : {...state, boardSince: rotated, rotatedAt: rotated, panel: 'clients' as const}
      return [
        boarded.plan
          ? changed(boarded, {entries: message.entries, phase: isOver ? 'ended' : 'running'})
          : updateBackground(boarded, message.entries),
      ]
    }
    case 'plan-found': {
      if (state.plan || state.backgroundPlan) return [state]
      const {plan, entries} = message
      return [{...state, plan: {...planBeingMade(plan.fix), plan, entries, phase: entries.length === 0 ? 'shown' : 'running'}}]
    }
    case 'rotation-recalled':
      return [{...state, rotatedAt: state.rotatedAt ?? rotatedAt(message.entries)}]
    case 'plan-put-away':
      return [putAway(state, message.next)]
    default:
      return [state]
  }
}

/** What usually follows a change of the token, at hand where it is said to be done. */
const afterToken: Readonly<Record<string, Message>> = {
  b: {type: 'plan-put-away', next: 'board'},
  p: {type: 'fix-asked', fix: 'propagate'},
  u: {type: 'fix-asked', fix: 'undo'},
}

/** Until its word is begun, and where that does not begin so. */
const viewAsked = ({plan, field, typed}: PlanShown, key: string): Message | null => {
  if (plan === null || field !== 'word' || typed !== '' || plan.confirm.startsWith(key)) return null
  if (key === 'c') return {type: 'plan-view-asked', view: 'whole'}
  return key === 'm' && plan.cards.length > 0 ? {type: 'plan-view-asked', view: 'manual'} : null
}

/** Keys while a plan is on the screen: its word is typed, arrows scroll, escape puts it away. */
export const pressPlan = (plan: PlanShown, key: string): Message | null => {
  if (key === 'esc' || key === 'ctrl+c') return {type: 'plan-put-away'}
  if (plan.phase === 'shown' && plan.field === 'secret' && key === 'ctrl+u') return pressField(plan, key)
  if (key === 'down' || key === 'pagedown' || key === 'ctrl+d') return {type: 'plan-scrolled', by: key === 'down' ? 1 : 8}
  if (key === 'up' || key === 'pageup' || key === 'ctrl+u') return {type: 'plan-scrolled', by: key === 'up' ? -1 : -8}
  if (hasChangedToken(plan) && key in afterToken) return afterToken[key] ?? null
  if (plan.phase !== 'shown')
    return key === 'enter' || key === 'q'
      ? {type: 'plan-put-away'}
      : key === 'j' || key === 'k'
        ? {type: 'plan-scrolled', by: key === 'j' ? 1 : -1}
        : null
  if (key === 'tab') return {type: 'plan-view-asked', view: 'whole'}
  return viewAsked(plan, key) ?? pressField(plan, key)
}
