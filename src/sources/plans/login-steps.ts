import {setTimeout as pause} from 'node:timers/promises'
import {fromNow} from '../../domain/logins/login-state.ts'
import {isUsable, type Profile} from '../../domain/logins/profile.ts'
import type {LoginAim, LoginWrite} from '../../domain/logins/renewal.ts'
import type {Secret} from '../../domain/secret.ts'
import {cleanEnv} from '../../gateway/cli.ts'
import {readText} from '../files.ts'
import {processIdentityOf} from '../process-start.ts'
import {lendTerminalTo} from '../run-process.ts'
import {isSameSecret, writePrivate} from './backup-files.ts'
import {type LoginReading, loginRows, orderOf, readAgain, rowDigest, secretIn, secretsIn} from './login-rows.ts'
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
    const {row} = JSON.parse(readText(file)) as {row: Record<string, unknown> | null}
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

const isOf =
  ({agent}: LoginWrite) =>
  (profile: Profile): boolean =>
    profile.from === 'saved' && (profile.agent === agent || profile.usedBy.includes(agent))

const toleranceMs = 600_000

const endMismatch = ({forMs, endsAt}: Extract<LoginAim, {is: 'saved'}>, found: Profile, now: number): string | null => {
  const expectedEnd = endsAt ?? (forMs === null ? null : now + forMs)
  if (expectedEnd === null) return null
  if (found.expiresAt === null) return 'it stands there without an end'
  return Math.abs(found.expiresAt - expectedEnd) > toleranceMs
    ? `its end is ${fromNow(found.expiresAt, now)}, which is not what was asked`
    : null
}

const proveSaved = async (
  hand: StepContext,
  login: LoginWrite,
  aim: Extract<LoginAim, {is: 'saved'}>,
  {report: board}: LoginReading,
): Promise<string | null> => {
  const found = board.profiles.find(profile => profile.profileId === login.profileId && isOf(login)(profile))
  if (!found) return `there is no ${login.profileId} in the store`
  const rows = await loginRows(found.store)
  const row = rows?.get(login.profileId)
  if (!row) return 'its row cannot be read'
  if (hand.givenSecret !== null && !isSameSecret(secretIn(row), hand.givenSecret))
    return 'the store holds another secret than the one that was given'
  if (hand.givenSecret === null && rowDigest(hand, rows, login.profileId) === login.seal) return 'nothing new was saved'
  if (!isUsable(found.state)) return `it is ${found.state}: ${found.why}`
  return endMismatch(aim, found, board.now)
}

/** A new login appeared: under this name, or under one that OpenClaw chose. */
const proveSignedIn = async (hand: StepContext, login: LoginWrite, {report: board}: LoginReading): Promise<string | null> => {
  const candidates = board.profiles.filter(profile => profile.provider === login.provider && isOf(login)(profile))
  for (const found of candidates) {
    const seal = rowDigest(hand, await loginRows(found.store), found.profileId)
    const isNew = seal !== null && seal !== (hand.logins?.get(found.profileId) ?? null)
    if (!isNew || !isUsable(found.state)) continue
    if (found.profileId !== login.profileId) hand.say(`it was saved as ${found.profileId}`)
    return null
  }
  return 'no new login stands in the store'
}

const proveFirst = ({reading}: LoginReading, login: LoginWrite, order: readonly string[] | null): string | null => {
  const now = orderOf(reading, login)
  return JSON.stringify(now) === JSON.stringify(order)
    ? null
    : `the order is ${now === null ? 'none of its own' : now.join(', ')}`
}

const whyUnproven = async (hand: StepContext, login: LoginWrite): Promise<string | null> => {
  const read = await readAgain(hand)
  const {aim} = login
  if (aim.is === 'saved') return proveSaved(hand, login, aim, read)
  if (aim.is === 'signed-in') return proveSignedIn(hand, login, read)
  if (aim.is === 'first') return proveFirst(read, login, aim.order)
  const left = read.report.profiles.some(({profileId, agent}) => profileId === login.profileId && agent === login.agent)
  return left ? 'it still stands in the store' : null
}

const proofTexts: Readonly<Record<LoginAim['is'], (login: LoginWrite) => string>> = {
  saved: ({profileId}) => `${profileId} stands in the store as it was given`,
  'signed-in': ({provider}) => `a new login for ${provider} stands in the store`,
  gone: ({profileId}) => `${profileId} is no longer in the store`,
  first: ({provider, aim}) =>
    `the order of ${provider} is ${aim.is === 'first' && aim.order ? aim.order.join(', ') : 'none of its own'}`,
}

const tries = 10
const betweenMs = 300

export const proveLogin: StepHandler<'prove-login'> = async (hand, {login}) => {
  let reason = await whyUnproven(hand, login)
  for (let tried = 1; reason !== null && tried < tries; tried += 1) {
    await pause(betweenMs)
    reason = await whyUnproven(hand, login)
  }
  hand.prove(proofTexts[login.aim.is](login), reason === null)
  return reason === null ? fine : failed(reason)
}

const settlesWithin = 12_000

/** The gateway tries to renew those that are due some seconds after a login was saved. */
const untilSettled = async (hand: StepContext, login: LoginWrite): Promise<void> => {
  const due = hand.plan.asks?.atRisk.filter(id => hand.logins?.has(id)) ?? []
  const isDue = async (): Promise<boolean> => {
    const rows = await loginRows(login.store)
    return due.some(id => rowDigest(hand, rows, id) === hand.logins?.get(id))
  }
  const until = performance.now() + settlesWithin
  while (due.length > 0 && performance.now() < until && (await isDue())) await pause(betweenMs)
}

/** Checks that the logins outside the plan are unchanged. */
export const proveOthers: StepHandler<'prove-others'> = async (hand, {login}) => {
  await untilSettled(hand, login)
  const {report: board} = await readAgain(hand)
  const before = hand.logins ?? new Map<string, string>()
  const rows = await loginRows(login.store)
  const others = Array.from(before.keys()).filter(id => id !== login.profileId)
  const changed = others.filter(id => rows !== null && rowDigest(hand, rows, id) !== before.get(id))
  const lost = changed.filter(id => board.profiles.find(({profileId}) => profileId === id)?.state === 'login-lost')
  const unchangedText = changed.length === 0 ? 'are as they were' : 'serve as they did'
  const words =
    others.length === 1
      ? `the other login of that store ${changed.length === 0 ? 'is as it was' : 'serves as it did'}`
      : `the other ${others.length} logins of that store ${unchangedText}`
  if (others.length > 0) hand.prove(words, lost.length === 0)
  if (lost.length > 0) return failed(`${lost.join(', ')} lost its login on the way: somebody must sign in again`)
  if (changed.length > 0) hand.say(`${changed.join(', ')} changed meanwhile, and still serves`)
  return fine
}
