import {randomBytes} from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import type {TokenWay} from '../../domain/plans/plan.ts'
import {fingerprintOf, Secret} from '../../domain/secret.ts'
import {tokenBatch, tokenPatch} from '../../gateway/cli.ts'
import {withToken} from '../../gateway/token/token-edit.ts'
import {isSameSecret, rewrite, sweepAfter, tokenIn, tokenNow, writePrivate} from './steps-files.ts'
import {complaint, type Doing, type Done, failed, fine, type Hand, runSigningIn, runStep} from './steps-hand.ts'
import {isBroken} from './steps-restore.ts'

const writeMs = 90_000

export const newToken = (): Secret => new Secret(randomBytes(24).toString('hex'))

const byBatch = async (hand: Hand, {argv, batchFile}: Extract<TokenWay, {by: 'batch-file'}>, token: Secret): Promise<Done> => {
  fs.rmSync(batchFile, {force: true})
  try {
    writePrivate(batchFile, tokenBatch(token.reveal()))
    const ran = await runStep(hand, argv, {timeoutMs: writeMs})
    return ran.code === 0 ? fine : failed(complaint(ran))
  } finally {
    fs.rmSync(batchFile, {force: true})
  }
}

const byPatch = async (hand: Hand, {argv}: Extract<TokenWay, {by: 'patch-stdin'}>, token: Secret): Promise<Done> => {
  const ran = await runStep(hand, argv, {stdin: tokenPatch(token.reveal()), timeoutMs: writeMs})
  return ran.code === 0 ? fine : failed(complaint(ran))
}

export const byEdit = async (hand: Hand, token: Secret): Promise<Done> => {
  const {tokenFile, tokenAt} = hand.plan.gateway
  return rewrite(hand, tokenFile, text => withToken(text, tokenAt, token.reveal()))
}

const ways = async (hand: Hand, way: TokenWay, token: Secret): Promise<Done> => {
  if (way.by === 'edit') return byEdit(hand, token)
  return way.by === 'batch-file' ? byBatch(hand, way, token) : byPatch(hand, way, token)
}

/** Writes a token by the way of the release, and believes only what the file then holds. */
export const putToken = async (hand: Hand, way: TokenWay, token: Secret): Promise<Done> => {
  const {tokenFile} = hand.plan.gateway
  const before = tokenNow(hand.plan.gateway)
  const done = await ways(hand, way, token)
  const now = tokenNow(hand.plan.gateway)
  if (!isSameSecret(now, before)) hand.changed = true
  if (isSameSecret(now, token))
    return {
      ok: true,
      wrote: {
        seal: hand.sealer.seal(fs.readFileSync(tokenFile)),
        mark: hand.sealer.mark(token),
        from: before && fingerprintOf(before),
        to: fingerprintOf(token),
      },
    }
  if (isBroken(tokenFile))
    return failed(`${tokenFile} cannot be parsed after the command wrote it${done.ok ? '' : ` (${done.because})`}`)
  if (!done.ok) return done
  const wrong = `OpenClaw's command said it was done, but ${tokenFile} does not hold the token`
  if (hand.isOurCommand) return failed(wrong)
  hand.changed = true
  hand.astray = true
  return failed(`${wrong}: it may have written another config`)
}

export const writeToken: Doing<'write-token'> = async (hand, {way, from}) => {
  const {tokenAt} = hand.plan.gateway
  hand.next ??= from === null ? newToken() : tokenIn(from, tokenAt)
  if (hand.next === null) return failed(`there is no token in the backup ${from}`)
  const now = tokenNow(hand.plan.gateway)
  if (hand.old !== null && !isSameSecret(now, hand.old))
    return failed(`somebody else has changed the token in ${hand.plan.gateway.tokenFile} meanwhile: it is left alone`)
  hand.say(`the token to come is ${fingerprintOf(hand.next)}`, {mark: hand.sealer.mark(hand.next)})
  return putToken(hand, way, hand.next)
}

/** The real value is tried, so that what is checked is what will be written. */
export const tryWrite: Doing<'try-write'> = async (hand, {argv}) => {
  const written = hand.plan.steps.find(({act}) => act.do === 'write-token')?.act
  const from = written?.do === 'write-token' ? written.from : null
  hand.next ??= from === null ? newToken() : tokenIn(from, hand.plan.gateway.tokenAt)
  if (hand.next === null) return failed(`there is no token in the backup ${from}`)
  const ran = await runStep(hand, argv, {stdin: tokenPatch(hand.next.reveal()), timeoutMs: writeMs})
  return ran.code === 0 ? fine : failed(`OpenClaw would not take the change: ${complaint(ran)}`)
}

export const reinstall: Doing<'reinstall'> = async (hand, {argv}) => {
  const ran = await runSigningIn(hand, argv, {timeoutMs: writeMs, needsNone: true})
  return ran.code === 0 ? fine : failed(complaint(ran))
}

/** For a plan that is taken up again: the old token is in the backup, the new one in the config. */
export const takeUp: Doing<'take-up'> = async (hand, {before}) => {
  const {gateway} = hand.plan
  sweepAfter([gateway.tokenFile], path.dirname(before))
  hand.old = tokenIn(before, gateway.tokenAt)
  hand.next = tokenNow(gateway)
  if (hand.old === null && isBroken(before)) return failed(`the backup ${before} cannot be read`)
  if (hand.next === null) return failed(`there is no token in ${gateway.tokenFile}`)
  hand.changed = !isSameSecret(hand.old, hand.next)
  const mark = hand.old && hand.sealer.mark(hand.old)
  return {ok: true, wrote: {seal: null, mark, from: null, to: null}}
}
