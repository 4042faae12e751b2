import {isFirstToken, step, type TokenWay} from '../../domain/plans/plan.ts'
import {fingerprintOf, type Secret} from '../../domain/secret.ts'
import {isSameSecret} from './backup-files.ts'
import {readProcessState} from './process-identity.ts'
import {untilAccepted} from './prove.ts'
import {restartGateway, untilRestarted} from './restart.ts'
import {putWhole, restoreIfBroken} from './restore.ts'
import {isBroken, tokenNow} from './secret-place.ts'
import {failed, fine, probeToken, type StepContext, type StepHandler, type StepResult} from './step-context.ts'
import {recreate} from './steps-container.ts'
import {askToReload, byEdit, putToken} from './token-steps.ts'

/** `forward`: after all it is the new token that works, and nothing needed to be taken back. */
export type RolledBack = {to: 'old' | 'forward' | 'nowhere'; because: string | null}

const maxSettleMs = 90_000

const wayOf = ({plan}: StepContext): TokenWay => plan.gateway.way

const swapped = (context: StepContext): StepContext => ({...context, old: context.next, next: context.old})

/** The command wrote a config that we do not see. It is this gateway's only if this gateway takes the new token: no other gets our old one. */
const unseenBack = async (context: StepContext, old: Secret): Promise<StepResult> => {
  const isOurs = context.next !== null && (await untilAccepted(context, context.next, settleMs(context))).ok
  if (isOurs) return putToken(context, wayOf(context), old)
  return failed(
    `this gateway has not taken the new token, so OpenClaw's command has written the config of another gateway, which now has a new one: compare \`openclaw config file\` of that command with ${context.plan.gateway.configFile}, and put that other file back from the .bak beside it`,
  )
}

/** The way of the release first; where that fails, the one string in the file. */
const writeOld = async (context: StepContext, old: Secret): Promise<StepResult> => {
  if (context.wroteElsewhere) return unseenBack(context, old)
  if (isSameSecret(tokenNow(context.plan.gateway), old)) return fine
  const done = await putToken(context, wayOf(context), old)
  if (done.ok || wayOf(context).by === 'edit' || wayOf(context).by === 'store') return done
  context.say(`${done.because}; so the one string in the file is replaced`)
  return byEdit(context, old)
}

/** As long as the plan itself would wait, and no longer than a minute and a half. */
const settleMs = ({plan}: StepContext): number => Math.min(maxSettleMs, ...plan.steps.flatMap(({budgetMs}) => budgetMs ?? []))

const proveOld = async (context: StepContext, old: Secret): Promise<RolledBack> => {
  const done = await untilAccepted(swapped(context), old, settleMs(context))
  context.prove(`the old token ${fingerprintOf(old)} is accepted`, done.ok)
  return done.ok ? {to: 'old', because: null} : {to: 'nowhere', because: done.because}
}

const back = async (context: StepContext, old: Secret): Promise<RolledBack> => {
  const written = await writeOld(context, old)
  if (!written.ok) {
    context.recordUndone(`the old token could not be put back: ${written.because}`, false)
    return {to: 'nowhere', because: written.because}
  }
  context.changed = false
  context.recordUndone(`the old token ${fingerprintOf(old)} is back in ${context.plan.gateway.tokenFile}`, true)
  await takeOverAgain(context, old)
  return proveOld(context, old)
}

/** What made the gateway take the new secret makes it take the old one again. */
const takeOverAgain = async (context: StepContext, old: Secret): Promise<void> => {
  const {gateway, steps} = context.plan
  const recreation = steps.find(({act, otherwise}) => act.do === 'recreate' && otherwise === 'roll-back')?.act
  if (gateway.reloadsSecrets) {
    const done = await askToReload(context, old, [context.next])
    if (!done.ok) context.say(done.because)
  } else if (recreation?.do === 'recreate' && (await probeToken(context, old)).kind !== 'accepted') {
    const done = await recreate(context, recreation, rollBackStep)
    context.changed = false
    if (!done.ok) context.say(done.because)
  } else await restartIfNeeded(context, old)
}

