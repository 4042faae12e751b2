import {setTimeout as pause} from 'node:timers/promises'
import type {WrongTries} from '../../domain/plans/plan.ts'
import {fingerprintOf, type Secret} from '../../domain/secret.ts'
import {readDevices, readHealth} from '../../gateway/cli-said.ts'
import {storedDevices} from '../token/device-store.ts'
import type {Answer} from '../token/oracle.ts'
import {isSameSecret} from './steps-files.ts'
import {askGateway, complaint, type Doing, type Done, failed, fine, type Hand, runSigningIn, unsure} from './steps-hand.ts'
import {isAnother, type Life, lifeOf} from './steps-life.ts'
import {sourceToken} from './steps-source.ts'
import {newToken} from './steps-token.ts'

const healthMs = 30_000
const lookMs = 250
const retryMs = 15_000
/** Where there was no token before, nothing but the new one tells that the gateway has taken it over. */
const firstLookMs = 3000

export const askAccepted: Doing<'ask-accepted'> = async hand => {
  const token = await sourceToken(hand)
  if (token === null) return failed(`there is no token in ${hand.plan.gateway.source.path} now`)
  hand.old = token
  const {kind, because} = await askGateway(hand, token)
  if (kind === 'accepted') {
    hand.prove(`${fingerprintOf(token)} is accepted`, true)
    return fine
  }
  if (kind === 'not-ready') return unsure(`the gateway gave no answer: ${because}`)
  hand.prove(`${fingerprintOf(token)} is accepted`, false)
  return failed(because ?? `the gateway refuses ${fingerprintOf(token)}, the token of ${hand.plan.gateway.source.path}`)
}

type Waiting = {hand: Hand; next: Secret; deadline: number; oldGone: 'no' | 'refused' | 'silent'; life: Life}

const left = ({deadline, hand}: Waiting): number => (hand.stop.aborted ? 0 : deadline - performance.now())

/** The right token costs nothing to ask for; it is the old one until it is refused, so no wrong one is sent while nothing happens. */
const watchOld = async (waiting: Waiting): Promise<void> => {
  const {hand} = waiting
  if (hand.old === null) {
    await pause(firstLookMs)
    waiting.oldGone = 'refused'
    return
  }
  const {kind} = await askGateway(hand, hand.old)
  if (kind === 'accepted') await pause(lookMs)
  else waiting.oldGone = kind === 'not-ready' ? 'silent' : 'refused'
}

/** After a wrong answer nothing is asked with a token until the gateway has begun anew, or a while has passed. */
const untilNews = async (waiting: Waiting): Promise<void> => {
  const until = performance.now() + retryMs
  while (left(waiting) > 0 && performance.now() < until) {
    await pause(lookMs)
    const now = await lifeOf(waiting.hand.plan.gateway)
    if (isAnother(waiting.life, now)) {
      waiting.life = now
      return
    }
  }
}

const askNew = async (waiting: Waiting): Promise<boolean> => {
  const {kind} = await askGateway(waiting.hand, waiting.next)
  if (kind === 'accepted') return true
  if (kind === 'not-ready') await pause(lookMs)
  else if (waiting.oldGone === 'silent') waiting.oldGone = 'no'
  else await untilNews(waiting)
  return false
}

const gone: Readonly<Record<Waiting['oldGone'], string | null>> = {
  no: null,
  refused: 'the old token is refused now',
  silent: 'the gateway does not answer for the moment: it is restarting',
}

const bothMayBe = 'the new one may be too, until the gateway has begun anew'

const notYet = ({oldGone, hand}: Waiting, budgetMs: number): string => {
  const isFirst = hand.old === null
  const after = `after ${Math.round(budgetMs / 1000)} s`
  if (oldGone === 'no')
    return `${after} the gateway still takes the old token; why is not known. Known causes: a --token in its start command, or a release that keeps the old token when it restarts in place (2026.5.5)`
  return oldGone === 'silent'
    ? `${after} the gateway does not answer`
    : `${after} the gateway takes ${isFirst ? 'the new token not' : 'neither the old nor the new token'}`
}

/** True once the gateway accepts the token. Wrong tokens are sent as rarely as can be. */
export const untilAccepted = async (hand: Hand, next: Secret, budgetMs: number, bothRefused = false): Promise<Done> => {
  const life = await lifeOf(hand.plan.gateway)
  const oldGone = isSameSecret(hand.old, next) ? 'refused' : 'no'
  const waiting: Waiting = {hand, next, deadline: performance.now() + budgetMs, oldGone, life}
  while (left(waiting) > 0) {
    const before = waiting.oldGone
    if (waiting.oldGone === 'no') await watchOld(waiting)
    const told = gone[waiting.oldGone]
    if (before === 'no' && told !== null && hand.old !== null)
      hand.say(bothRefused && waiting.oldGone === 'refused' ? `${told}; ${bothMayBe}` : told)
    if (waiting.oldGone !== 'no' && (await askNew(waiting))) return fine
  }
  const takesBoth = waiting.oldGone === 'no' && (await askGateway(hand, next)).kind === 'accepted'
  return takesBoth ? fine : failed(notYet(waiting, budgetMs))
}

