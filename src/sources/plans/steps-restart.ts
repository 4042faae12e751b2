import {setTimeout as pause} from 'node:timers/promises'
import {whyNotSent} from '../../domain/live/listener.ts'
import {type RestartSaid, readRestart} from '../../gateway/cli-said.ts'
import {proveGateway} from '../live/gateway-proof.ts'
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

const hintOf = ({hints}: RestartSaid, byHand: string): string => {
  const [first] = hints
  return byHand === '' ? (first ? ` Try \`${first}\`.` : '') : ` ${byHand}`
}

const changedLife = async (hand: Hand): Promise<boolean> =>
  hand.life !== null && isAnother(hand.life, await lifeOf(hand.plan.gateway))

const bootstrap = async (hand: Hand, argv: readonly string[], afterMs: number): Promise<Done> => {
  hand.say(`launchd left it stopped; once more in ${afterMs / 1000} s`)
  await pause(afterMs)
  const ran = await runStep(hand, argv, {timeoutMs: bootstrapMs})
  return ran.code === 0 ? fine : failed(`${meanings['left-stopped']}: ${complaint(ran)}`)
}

export const restart: Doing<'restart'> = async (hand, {form}) => {
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
    return bootstrap(hand, form.bootstrap, form.bootstrapAfterMs)
  }
  if (await changedLife(hand)) {
    hand.changed = true
    return fine
  }
  return failed(`${meaning}.${hintOf(said, form.byHand)}`)
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
