import {randomBytes} from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import type {TokenWay} from '../../domain/plans/plan.ts'
import {fingerprintOf, Secret} from '../../domain/secret.ts'
import {tokenBatch, tokenPatch} from '../../gateway/cli.ts'
import {readBytes} from '../files.ts'
import {reloadSecrets} from '../live/reload-secrets.ts'
import {isSameSecret, rewrite, sweepAfter, writePrivate} from './backup-files.ts'
import {isBroken, tokenIn, tokenNow, withSecret} from './secret-place.ts'
import {
  addressOf,
  complaint,
  failed,
  fine,
  probeToken,
  runSigningIn,
  runStep,
  type StepContext,
  type StepHandler,
  type StepResult,
  unsure,
} from './step-context.ts'

const writeMs = 90_000

export const createToken = (): Secret => new Secret(randomBytes(24).toString('hex'))

const writingAct = ({plan}: StepContext) => plan.steps.flatMap(({act}) => (act.do === 'write-token' ? [act] : []))[0] ?? null

/** A rollback writes the token alone: the mode stays, as it says what the gateway did without it. */
const patchOf = (context: StepContext, token: Secret): string =>
  tokenPatch(
    token.reveal(),
    context.plan.gateway.secret,
    writingAct(context)?.withMode === true && isSameSecret(token, context.next),
  )

const byBatch = async (
  context: StepContext,
  {argv, batchFile}: Extract<TokenWay, {by: 'batch-file'}>,
  token: Secret,
): Promise<StepResult> => {
  fs.rmSync(batchFile, {force: true})
  try {
    writePrivate(batchFile, tokenBatch(token.reveal(), context.plan.gateway.secret))
    const ran = await runStep(context, argv, {timeoutMs: writeMs})
    return ran.code === 0 ? fine : failed(complaint(ran))
  } finally {
    fs.rmSync(batchFile, {force: true})
  }
}

const byPatch = async (
  context: StepContext,
  {argv}: Extract<TokenWay, {by: 'patch-stdin'}>,
  token: Secret,
): Promise<StepResult> => {
  const ran = await runStep(context, argv, {stdin: patchOf(context, token), timeoutMs: writeMs})
  return ran.code === 0 ? fine : failed(complaint(ran))
}

const byStore = async (context: StepContext, {argv}: Extract<TokenWay, {by: 'store'}>, token: Secret): Promise<StepResult> => {
  const ran = await runStep(context, argv, {stdin: token.reveal(), timeoutMs: writeMs})
  return ran.code === 0 ? fine : failed(complaint(ran))
}

export const byEdit = async (context: StepContext, token: Secret): Promise<StepResult> => {
  const {gateway} = context.plan
  return rewrite(context, gateway.tokenFile, text => withSecret(text, gateway, token.reveal()))
}

const ways = async (context: StepContext, way: TokenWay, token: Secret): Promise<StepResult> => {
  if (way.by === 'edit') return byEdit(context, token)
  if (way.by === 'store') return byStore(context, way, token)
  return way.by === 'batch-file' ? byBatch(context, way, token) : byPatch(context, way, token)
}

/** Writes a token by the way of the release, and believes only what the file then holds. */
export const putToken = async (context: StepContext, way: TokenWay, token: Secret): Promise<StepResult> => {
  const {tokenFile} = context.plan.gateway
  const before = tokenNow(context.plan.gateway)
  const done = await ways(context, way, token)
  const now = tokenNow(context.plan.gateway)
  if (!isSameSecret(now, before)) context.changed = true
  if (isSameSecret(now, token))
    return {
      ok: true,
      wrote: {
        seal: context.plan.gateway.form?.is === 'store' ? null : context.hasher.digest(readBytes(tokenFile)),
        mark: context.hasher.tokenDigest(token),
        from: before && fingerprintOf(before),
        to: fingerprintOf(token),
      },
    }
  if (isBroken(tokenFile, context.plan.gateway.form))
    return failed(`${tokenFile} cannot be parsed after the command wrote it${done.ok ? '' : ` (${done.because})`}`)
  if (!done.ok) return done
  const wrong = `OpenClaw's command said it was done, but ${tokenFile} does not hold the token`
  if (context.isOurCommand) return failed(wrong)
  context.changed = true
  context.wroteElsewhere = true
  return failed(`${wrong}: it may have written another config`)
}

export const writeToken: StepHandler<'write-token'> = async (context, {way, from}) => {
  context.next ??= from === null ? createToken() : tokenIn(from, context.plan.gateway)
  if (context.next === null) return failed(`there is no token in the backup ${from}`)
  const now = tokenNow(context.plan.gateway)
  if (context.old !== null && !isSameSecret(now, context.old))
    return failed(`somebody else has changed the token in ${context.plan.gateway.tokenFile} meanwhile: it is left alone`)
  context.say(`new token: ${fingerprintOf(context.next)}`, {mark: context.hasher.tokenDigest(context.next)})
  return putToken(context, way, context.next)
}

/** The real value is tried, so that what is checked is what will be written. */
export const tryWrite: StepHandler<'try-write'> = async (context, {argv}) => {
  const from = writingAct(context)?.from ?? null
  context.next ??= from === null ? createToken() : tokenIn(from, context.plan.gateway)
  if (context.next === null) return failed(`there is no token in the backup ${from}`)
  const isStore = context.plan.gateway.form?.is === 'store'
  const stdin = isStore ? context.next.reveal() : patchOf(context, context.next)
  const ran = await runStep(context, argv, {stdin, timeoutMs: writeMs})
  return ran.code === 0 ? fine : failed(`OpenClaw would not take the change: ${complaint(ran)}`)
}

/** Signed in with whichever secret the gateway takes now; none is needed where it takes the new one already. */
export const askToReload = async (
  context: StepContext,
  wanted: Secret,
  others: readonly (Secret | null)[],
): Promise<StepResult> => {
  if ((await probeToken(context, wanted)).kind === 'accepted') return fine
  for (const secret of others) {
    if (secret === null || (await probeToken(context, secret)).kind !== 'accepted') continue
    const done = await reloadSecrets(secret, addressOf(context), context.plan.gateway.release)
    return done.ok ? fine : failed(`the gateway did not reload its secrets: ${done.because}`)
  }
  return unsure('the gateway takes neither secret now, so it cannot be asked to reload')
}

export const reloadStep: StepHandler<'reload-secrets'> = async context =>
  context.next === null ? failed('there is no new secret') : askToReload(context, context.next, [context.old])

export const reinstall: StepHandler<'reinstall'> = async (context, {argv}) => {
  const ran = await runSigningIn(context, argv, {timeoutMs: writeMs, needsNone: true})
  return ran.code === 0 ? fine : failed(complaint(ran))
}

/** For a plan that is taken up again: the old token is in the backup, the new one in the config. */
export const takeUp: StepHandler<'take-up'> = async (context, {before}) => {
  const {gateway} = context.plan
  sweepAfter([gateway.tokenFile], path.dirname(before))
  context.old = tokenIn(before, gateway)
  context.next = tokenNow(gateway)
  if (context.old === null && isBroken(before, gateway.form)) return failed(`the backup ${before} cannot be read`)
  if (context.next === null) return failed(`there is no token in ${gateway.tokenFile}`)
  context.changed = !isSameSecret(context.old, context.next)
  const digest = context.old && context.hasher.tokenDigest(context.old)
  return {ok: true, wrote: {seal: null, mark: digest, from: null, to: null}}
}
