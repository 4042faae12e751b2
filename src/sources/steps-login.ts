import fs from 'node:fs'
import {setTimeout as pause} from 'node:timers/promises'
import {type Board, boardOf} from '../domain/credential-board.ts'
import {isUsable, type Profile} from '../domain/credential-profile.ts'
import type {ProfileReading} from '../domain/credential-reading.ts'
import {rulesOf} from '../domain/credential-rules.ts'
import {viewOf} from '../domain/credential-view.ts'
import {fromNow} from '../domain/credential-words.ts'
import type {LoginAim, LoginWrite} from '../domain/renewal.ts'
import type {Secret} from '../domain/secret.ts'
import {cleanEnv} from '../gateway/cli.ts'
import {type LoginRows, loginRows, secretIn, secretsIn} from './login-rows.ts'
import {lendTerminalTo} from './openclaw-cli.ts'
import {ownerOf} from './plan-lock-owner.ts'
import {readProfiles} from './profile-reader.ts'
import {isSameSecret, writePrivate} from './steps-files.ts'
import {complaint, type Doing, type Done, failed, fine, type Hand, runStep, unsure} from './steps-hand.ts'

const commandMs = 180_000

/** OpenClaw writes the fields of a row now in this order, now in that. */
export const sealOf = (hand: Pick<Hand, 'sealer'>, rows: LoginRows | null | undefined, profileId: string): string | null => {
  const row = rows?.get(profileId)
  return row === undefined ? null : hand.sealer.seal(JSON.stringify(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1))))
}

const unreadable = ({store}: LoginWrite): Done => unsure(`${store.path ?? 'its store'} cannot be read just now`)

export const lookLogin: Doing<'look-login'> = async (hand, {login}) => {
  const rows = await loginRows(login.store)
  if (rows === null) return unreadable(login)
  return sealOf(hand, rows, login.profileId) === login.seal
    ? fine
    : failed(`${login.profileId} has changed since this plan was made: look at a new plan`)
}

const orderIn = (reading: ProfileReading, {agent, provider}: LoginWrite): readonly string[] | null => {
  const facts = reading.agents.find(({id}) => id === agent)
  if (!facts) return reading.shared?.rows.order[provider] ?? null
  return viewOf(reading, facts, rulesOf(reading.release)).order[provider] ?? null
}

type Read = {reading: ProfileReading; board: Board}

const readAgain = async ({plan: {gateway}, around}: Hand): Promise<Read> => {
  const {stateDir, configFile, release} = gateway
  const reading = await readProfiles({stateDir, isStateDirGiven: true, configFile, release, around, openclaw: null}, Date.now())
  return {reading, board: boardOf(reading, Date.now())}
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
  const ran = await runStep(hand, argv, {timeoutMs: commandMs, ...(secret ? {stdin: secret.reveal()} : {})})
  await noteChange(hand, login)
  if (ran.code !== 0 || ran.problem !== null) return failed(complaint(ran) || `it ended with ${ran.code}`)
  hand.changed = true
  const rows = await loginRows(login.store)
  return {ok: true, wrote: {seal: sealOf(hand, rows, login.profileId), mark: null, from: null, to: null}}
}

/** The command speaks with the person; what is said stays between the two. */
export const lendTerminal: Doing<'lend-terminal'> = async (hand, {login, argv}) => {
  if (!process.stdin.isTTY) return failed('there is no terminal to lend')
  const ran = await lendTerminalTo(argv, {
    env: cleanEnv(hand.around.env, hand.plan.gateway.env),
    onStart: pid => hand.say(argv.slice(0, 6).join(' '), {child: ownerOf(pid)}),
  })
  await noteChange(hand, login)
  if (ran.problem !== null) return failed(ran.problem)
  return ran.code === 0 ? fine : failed(`it ended with ${ran.code ?? 'a signal'}, and was not finished`)
}

const isOf =
  ({agent}: LoginWrite) =>
  (profile: Profile): boolean =>
    profile.from === 'saved' && (profile.agent === agent || profile.usedBy.includes(agent))

const toleranceMs = 600_000

const endFault = ({forMs, endsAt}: Extract<LoginAim, {is: 'saved'}>, found: Profile, now: number): string | null => {
  const wanted = endsAt ?? (forMs === null ? null : now + forMs)
  if (wanted === null) return null
  if (found.expiresAt === null) return 'it stands there without an end'
  return Math.abs(found.expiresAt - wanted) > toleranceMs
    ? `its end is ${fromNow(found.expiresAt, now)}, which is not what was asked`
    : null
}

