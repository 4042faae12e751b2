import fs from 'node:fs'
import {inWords} from '../domain/problem.ts'
import {fingerprintOf} from '../domain/secret.ts'
import {keyOf} from '../domain/token-copy.ts'
import {remoteTokenPatch} from '../gateway/cli.ts'
import {isSameSecret} from './steps-files.ts'
import {complaint, type Doing, failed, fine, runStep} from './steps-hand.ts'
import {copiesOf} from './steps-source.ts'
import {writeCopy as write} from './token-write.ts'

const sshMs = 120_000

/** Written, then read again as if for the first time. */
export const writeCopy: Doing<'write-copy'> = async (hand, {copy: wanted}) => {
  const token = hand.old
  if (token === null) return failed('the token in force is not known')
  const {copies, secrets} = await copiesOf(hand)
  const copy = copies.find(one => keyOf(one) === keyOf(wanted))
  if (copy === undefined) return failed(`${wanted.path} no longer holds ${wanted.key}`)
  const before = secrets.get(keyOf(copy)) ?? null
  if (before) hand.known.push(before)
  if (isSameSecret(before, token)) {
    hand.prove(`${wanted.path} holds ${fingerprintOf(token)} already`, true)
    return fine
  }
  const written = await write(copy, token)
  if (!written.ok) return failed(inWords(written.problem))
  hand.changed = true
  const again = (await copiesOf(hand)).secrets.get(keyOf(wanted)) ?? null
  const ok = isSameSecret(again, token)
  hand.prove(`${wanted.path} holds ${fingerprintOf(token)}`, ok)
  if (!ok) return failed(`${wanted.path} was written, but does not read as the token`)
  const seal = hand.sealer.seal(fs.readFileSync(written.file))
  return {ok: true, wrote: {seal, mark: null, from: before && fingerprintOf(before), to: fingerprintOf(token)}}
}

const oldRelease = /\b2026\.(?:[1-4]\.\d+|5\.(?:[0-9]|1\d|2[0-7]))\b/

/** On the far host: its own OpenClaw writes it and signs in with it. */
export const writeRemote: Doing<'write-remote'> = async (hand, {host, argv}) => {
  if (hand.old === null) return failed('the token in force is not known')
  const ran = await runStep(hand, argv, {stdin: remoteTokenPatch(hand.old.reveal()), timeoutMs: sshMs})
  const release = oldRelease.exec(ran.stdout)?.[0]
  if (ran.code !== 0 && release)
    return failed(
      `${host} runs OpenClaw ${release}, which takes no token on standard input: change gateway.remote.token there by hand`,
    )
  if (ran.code === 127) return failed(`there is no openclaw command on ${host}`)
  if (ran.code !== 0) return failed(`${host}: ${complaint(ran)}`)
  hand.changed = true
  const ok = /gatecrab: accepted/.test(ran.stdout)
  hand.prove(`${host} signs in with ${fingerprintOf(hand.old)}`, ok)
  return ok
    ? fine
    : failed(`${host} has the token, but its command does not sign in: see gateway.remote.url and gateway.mode there`)
}
