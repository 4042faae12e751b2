import {formatFailure} from '../../domain/failure.ts'
import {addressText} from '../../domain/live/gateway-names.ts'
import {fingerprintOf} from '../../domain/secret.ts'
import {shellWord} from '../../domain/shell.ts'
import {keyOf} from '../../domain/token/copy.ts'
import {remoteTokenPatch} from '../../gateway/cli.ts'
import {readBytes} from '../files.ts'
import type {Ran} from '../run-process.ts'
import {writeCopy as write} from '../token/write.ts'
import {isSameSecret} from './backup-files.ts'
import {readPlanCopies} from './copies-source.ts'
import {complaint, failed, fine, runStep, type StepHandler} from './step-context.ts'

const sshMs = 120_000

/** Written, then read again as if for the first time. */
export const writeCopyStep: StepHandler<'write-copy'> = async (context, {copy: plannedCopy, meant}) => {
  const token = context.next ?? context.old
  if (token === null) return failed('the token in force is not known')
  const {copies, secrets} = await readPlanCopies(context)
  const copy = copies.find(one => keyOf(one) === keyOf(plannedCopy))
  if (copy === undefined) return failed(`${plannedCopy.path} no longer holds ${plannedCopy.key}`)
  if ((copy.meant?.url ?? null) !== meant) return failed(`${plannedCopy.path} names another gateway than when this plan was made`)
  const before = secrets.get(keyOf(copy)) ?? null
  if (before) context.extraSecrets.push(before)
  if (isSameSecret(before, token)) {
    context.prove(`${plannedCopy.path} holds ${fingerprintOf(token)} already`, true)
    return fine
  }
  const written = await write(copy, token)
  if (!written.ok) return failed(formatFailure(written.problem))
  context.changed = true
  const again = (await readPlanCopies(context)).secrets.get(keyOf(plannedCopy)) ?? null
  const ok = isSameSecret(again, token)
  context.prove(`${plannedCopy.path} holds ${fingerprintOf(token)}`, ok)
  if (!ok) return failed(`${plannedCopy.path} was written, but does not read as the token`)
  const seal = context.hasher.digest(readBytes(written.file))
  return {ok: true, wrote: {seal, mark: null, from: before && fingerprintOf(before), to: fingerprintOf(token)}}
}

const oldRelease = /\b2026\.(?:[1-4]\.\d+|5\.(?:[0-9]|1\d|2[0-7]))\b/

const scriptValue = (stdout: string, what: string): string =>
  new RegExp(`^gatecrab: ${what} (.*)$`, 'm').exec(stdout)?.[1]?.trim() ?? ''

/** Why the far host was left as it was, by what its script ended with. */
const leftAlone = (host: string, {code, stdout}: Ran): string | null => {
  if (code === 127) return `there is no openclaw command on ${host}`
  if (code === 66)
    return `${host} is no client: gateway.mode there is ${scriptValue(stdout, 'mode') || 'not set'}, so it would never send gateway.remote.token. Nothing was written there`
  if (code !== 67) return null
  const url = scriptValue(stdout, 'url')
  if (url === '') return `${host} names no gateway.remote.url. Nothing was written there`
  return `${host} is a client of ${addressText(url)}, which is none of the names by which this gateway is known here. Nothing was written there. If it is this gateway, add \`--known-as ${shellWord(URL.parse(url)?.hostname ?? 'HOST')}\``
}

/** On the far host: its own OpenClaw writes it and signs in with it. */
export const writeRemote: StepHandler<'write-remote'> = async (context, {host, argv}) => {
  if (context.old === null) return failed('the token in force is not known')
  const ran = await runStep(context, argv, {
    stdin: remoteTokenPatch(context.old.reveal(), context.plan.gateway.secret),
    timeoutMs: sshMs,
  })
  const because = leftAlone(host, ran)
  if (because !== null) return failed(because)
  const release = oldRelease.exec(ran.stdout)?.[0]
  if (ran.code !== 0 && release)
    return failed(
      `${host} runs OpenClaw ${release}, which takes no token on standard input: change gateway.remote.token there by hand`,
    )
  if (ran.code !== 0) return failed(`${host}: ${complaint({...ran, stdout: ran.stdout.replace(/^gatecrab: .*$/gm, '')})}`)
  context.changed = true
  const ok = /^gatecrab: accepted$/m.test(ran.stdout)
  context.prove(`${host} signs in with ${fingerprintOf(context.old)}`, ok)
  return ok
    ? fine
    : failed(`${host} has the token, but its command does not sign in: see whether it can reach its gateway.remote.url`)
}
