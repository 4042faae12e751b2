import {isFirstToken, step, type TokenWay} from '../../domain/plans/plan.ts'
import {fingerprintOf, type Secret} from '../../domain/secret.ts'
import {isSameSecret, tokenNow} from './steps-files.ts'
import {askGateway, type Doing, type Done, failed, fine, type Hand} from './steps-hand.ts'
import {lifeOf} from './steps-life.ts'
import {untilAccepted} from './steps-prove.ts'
import {restart, untilRestarted} from './steps-restart.ts'
import {isBroken, putWhole, restoreIfBroken} from './steps-restore.ts'
import {byEdit, putToken} from './steps-token.ts'

/** `forward`: after all it is the new token that works, and nothing needed to be taken back. */
export type RolledBack = {to: 'old' | 'forward' | 'nowhere'; because: string | null}

const longestMs = 90_000

const wayOf = ({plan}: Hand): TokenWay => plan.gateway.way

const swapped = (hand: Hand): Hand => ({...hand, old: hand.next, next: hand.old})

/** The command wrote a config that we do not see. It is this gateway's only if this gateway takes the new token: no other gets our old one. */
const unseenBack = async (hand: Hand, old: Secret): Promise<Done> => {
  const isOurs = hand.next !== null && (await untilAccepted(hand, hand.next, settleMs(hand))).ok
  if (isOurs) return putToken(hand, wayOf(hand), old)
  return failed(
    `this gateway has not taken the new token, so OpenClaw's command has written the config of another gateway, which now has a new one: compare \`openclaw config file\` of that command with ${hand.plan.gateway.configFile}, and put that other file back from the .bak beside it`,
  )
}

/** The way of the release first; where that fails, the one string in the file. */
const writeOld = async (hand: Hand, old: Secret): Promise<Done> => {
  if (hand.astray) return unseenBack(hand, old)
  if (isSameSecret(tokenNow(hand.plan.gateway), old)) return fine
  const done = await putToken(hand, wayOf(hand), old)
  if (done.ok || wayOf(hand).by === 'edit') return done
  hand.say(`${done.because}; so the one string in the file is replaced`)
  return byEdit(hand, old)
}

/** As long as the plan itself would wait, and no longer than a minute and a half. */
const settleMs = ({plan}: Hand): number => Math.min(longestMs, ...plan.steps.flatMap(({budgetMs}) => budgetMs ?? []))

const proveOld = async (hand: Hand, old: Secret): Promise<RolledBack> => {
  const done = await untilAccepted(swapped(hand), old, settleMs(hand))
  hand.prove(`the old token ${fingerprintOf(old)} is accepted`, done.ok)
  return done.ok ? {to: 'old', because: null} : {to: 'nowhere', because: done.because}
}

const back = async (hand: Hand, old: Secret): Promise<RolledBack> => {
  const written = await writeOld(hand, old)
  if (!written.ok) {
    hand.undid(`the old token could not be put back: ${written.because}`, false)
    return {to: 'nowhere', because: written.because}
  }
  hand.changed = false
  hand.undid(`the old token ${fingerprintOf(old)} is back in ${hand.plan.gateway.tokenFile}`, true)
  await restartIfNeeded(hand, old)
  return proveOld(hand, old)
}

/** Where nothing is taken over without a restart, and the gateway had started with the new token, it starts once more. */
const restartIfNeeded = async (hand: Hand, old: Secret): Promise<void> => {
  const {restart: form, needsRestart = false} = hand.plan.gateway
  if (!needsRestart || form === null || (await askGateway(hand, old)).kind === 'accepted') return
  hand.life = await lifeOf(hand.plan.gateway)
  hand.say('it takes nothing over while it runs (gateway.reload.mode off): one restart')
  const asked = await restart(hand, {do: 'restart', form}, rollBackStep)
  const done = asked.ok ? await untilRestarted(hand, settleMs(hand)) : asked
  hand.changed = false
  if (!done.ok) hand.say(`${done.because} ${form.byHand}`)
}

/** Neither token works: one restart by whoever runs the gateway, then the new one again. */
const restartOnce = async (hand: Hand, old: Secret, next: Secret): Promise<RolledBack> => {
  const form = hand.plan.gateway.restart
  if (form !== null) {
    hand.life = await lifeOf(hand.plan.gateway)
    hand.say('neither token works: one restart')
    const asked = await restart(hand, {do: 'restart', form}, rollBackStep)
    if (asked.ok && (await untilRestarted(hand, settleMs(hand))).ok) {
      const {kind} = await askGateway(hand, next)
      hand.prove(`the new token ${fingerprintOf(next)} is accepted after a restart`, kind === 'accepted')
      if (kind === 'accepted') return {to: 'forward', because: null}
    } else if (!asked.ok) hand.say(asked.because)
  }
  const done = await back(hand, old)
  if (done.to === 'old' || form === null) return done
  return {to: 'nowhere', because: `${done.because ?? 'the gateway takes neither token'}. ${form.byHand}`}
}

const rollBackStep = step('roll-back', 'write', 'Put the old token back', {do: 'roll-back'})

/** A token that is neither ours nor the one before is somebody else's, and theirs to keep. */
const isForeign = (hand: Hand): boolean => {
  const now = tokenNow(hand.plan.gateway)
  return now !== null && !isSameSecret(now, hand.old) && !isSameSecret(now, hand.next)
}

/** There was no token before: the whole file of before is put back, and whatever the gateway makes up holds again. */
const withoutToken = (hand: Hand): RolledBack => {
  const {tokenFile} = hand.plan.gateway
  if (!isBroken(tokenFile) && !isSameSecret(tokenNow(hand.plan.gateway), hand.next))
    return {to: 'nowhere', because: `somebody else has changed ${tokenFile} meanwhile: it is left alone`}
  const done = putWhole(hand, `${tokenFile} is as it was, without a token`)
  return done.ok ? {to: 'old', because: null} : {to: 'nowhere', because: done.because}
}

export const rollBack = async (hand: Hand): Promise<RolledBack> => {
  const {old, next} = hand
  if (old === null && isFirstToken(hand.plan)) return withoutToken(hand)
  if (old === null) return {to: 'nowhere', because: 'the old token is not known'}
  const whole = restoreIfBroken(hand)
  if (!whole.ok) return {to: 'nowhere', because: whole.because}
  if (isForeign(hand)) return {to: 'nowhere', because: 'somebody else has written another token meanwhile: it is left alone'}
  if (hand.astray) return back(hand, old)
  const {kind} = await askGateway(hand, old)
  if (kind === 'accepted') return back(hand, old)
  if (next !== null && (await askGateway(hand, next)).kind === 'accepted' && isSameSecret(tokenNow(hand.plan.gateway), next))
    return back(hand, old)
  return next === null ? back(hand, old) : restartOnce(hand, old, next)
}

export const rollBackAct: Doing<'roll-back'> = async hand => {
  const {to, because} = await rollBack(hand)
  return to === 'nowhere' ? failed(because ?? 'it could not be taken back') : fine
}
