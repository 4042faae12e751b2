import {setTimeout as pause} from 'node:timers/promises'
import {whyNotSent} from '../../domain/live/listener.ts'
import type {RestartForm} from '../../domain/plans/plan.ts'
import {cleanEnv} from '../../gateway/cli.ts'
import {type RestartSaid, readRestart} from '../../gateway/cli-said.ts'
import {readJob} from '../../gateway/service/service-launchd.ts'
import {proveGateway} from '../live/gateway-proof.ts'
import {runProcess} from '../run-process.ts'
import {
  addressOf,
  askGateway,
  complaint,
  type Doing,
  type Done,
  failed,
  fine,
  type Hand,
  runSigningIn,
  runStep,
} from './steps-hand.ts'
import {isAnother, isNobody, lifeInWords, lifeOf} from './steps-life.ts'

const commandMs = 400_000
const bootstrapMs = 30_000
const lookMs = 300

/** What a result means for the person who waits for a restart. Null: the gateway may be restarting, so look. */
const meanings: Readonly<Record<RestartSaid['result'], string | null>> = {
  restarted: null,
  scheduled: null,
  unclear: null,
  'not-loaded':
    'nothing was restarted: no service is loaded ("not-loaded"), and the command of this release restarts nothing else',
  'nothing-signalled': 'nothing was signalled, the old process goes on: OpenClaw could not verify whose gateway it is',
  isolated: 'nothing was restarted: with a state folder or config of its own, OpenClaw does not touch the service',
  'no-service-manager': 'nothing was restarted: systemd does not serve this user here',
  'no-login': 'launchd serves only users who are logged in at the console (125): log in there once, or switch on automatic login',
  'left-stopped': 'launchd took the gateway out and did not put it back: IT IS STOPPED',
  'other-owner': 'nothing was restarted: a LaunchDaemon of the same name owns the gateway',
  failed: 'the command failed',
}

const hintOf = (said: RestartSaid | null, byHand: string): string => {
  const [first] = said?.hints ?? []
  return byHand === '' ? (first ? ` Try \`${first}\`.` : '') : ` ${byHand}`
}

const changedLife = async (hand: Hand): Promise<boolean> =>
  hand.life !== null && isAnother(hand.life, await lifeOf(hand.plan.gateway))

/** launchd waits up to 20 s for a job to end, older plists say 30: until then it answers "5: Input/output error". */
const drainMs = 35_000
const printMs = 5000

/** It runs again: somebody's bootstrap has won, ours or another. One that is being ended has its pid for a while, too. */
const isLoaded = async ({around, life}: Hand, {look}: RestartForm): Promise<boolean> => {
  if (look == null) return false
  const {stdout} = await runProcess(look, {env: cleanEnv(around.env, {}), timeoutMs: printMs})
  const {isRunning, pid} = readJob(stdout)
  return isRunning && pid !== null && pid !== life?.pid
}

const bootstrap = async (hand: Hand, form: RestartForm, argv: readonly string[]): Promise<Done> => {
  const deadline = performance.now() + drainMs
  for (;;) {
    if (await isLoaded(hand, form)) return fine
    hand.say(`launchd left it stopped; once more in ${form.bootstrapAfterMs / 1000} s`)
    await pause(form.bootstrapAfterMs)
    if (await isLoaded(hand, form)) return fine
    const ran = await runStep(hand, argv, {timeoutMs: bootstrapMs})
    if (ran.code === 0 || (await isLoaded(hand, form))) return fine
    if (form.look == null || hand.stop.aborted || performance.now() + form.bootstrapAfterMs > deadline)
      return failed(`${meanings['left-stopped']}: ${complaint(ran)}.${hintOf(null, form.byHand)}`)
  }
}

/** The engine says no more than that it did it: the proof is another start. */
const restartByEngine = async (hand: Hand, {argv, byHand}: RestartForm): Promise<Done> => {
  const ran = await runStep(hand, argv, {timeoutMs: commandMs})
  if (ran.code !== 0) return failed(`${complaint(ran)}. ${byHand}`)
  hand.changed = true
  return fine
}

export const restart: Doing<'restart'> = async (hand, {form}) => {
  if (form.by === 'engine') return restartByEngine(hand, form)
  const ran = await runSigningIn(hand, form.argv, {timeoutMs: commandMs, needsNone: true})
  const said = ran.problem === null ? readRestart(ran.stdout, ran.stderr) : null
  if (said === null) return failed(complaint(ran))
  hand.say(`${said.result}${said.words === '' ? '' : `: ${said.words}`}`)
  const meaning = meanings[said.result]
  if (meaning === null) {
    hand.changed = true
    return fine
  }
  if (said.result === 'left-stopped' && form.bootstrap !== null) {
    hand.changed = true
    return bootstrap(hand, form, form.bootstrap)
  }
  if (await changedLife(hand)) {
    hand.changed = true
    return fine
  }
  const byHand = said.result === 'other-owner' ? (form.byRoot ?? form.byHand) : form.byHand
  return failed(`${meaning}.${hintOf(said, byHand)}`)
}

export const noteLife: Doing<'note-life'> = async hand => {
  hand.life = await lifeOf(hand.plan.gateway)
  hand.say(lifeInWords(hand.life))
  return fine
}

/** Ready, or answering at all where a release has no such word. */
const isServing = async (hand: Hand, ready: boolean | null): Promise<boolean> => {
  if (ready !== null) return ready
  const token = hand.next ?? hand.old
  if (token === null) return true
  return (await askGateway(hand, token)).kind !== 'not-ready'
}

export const untilRestarted = async (hand: Hand, budgetMs: number): Promise<Done> => {
  const before = hand.life
  const deadline = performance.now() + budgetMs
  while (!hand.stop.aborted && performance.now() < deadline) {
    const now = await lifeOf(hand.plan.gateway)
    const isNew = before === null || isNobody(before) || isAnother(before, now)
    if (isNew && !isNobody(now) && (await isServing(hand, now.ready)) && (await proveGateway(addressOf(hand))).proven) {
      hand.prove(`the gateway has begun anew: ${lifeInWords(now)}`, true)
      return fine
    }
    await pause(lookMs)
  }
  const now = await lifeOf(hand.plan.gateway)
  const {verdict} = await proveGateway(addressOf(hand))
  if (verdict.is === 'foreign' || verdict.is === 'unproven') return failed(whyNotSent(verdict))
  const still = isNobody(now) ? 'nothing listens' : `it is still ${lifeInWords(now)}`
  hand.prove('the gateway has begun anew', false)
  return failed(`after ${Math.round(budgetMs / 1000)} s ${still}`)
}

export const waitRestarted: Doing<'wait-restarted'> = async (hand, {budgetMs}) => untilRestarted(hand, budgetMs)