/** Where nothing is taken over without a restart, and the gateway had started with the new token, it starts once more. */
const restartIfNeeded = async (context: StepContext, old: Secret): Promise<void> => {
  const {restart: form, needsRestart = false} = context.plan.gateway
  if (!needsRestart || form === null || (await probeToken(context, old)).kind === 'accepted') return
  context.process = await readProcessState(context.plan.gateway)
  context.say('it takes nothing over while it runs: one restart')
  const asked = await restartGateway(context, {do: 'restart', form}, rollBackStep)
  const done = asked.ok ? await untilRestarted(context, settleMs(context)) : asked
  context.changed = false
  if (!done.ok) context.say(`${done.because} ${form.byHand}`)
}

/** Neither token works: one restart by whoever runs the gateway, then the new one again. */
const restartOnce = async (context: StepContext, old: Secret, next: Secret): Promise<RolledBack> => {
  const form = context.plan.gateway.restart
  if (form !== null) {
    context.process = await readProcessState(context.plan.gateway)
    context.say('neither token works: one restart')
    const asked = await restartGateway(context, {do: 'restart', form}, rollBackStep)
    if (asked.ok && (await untilRestarted(context, settleMs(context))).ok) {
      const {kind} = await probeToken(context, next)
      context.prove(`the new token ${fingerprintOf(next)} is accepted after a restart`, kind === 'accepted')
      if (kind === 'accepted') return {to: 'forward', because: null}
    } else if (!asked.ok) context.say(asked.because)
  }
  const done = await back(context, old)
  if (done.to === 'old' || form === null) return done
  return {to: 'nowhere', because: `${done.because ?? 'the gateway takes neither token'}. ${form.byHand}`}
}

const rollBackStep = step('roll-back', 'write', 'Put the old token back', {do: 'roll-back'})

/** A token that is neither the old nor the new one was set by the operator, and is kept. */
const isForeign = (context: StepContext): boolean => {
  const now = tokenNow(context.plan.gateway)
  return now !== null && !isSameSecret(now, context.old) && !isSameSecret(now, context.next)
}

/** None in force was in the config: the whole file of before is put back, and whatever the gateway takes holds again. */
const withoutToken = (context: StepContext): RolledBack => {
  const {tokenFile} = context.plan.gateway
  if (!isBroken(tokenFile, context.plan.gateway.form) && !isSameSecret(tokenNow(context.plan.gateway), context.next))
    return {to: 'nowhere', because: `somebody else has changed ${tokenFile} meanwhile: it is left alone`}
  const done = putWhole(context, `${tokenFile} is as it was`)
  return done.ok ? {to: 'old', because: null} : {to: 'nowhere', because: done.because}
}

export const rollBack = async (context: StepContext): Promise<RolledBack> => {
  const {old, next} = context
  if (isFirstToken(context.plan)) return withoutToken(context)
  if (old === null) return {to: 'nowhere', because: 'the old token is not known'}
  const whole = restoreIfBroken(context)
  if (!whole.ok) return {to: 'nowhere', because: whole.because}
  if (isForeign(context)) return {to: 'nowhere', because: 'somebody else has written another token meanwhile: it is left alone'}
  if (context.wroteElsewhere) return back(context, old)
  const {kind} = await probeToken(context, old)
  if (kind === 'accepted') return back(context, old)
  if (
    next !== null &&
    (await probeToken(context, next)).kind === 'accepted' &&
    isSameSecret(tokenNow(context.plan.gateway), next)
  )
    return back(context, old)
  return next === null ? back(context, old) : restartOnce(context, old, next)
}

export const rollBackAct: StepHandler<'roll-back'> = async context => {
  const {to, because} = await rollBack(context)
  return to === 'nowhere' ? failed(because ?? 'it could not be taken back') : fine
}
