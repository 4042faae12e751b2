import {setTimeout as pause} from 'node:timers/promises'
import {deviceName} from '../../domain/devices/device.ts'
import type {WrongTries} from '../../domain/plans/plan.ts'
import {fingerprintOf, type Secret} from '../../domain/secret.ts'
import {readHealth} from '../../gateway/cli-output.ts'
import {readDeviceList} from '../../gateway/devices/store.ts'
import {readDeviceStore} from '../devices/reader.ts'
import type {Answer} from '../token/token-probe.ts'
import {isSameSecret} from './backup-files.ts'
import {sourceToken} from './copies-source.ts'
import {hasRestarted, type ProcessState, readProcessState} from './process-identity.ts'
import {
  complaint,
  failed,
  fine,
  probeToken,
  runSigningIn,
  type StepContext,
  type StepHandler,
  type StepResult,
  unsure,
} from './step-context.ts'
import {createToken} from './token-steps.ts'

const healthMs = 30_000
const lookMs = 250
const retryMs = 15_000
/** Where there was no token before, nothing but the new one tells that the gateway has taken it over. */
const firstLookMs = 3000

export const askAccepted: StepHandler<'ask-accepted'> = async context => {
  const token = await sourceToken(context)
  if (token === null) return failed(`there is no token in ${context.plan.gateway.source.path} now`)
  context.old = token
  const {kind, because} = await probeToken(context, token)
  if (kind === 'accepted') {
    context.prove(`${fingerprintOf(token)} is accepted`, true)
    return fine
  }
  if (kind === 'not-ready') return unsure(`the gateway gave no answer: ${because}`)
  context.prove(`${fingerprintOf(token)} is accepted`, false)
  return failed(because ?? `the gateway refuses ${fingerprintOf(token)}, the token of ${context.plan.gateway.source.path}`)
}

type Waiting = {hand: StepContext; next: Secret; deadline: number; oldTokenState: 'no' | 'refused' | 'silent'; life: ProcessState}

const left = ({deadline, hand: context}: Waiting): number => (context.stop.aborted ? 0 : deadline - performance.now())

/** The right token costs nothing to ask for; it is the old one until it is refused, so no wrong one is sent while nothing happens. */
const watchOld = async (waiting: Waiting): Promise<void> => {
  const {hand: context} = waiting
  if (context.old === null) {
    await pause(firstLookMs)
    waiting.oldTokenState = 'refused'
    return
  }
  const {kind} = await probeToken(context, context.old)
  if (kind === 'accepted') await pause(lookMs)
  else waiting.oldTokenState = kind === 'not-ready' ? 'silent' : 'refused'
}

/** After a rejected token, wait for a gateway restart or a pause before the next try. */
const untilNews = async (waiting: Waiting): Promise<void> => {
  const until = performance.now() + retryMs
  while (left(waiting) > 0 && performance.now() < until) {
    await pause(lookMs)
    const now = await readProcessState(waiting.hand.plan.gateway)
    if (hasRestarted(waiting.life, now)) {
      waiting.life = now
      return
    }
  }
}

const askNew = async (waiting: Waiting): Promise<boolean> => {
  const {kind} = await probeToken(waiting.hand, waiting.next)
  if (kind === 'accepted') return true
  if (kind === 'not-ready') await pause(lookMs)
  else if (waiting.oldTokenState === 'silent') waiting.oldTokenState = 'no'
  else await untilNews(waiting)
  return false
}

const gone: Readonly<Record<Waiting['oldTokenState'], string | null>> = {
  no: null,
  refused: 'the old token is refused now',
  silent: 'the gateway does not answer for the moment: it is restarting',
}

const bothMayBe = 'the new one may be too, until the gateway has started again'

const notYet = ({oldTokenState, hand: context}: Waiting, budgetMs: number): string => {
  const isFirst = context.old === null
  const after = `after ${Math.round(budgetMs / 1000)} s`
  if (oldTokenState === 'no')
    return `${after} the gateway still takes the old token; why is not known. Known causes: a --token in its start command, or a release that keeps the old token when it restarts in place (2026.5.5)`
  return oldTokenState === 'silent'
    ? `${after} the gateway does not answer`
    : `${after} the gateway takes ${isFirst ? 'the new token not' : 'neither the old nor the new token'}`
}

/** True once the gateway accepts the token. Wrong tokens are sent as rarely as can be. */
export const untilAccepted = async (
  context: StepContext,
  next: Secret,
  budgetMs: number,
  bothRefused = false,
): Promise<StepResult> => {
  const life = await readProcessState(context.plan.gateway)
  const oldTokenState = isSameSecret(context.old, next) ? 'refused' : 'no'
  const waiting: Waiting = {hand: context, next, deadline: performance.now() + budgetMs, oldTokenState, life}
  while (left(waiting) > 0) {
    const before = waiting.oldTokenState
    if (waiting.oldTokenState === 'no') await watchOld(waiting)
    const notice = gone[waiting.oldTokenState]
    if (before === 'no' && notice !== null && context.old !== null)
      context.say(bothRefused && waiting.oldTokenState === 'refused' ? `${notice}; ${bothMayBe}` : notice)
    if (waiting.oldTokenState !== 'no' && (await askNew(waiting))) return fine
  }
  const takesBoth = waiting.oldTokenState === 'no' && (await probeToken(context, next)).kind === 'accepted'
  return takesBoth ? fine : failed(notYet(waiting, budgetMs))
}