const proveSaved = async (
  hand: Hand,
  login: LoginWrite,
  aim: Extract<LoginAim, {is: 'saved'}>,
  {board}: Read,
): Promise<string | null> => {
  const found = board.profiles.find(profile => profile.profileId === login.profileId && isOf(login)(profile))
  if (!found) return `there is no ${login.profileId} in the store`
  const rows = await loginRows(found.store)
  const row = rows?.get(login.profileId)
  if (!row) return 'its row cannot be read'
  if (hand.given !== null && !isSameSecret(secretIn(row), hand.given))
    return 'the store holds another secret than the one that was given'
  if (hand.given === null && sealOf(hand, rows, login.profileId) === login.seal) return 'nothing new was saved'
  if (!isUsable(found.state)) return `it is ${found.state}: ${found.why}`
  return endFault(aim, found, board.now)
}

/** Somebody signed in: under this name, or under one that OpenClaw chose. */
const proveSignedIn = async (hand: Hand, login: LoginWrite, {board}: Read): Promise<string | null> => {
  const candidates = board.profiles.filter(profile => profile.provider === login.provider && isOf(login)(profile))
  for (const found of candidates) {
    const seal = sealOf(hand, await loginRows(found.store), found.profileId)
    const isNew = seal !== null && seal !== (hand.logins?.get(found.profileId) ?? null)
    if (!isNew || !isUsable(found.state)) continue
    if (found.profileId !== login.profileId) hand.say(`it was saved as ${found.profileId}`)
    return null
  }
  return 'no new login stands in the store'
}

const proveFirst = ({reading}: Read, login: LoginWrite, order: readonly string[] | null): string | null => {
  const now = orderIn(reading, login)
  return JSON.stringify(now) === JSON.stringify(order)
    ? null
    : `the order is ${now === null ? 'none of its own' : now.join(', ')}`
}

const faultOf = async (hand: Hand, login: LoginWrite): Promise<string | null> => {
  const read = await readAgain(hand)
  const {aim} = login
  if (aim.is === 'saved') return proveSaved(hand, login, aim, read)
  if (aim.is === 'signed-in') return proveSignedIn(hand, login, read)
  if (aim.is === 'first') return proveFirst(read, login, aim.order)
  const left = read.board.profiles.some(({profileId, agent}) => profileId === login.profileId && agent === login.agent)
  return left ? 'it still stands in the store' : null
}

const proved: Readonly<Record<LoginAim['is'], (login: LoginWrite) => string>> = {
  saved: ({profileId}) => `${profileId} stands in the store as it was given`,
  'signed-in': ({provider}) => `a new login for ${provider} stands in the store`,
  gone: ({profileId}) => `${profileId} is no longer in the store`,
  first: ({provider, aim}) =>
    `the order of ${provider} is ${aim.is === 'first' && aim.order ? aim.order.join(', ') : 'none of its own'}`,
}

const tries = 10
const betweenMs = 300

export const proveLogin: Doing<'prove-login'> = async (hand, {login}) => {
  let fault = await faultOf(hand, login)
  for (let tried = 1; fault !== null && tried < tries; tried += 1) {
    await pause(betweenMs)
    fault = await faultOf(hand, login)
  }
  hand.prove(proved[login.aim.is](login), fault === null)
  return fault === null ? fine : failed(fault)
}

const settlesWithin = 12_000

/** The gateway tries to renew those that are due some seconds after a login was saved. */
const untilSettled = async (hand: Hand, login: LoginWrite): Promise<void> => {
  const due = hand.plan.asks?.atRisk.filter(id => hand.logins?.has(id)) ?? []
  const isDue = async (): Promise<boolean> => {
    const rows = await loginRows(login.store)
    return due.some(id => sealOf(hand, rows, id) === hand.logins?.get(id))
  }
  const until = performance.now() + settlesWithin
  while (due.length > 0 && performance.now() < until && (await isDue())) await pause(betweenMs)
}

/** What became of the logins that nobody meant to touch. */
export const proveOthers: Doing<'prove-others'> = async (hand, {login}) => {
  await untilSettled(hand, login)
  const {board} = await readAgain(hand)
  const before = hand.logins ?? new Map<string, string>()
  const rows = await loginRows(login.store)
  const others = Array.from(before.keys()).filter(id => id !== login.profileId)
  const changed = others.filter(id => rows !== null && sealOf(hand, rows, id) !== before.get(id))
  const lost = changed.filter(id => board.profiles.find(({profileId}) => profileId === id)?.state === 'login-lost')
  const kept = changed.length === 0 ? 'are as they were' : 'serve as they did'
  hand.prove(`the other ${others.length} logins of that store ${kept}`, lost.length === 0)
  if (lost.length > 0) return failed(`${lost.join(', ')} lost its login on the way: somebody must sign in again`)
  if (changed.length > 0) hand.say(`${changed.join(', ')} changed meanwhile, and still serves`)
  return fine
}