export const waitAccepted: Doing<'wait-accepted'> = async (hand, {budgetMs, bothRefused}) =>
  hand.next === null ? failed('there is no new token') : untilAccepted(hand, hand.next, budgetMs, bothRefused)

type Wanted = {token: Secret; name: string; accepted: boolean}

/** An undo brings the older token, which would be misleading to call new. */
const namesIn = ({plan, next}: Hand): {right: string; wrong: string} => {
  if (next === null) return {right: 'the token', wrong: ''}
  return plan.fix === 'undo'
    ? {right: 'the token of before', wrong: 'the one it replaces'}
    : {right: 'the new token', wrong: 'the old token'}
}

const askedFor = (hand: Hand, tries: WrongTries): Wanted[] => {
  const {old, next} = hand
  const token = next ?? old
  if (token === null) return []
  const names = namesIn(hand)
  const right: Wanted = {token, name: `${names.right} ${fingerprintOf(token)}`, accepted: true}
  const wrong: Wanted[] = [
    ...(tries.old && next !== null && old !== null
      ? [{token: old, name: `${names.wrong} ${fingerprintOf(old)}`, accepted: false}]
      : []),
    ...(tries.random ? [{token: newToken(), name: madeUp, accepted: false}] : []),
  ]
  return [right, ...wrong, ...(wrong.length > 0 ? [right] : [])]
}

const madeUp = 'a made-up token'
const authIsOff = 'AUTHENTICATION IS OFF: the gateway accepts any token'

/** A gateway that restarts may take the new token for a moment before it goes: no answer proves nothing, so it is asked again. */
const askPatiently = async (hand: Hand, token: Secret): Promise<Answer> => {
  const budgetMs = Math.max(0, ...hand.plan.steps.flatMap(step => step.budgetMs ?? []))
  const until = performance.now() + budgetMs
  for (;;) {
    const answer = await askGateway(hand, token)
    if (answer.kind !== 'not-ready' || hand.stop.aborted || performance.now() >= until) return answer
    await pause(lookMs)
  }
}

const takesAnything = async (hand: Hand, name: string): Promise<boolean> => {
  if (name === madeUp) return true
  const anything = (await askGateway(hand, newToken())).kind === 'accepted'
  hand.prove(`${madeUp} is ${anything ? 'accepted' : 'refused'}`, !anything)
  return anything
}

/** New first, then each wrong one once, then new again, which ends the delay that wrong ones bring. */
export const proveToken: Doing<'prove-token'> = async (hand, {tries}) => {
  if (hand.next === null && hand.old === null) hand.old = await sourceToken(hand)
  const wanted = askedFor(hand, tries)
  if (wanted.length === 0) return unsure(`there is no token in ${hand.plan.gateway.source.path} to ask with`)
  for (const {token, name, accepted} of wanted) {
    const {kind, because} = await askPatiently(hand, token)
    if (kind === 'not-ready' || kind === 'locked') return unsure(because ?? 'the gateway gave no answer')
    const ok = (kind === 'accepted') === accepted
    hand.prove(`${name} is ${kind}`, ok)
    if (ok) continue
    return kind === 'accepted' && (await takesAnything(hand, name))
      ? {...failed(authIsOff), keep: true}
      : failed(`${name} is ${kind}`)
  }
  return fine
}

export const askHealth: Doing<'ask-health'> = async (hand, {argv}) => {
  const ran = await runSigningIn(hand, argv, {timeoutMs: healthMs})
  const health = readHealth(ran.stdout)
  hand.prove('the command of OpenClaw signs in', health?.ok === true)
  if (health?.ok === true) return fine
  return failed(health?.because ?? complaint(ran))
}

/** For the person's eyes: that it cannot be listed is no failure of the plan. */
export const listDevices: Doing<'list-devices'> = async (hand, {argv}) => {
  const stored = storedDevices(hand.plan.gateway.stateDir)
  const devices = stored ?? (argv && readDevices((await runSigningIn(hand, argv, {timeoutMs: healthMs})).stdout))
  if (devices === null) hand.say('they could not be listed')
  else if (devices.length === 0) hand.say('no device is paired')
  else for (const {name, role} of devices) hand.say(`${name}${role === null ? '' : ` as ${role}`} keeps its own token`)
  return fine
}