export const waitAccepted: StepHandler<'wait-accepted'> = async (context, {budgetMs, bothRefused}) =>
  context.next === null ? failed('there is no new token') : untilAccepted(context, context.next, budgetMs, bothRefused)

type TokenTrial = {token: Secret; name: string; accepted: boolean}

/** An undo brings the older token, which would be misleading to call new. */
const namesIn = ({plan, next}: StepContext): {right: string; wrong: string} => {
  const {secret = 'token'} = plan.gateway
  if (next === null) return {right: `the ${secret}`, wrong: ''}
  return plan.fix === 'undo' || plan.fix === 'put-back'
    ? {right: `the ${secret} of before`, wrong: 'the one it replaces'}
    : {right: `the new ${secret}`, wrong: `the old ${secret}`}
}

const askedFor = (context: StepContext, tries: WrongTries): TokenTrial[] => {
  const {old, next} = context
  const token = next ?? old
  if (token === null) return []
  const names = namesIn(context)
  const right: TokenTrial = {token, name: `${names.right} ${fingerprintOf(token)}`, accepted: true}
  const wrong: TokenTrial[] = [
    ...(tries.old && next !== null && old !== null
      ? [{token: old, name: `${names.wrong} ${fingerprintOf(old)}`, accepted: false}]
      : []),
    ...(tries.random ? [{token: createToken(), name: madeUp, accepted: false}] : []),
  ]
  return [right, ...wrong, ...(wrong.length > 0 ? [right] : [])]
}

const madeUp = 'a random token'
const authIsOff = 'AUTHENTICATION IS OFF: the gateway accepts any token'

/** A gateway that restarts may take the new token for a moment before it goes: no answer proves nothing, so it is asked again. */
const askPatiently = async (context: StepContext, token: Secret): Promise<Answer> => {
  const budgetMs = Math.max(0, ...context.plan.steps.flatMap(step => step.budgetMs ?? []))
  const until = performance.now() + budgetMs
  for (;;) {
    const answer = await probeToken(context, token)
    if (answer.kind !== 'not-ready' || context.stop.aborted || performance.now() >= until) return answer
    await pause(lookMs)
  }
}

const takesAnything = async (context: StepContext, name: string): Promise<boolean> => {
  if (name === madeUp) return true
  const anything = (await probeToken(context, createToken())).kind === 'accepted'
  context.prove(`${madeUp} is ${anything ? 'accepted' : 'refused'}`, !anything)
  return anything
}

/** New first, then each wrong one once, then new again, which ends the delay that wrong ones bring. */
export const proveToken: StepHandler<'prove-token'> = async (context, {tries}) => {
  if (context.next === null && context.old === null) context.old = await sourceToken(context)
  const trials = askedFor(context, tries)
  if (trials.length === 0) return unsure(`there is no token in ${context.plan.gateway.source.path} to ask with`)
  for (const {token, name, accepted} of trials) {
    const {kind, because} = await askPatiently(context, token)
    if (kind === 'not-ready' || kind === 'locked') return unsure(because ?? 'the gateway gave no answer')
    const ok = (kind === 'accepted') === accepted
    context.prove(`${name} is ${kind}`, ok)
    if (ok) continue
    return kind === 'accepted' && (await takesAnything(context, name))
      ? {...failed(authIsOff), keep: true}
      : failed(`${name} is ${kind}`)
  }
  return fine
}

export const askHealth: StepHandler<'ask-health'> = async (context, {argv}) => {
  const ran = await runSigningIn(context, argv, {timeoutMs: healthMs})
  const health = readHealth(ran.stdout)
  context.prove('the command of OpenClaw signs in', health?.ok === true)
  if (health?.ok === true) return fine
  return failed(health?.because ?? complaint(ran))
}

/** For the person's eyes: that it cannot be listed is no failure of the plan. */
export const listDevices: StepHandler<'list-devices'> = async (context, {argv}) => {
  const {stateDir, release} = context.plan.gateway
  const {store: stored} = await readDeviceStore(stateDir, release)
  const store = stored ?? (argv && readDeviceList((await runSigningIn(context, argv, {timeoutMs: healthMs})).stdout))
  if (store === null) context.say('they could not be listed')
  else if (store.paired.length === 0) context.say('no device is paired')
  else
    for (const device of store.paired)
      context.say(`${deviceName(device)}${device.roles.length === 0 ? '' : ` as ${device.roles.join(', ')}`} keeps its own token`)
  return fine
}
