import {setTimeout as pause} from 'node:timers/promises'
import {whyNotSent} from '../../domain/live/listener.ts'
import type {RestartForm} from '../../domain/plans/plan.ts'
import {cleanEnv} from '../../gateway/cli.ts'
import {type RestartOutput, readRestart} from '../../gateway/cli-output.ts'
import {readJob} from '../../gateway/service/launchd.ts'
import {proveGateway} from '../live/gateway-proof.ts'
import {runProcess} from '../run-process.ts'
import {describeProcess, hasRestarted, isNothingRunning, readProcessState} from './process-identity.ts'
import {
  addressOf,
  complaint,
  failed,
  fine,
  probeToken,
  runSigningIn,
  runStep,
  type StepContext,
  type StepHandler,
  type StepResult,
} from './step-context.ts'

const commandMs = 400_000
const bootstrapMs = 30_000
const lookMs = 300

/** What a result means for the person who waits for a restart. Null: the gateway may be restarting, so look. */
const meanings: Readonly<Record<RestartOutput['result'], string | null>> = {
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

const hintOf = (output: RestartOutput | null, byHand: string): string => {
  const [first] = output?.hints ?? []
  return byHand === '' ? (first ? ` Try \`${first}\`.` : '') : ` ${byHand}`
}

const isRestarted = async (context: StepContext): Promise<boolean> =>
  context.process !== null && hasRestarted(context.process, await readProcessState(context.plan.gateway))

/** launchd waits up to 20 s for a job to end, older plists say 30: until then it answers "5: Input/output error". */
const drainMs = 35_000
const printMs = 5000

/** It runs again: somebody's bootstrap has won, ours or another. One that is being ended has its pid for a while, too. */
const isLoaded = async ({hostEnv, process: life}: StepContext, {look}: RestartForm): Promise<boolean> => {
  if (look == null) return false
  const {stdout} = await runProcess(look, {env: cleanEnv(hostEnv.env, {}), timeoutMs: printMs})
  const {isRunning, pid} = readJob(stdout)
  return isRunning && pid !== null && pid !== life?.pid
}

const bootstrap = async (context: StepContext, form: RestartForm, argv: readonly string[]): Promise<StepResult> => {
  const deadline = performance.now() + drainMs
  for (;;) {
    if (await isLoaded(context, form)) return fine
    context.say(`launchd left it stopped; once more in ${form.bootstrapAfterMs / 1000} s`)
    await pause(form.bootstrapAfterMs)
    if (await isLoaded(context, form)) return fine
    const ran = await runStep(context, argv, {timeoutMs: bootstrapMs})
    if (ran.code === 0 || (await isLoaded(context, form))) return fine
    if (form.look == null || context.stop.aborted || performance.now() + form.bootstrapAfterMs > deadline)
      return failed(`${meanings['left-stopped']}: ${complaint(ran)}.${hintOf(null, form.byHand)}`)
  }
}

/** The engine, or the service manager, says no more than that it did it: the proof is another start. */
const restartByEngine = async (context: StepContext, {argv, byHand}: RestartForm): Promise<StepResult> => {
  const ran = await runStep(context, argv, {timeoutMs: commandMs})
  if (ran.code !== 0) return failed(`${complaint(ran)}. ${byHand}`)
  context.changed = true
  return fine
}

export const restartGateway: StepHandler<'restart'> = async (context, {form}) => {
  if (form.by === 'engine' || form.by === 'manager') return restartByEngine(context, form)
  const ran = await runSigningIn(context, form.argv, {timeoutMs: commandMs, needsNone: true})
  const output = ran.problem === null ? readRestart(ran.stdout, ran.stderr) : null
  if (output === null) return failed(complaint(ran))
  context.say(`${output.result}${output.words === '' ? '' : `: ${output.words}`}`)
  const meaning = meanings[output.result]
  if (meaning === null) {
    context.changed = true
    return fine
  }
  if (output.result === 'left-stopped' && form.bootstrap !== null) {
    context.changed = true
    return bootstrap(context, form, form.bootstrap)
  }
  if (await isRestarted(context)) {
    context.changed = true
    return fine
  }
  const byHand = output.result === 'other-owner' ? (form.byRoot ?? form.byHand) : form.byHand
  return failed(`${meaning}.${hintOf(output, byHand)}`)
}

export const recordProcess: StepHandler<'note-life'> = async context => {
  context.process = await readProcessState(context.plan.gateway)
  context.say(describeProcess(context.process))
  return fine
}

/** Ready, or answering at all where a release has no such word. */
const isServing = async (context: StepContext, ready: boolean | null): Promise<boolean> => {
  if (ready !== null) return ready
  const token = context.next ?? context.old
  if (token === null) return true
  return (await probeToken(context, token)).kind !== 'not-ready'
}

export const untilRestarted = async (context: StepContext, budgetMs: number): Promise<StepResult> => {
  const before = context.process
  const deadline = performance.now() + budgetMs
  while (!context.stop.aborted && performance.now() < deadline) {
    const now = await readProcessState(context.plan.gateway)
    const isNew = before === null || isNothingRunning(before) || hasRestarted(before, now)
    if (
      isNew &&
      !isNothingRunning(now) &&
      (await isServing(context, now.ready)) &&
      (await proveGateway(addressOf(context))).proven
    ) {
      context.prove(`the gateway has started again: ${describeProcess(now)}`, true)
      return fine
    }
    await pause(lookMs)
  }
  const now = await readProcessState(context.plan.gateway)
  const {verdict} = await proveGateway(addressOf(context))
  if (verdict.is === 'foreign' || verdict.is === 'unproven') return failed(whyNotSent(verdict))
  const still = isNothingRunning(now) ? 'nothing listens' : `it is still ${describeProcess(now)}`
  context.prove('the gateway has started again', false)
  return failed(`after ${Math.round(budgetMs / 1000)} s ${still}`)
}

export const waitRestarted: StepHandler<'wait-restarted'> = async (context, {budgetMs}) => untilRestarted(context, budgetMs)
