import fs from 'node:fs'
import type {LoginWrite} from '../../domain/logins/renewal.ts'
import type {Secret} from '../../domain/secret.ts'
import {cleanEnv} from '../../gateway/cli.ts'
import {orderIn, readAgain, sealOf} from '../logins/login-read.ts'
import {loginRows, secretIn, secretsIn} from '../logins/login-rows.ts'
import {lendTerminalTo} from '../run-process.ts'
import {ownerOf} from './plan-lock-owner.ts'
import {writePrivate} from './steps-files.ts'
import {complaint, type Doing, type Done, failed, fine, type Hand, runSigningIn, unsure, whyNotSignIn} from './steps-hand.ts'

const commandMs = 180_000

const unreadable = ({store}: LoginWrite): Done => unsure(`${store.path ?? 'its store'} cannot be read just now`)

export const lookLogin: Doing<'look-login'> = async (hand, {login}) => {
  const rows = await loginRows(login.store)
  if (rows === null) return unreadable(login)
  return sealOf(hand, rows, login.profileId) === login.seal
    ? fine
    : failed(`${login.profileId} has changed since this plan was made: look at a new plan`)
}

/** What is kept to put it back: the row with its secrets, and the order of its provider. */
export const backUpLogin: Doing<'back-up-login'> = async (hand, {login, as}) => {
  const rows = await loginRows(login.store)
  if (rows === null) return unreadable(login)
  const row = rows.get(login.profileId) ?? null
  const {reading} = await readAgain(hand)
  try {
    writePrivate(as, JSON.stringify({profileId: login.profileId, row, order: orderIn(reading, login)}))
  } catch (error) {
    return failed(`it cannot be copied to ${as}: ${(error as NodeJS.ErrnoException).code ?? error}`)
  }
  if (row) hand.known.push(...secretsIn(row))
  hand.logins = new Map(Array.from(rows.keys(), id => [id, sealOf(hand, rows, id) ?? '']))
  return fine
}

/** A secret that an earlier plan put by. */
const keptSecret = (file: string): Secret | null => {
  try {
    const {row} = JSON.parse(fs.readFileSync(file, 'utf8')) as {row: Record<string, unknown> | null}
    return row && secretIn(row)
  } catch {
    return null
  }
}

const noteChange = async (hand: Hand, login: LoginWrite): Promise<void> => {
  const rows = await loginRows(login.store)
  if (rows === null || sealOf(hand, rows, login.profileId) !== login.seal) hand.changed = true
}

export const saveLogin: Doing<'save-login'> = async (hand, {login, argv, secret: from}) => {
  const secret = from === 'none' ? null : from === 'given' ? hand.given : keptSecret(from.from)
  if (from !== 'none' && secret === null) return failed('the secret that was to be saved is not there')
  if (secret) hand.given = secret
  if (secret) hand.known.push(secret)
  const ran = await runSigningIn(hand, argv, {timeoutMs: commandMs, needsNone: true, ...(secret ? {stdin: secret.reveal()} : {})})
  await noteChange(hand, login)
  if (ran.code !== 0 || ran.problem !== null) return failed(complaint(ran) || `it ended with ${ran.code}`)
  hand.changed = true
  const rows = await loginRows(login.store)
  return {ok: true, wrote: {seal: sealOf(hand, rows, login.profileId), mark: null, from: null, to: null}}
}

/** The command speaks with the person; what is said stays between the two. */
export const lendTerminal: Doing<'lend-terminal'> = async (hand, {login, argv}) => {
  if (!process.stdin.isTTY) return failed('there is no terminal to lend')
  const unproven = await whyNotSignIn(hand, true)
  if (unproven !== null) return failed(unproven)
  const ran = await lendTerminalTo(argv, {
    env: cleanEnv(hand.around.env, hand.plan.gateway.env),
    signal: hand.stop,
    onStart: pid => hand.say(argv.slice(0, 6).join(' '), {child: ownerOf(pid)}),
  })
  await noteChange(hand, login)
  if (ran.problem !== null) return failed(ran.problem)
  return ran.code === 0 ? fine : failed(`it ended with ${ran.code ?? 'a signal'}, and was not finished`)
}
