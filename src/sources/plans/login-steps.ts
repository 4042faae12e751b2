import fs from 'node:fs'
import type {LoginWrite} from '../../domain/logins/renewal.ts'
import type {Secret} from '../../domain/secret.ts'
import {cleanEnv} from '../../gateway/cli.ts'
import {processIdentityOf} from '../process-start.ts'
import {lendTerminalTo} from '../run-process.ts'
import {writePrivate} from './backup-files.ts'
import {orderOf, readAgain, rowDigest} from './login-read.ts'
import {loginRows, secretIn, secretsIn} from './login-rows.ts'
import {
  complaint,
  failed,
  fine,
  runSigningIn,
  type StepContext,
  type StepHandler,
  type StepResult,
  unsure,
  whyNotSignIn,
} from './step-context.ts'

const commandMs = 180_000

const unreadable = ({store}: LoginWrite): StepResult => unsure(`${store.path ?? 'its store'} cannot be read just now`)

export const lookLogin: StepHandler<'look-login'> = async (context, {login}) => {
  const rows = await loginRows(login.store)
  if (rows === null) return unreadable(login)
  return rowDigest(context, rows, login.profileId) === login.seal
    ? fine
    : failed(`${login.profileId} has changed since this plan was made: look at a new plan`)
}

/** What is kept to put it back: the row with its secrets, and the order of its provider. */
export const backUpLogin: StepHandler<'back-up-login'> = async (context, {login, as}) => {
  const rows = await loginRows(login.store)
  if (rows === null) return unreadable(login)
  const row = rows.get(login.profileId) ?? null
  const {reading} = await readAgain(context)
  try {
    writePrivate(as, JSON.stringify({profileId: login.profileId, row, order: orderOf(reading, login)}))
  } catch (error) {
    return failed(`it cannot be copied to ${as}: ${(error as NodeJS.ErrnoException).code ?? error}`)
  }
  if (row) context.extraSecrets.push(...secretsIn(row))
  context.logins = new Map(Array.from(rows.keys(), id => [id, rowDigest(context, rows, id) ?? '']))
  return fine
}

/** A secret that an earlier plan put by. */
const backedUpSecret = (file: string): Secret | null => {
  try {
    const {row} = JSON.parse(fs.readFileSync(file, 'utf8')) as {row: Record<string, unknown> | null}
    return row && secretIn(row)
  } catch {
    return null
  }
}

const recordChange = async (context: StepContext, login: LoginWrite): Promise<void> => {
  const rows = await loginRows(login.store)
  if (rows === null || rowDigest(context, rows, login.profileId) !== login.seal) context.changed = true
}

export const saveLogin: StepHandler<'save-login'> = async (context, {login, argv, secret: from}) => {
  const secret = from === 'none' ? null : from === 'given' ? context.givenSecret : backedUpSecret(from.from)
  if (from !== 'none' && secret === null) return failed('the secret that was to be saved is not there')
  if (secret) context.givenSecret = secret
  if (secret) context.extraSecrets.push(secret)
  const ran = await runSigningIn(context, argv, {
    timeoutMs: commandMs,
    needsNone: true,
    ...(secret ? {stdin: secret.reveal()} : {}),
  })
  await recordChange(context, login)
  if (ran.code !== 0 || ran.problem !== null) return failed(complaint(ran) || `it ended with ${ran.code}`)
  context.changed = true
  const rows = await loginRows(login.store)
  return {ok: true, wrote: {seal: rowDigest(context, rows, login.profileId), mark: null, from: null, to: null}}
}

/** The command speaks with the person; what is said stays between the two. */
export const lendTerminal: StepHandler<'lend-terminal'> = async (context, {login, argv}) => {
  if (!process.stdin.isTTY) return failed('there is no terminal to lend')
  const unproven = await whyNotSignIn(context, true)
  if (unproven !== null) return failed(unproven)
  const ran = await lendTerminalTo(argv, {
    env: cleanEnv(context.hostEnv.env, context.plan.gateway.env),
    signal: context.stop,
    onStart: pid => context.say(argv.slice(0, 6).join(' '), {child: processIdentityOf(pid)}),
  })
  await recordChange(context, login)
  if (ran.problem !== null) return failed(ran.problem)
  return ran.code === 0 ? fine : failed(`it ended with ${ran.code ?? 'a signal'}, and was not finished`)
}
