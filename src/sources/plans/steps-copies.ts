import fs from 'node:fs'
import {addressText} from '../../domain/live/gateway-names.ts'
import {inWords} from '../../domain/problem.ts'
import {fingerprintOf} from '../../domain/secret.ts'
import {shellWord} from '../../domain/shell.ts'
import {keyOf} from '../../domain/token/token-copy.ts'
import {remoteTokenPatch} from '../../gateway/cli.ts'
import type {Ran} from '../run-process.ts'
import {writeCopy as write} from '../token/token-write.ts'
import {isSameSecret} from './steps-files.ts'
import {complaint, type Doing, failed, fine, runStep} from './steps-hand.ts'
import {copiesOf} from './steps-source.ts'

const sshMs = 120_000

/** Written, then read again as if for the first time. */
export const writeCopy: Doing<'write-copy'> = async (hand, {copy: wanted, meant}) => {
  const token = hand.next ?? hand.old
  if (token === null) return failed('the token in force is not known')
  const {copies, secrets} = await copiesOf(hand)
  const copy = copies.find(one => keyOf(one) === keyOf(wanted))
  if (copy === undefined) return failed(`${wanted.path} no longer holds ${wanted.key}`)
  if ((copy.meant?.url ?? null) !== meant) return failed(`${wanted.path} names another gateway than when this plan was made`)
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

const said = (stdout: string, what: string): string => new RegExp(`^gatecrab: ${what} (.*)$`, 'm').exec(stdout)?.[1]?.trim() ?? ''

/** Why the far host was left as it was, by what its script ended with. */
const leftAlone = (host: string, {code, stdout}: Ran): string | null => {
  if (code === 127) return `there is no openclaw command on ${host}`
  if (code === 66)
    return `${host} is no client: gateway.mode there is ${said(stdout, 'mode') || 'not set'}, so it would never send gateway.remote.token. Nothing was written there`
  if (code !== 67) return null
  const url = said(stdout, 'url')
  if (url === '') return `${host} names no gateway.remote.url. Nothing was written there`
  return `${host} is a client of ${addressText(url)}, which is none of the names by which this gateway is known here. Nothing was written there. If it is this gateway, add \`--known-as ${shellWord(URL.parse(url)?.hostname ?? 'HOST')}\``
}

/** On the far host: its own OpenClaw writes it and signs in with it. */
export const writeRemote: Doing<'write-remote'> = async (hand, {host, argv}) => {
  if (hand.old === null) return failed('the token in force is not known')
  const ran = await runStep(hand, argv, {stdin: remoteTokenPatch(hand.old.reveal()), timeoutMs: sshMs})
  const because = leftAlone(host, ran)
  if (because !== null) return failed(because)
  const release = oldRelease.exec(ran.stdout)?.[0]
  if (ran.code !== 0 && release)
    return failed(
      `${host} runs OpenClaw ${release}, which takes no token on standard input: change gateway.remote.token there by hand`,
    )
  if (ran.code !== 0) return failed(`${host}: ${complaint({...ran, stdout: ran.stdout.replace(/^gatecrab: .*$/gm, '')})}`)
  hand.changed = true
  const ok = /^gatecrab: accepted$/m.test(ran.stdout)
  hand.prove(`${host} signs in with ${fingerprintOf(hand.old)}`, ok)
  return ok
    ? fine
    : failed(`${host} has the token, but its command does not sign in: see whether it can reach its gateway.remote.url`)
}
