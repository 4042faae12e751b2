import type {State} from '../../app/state.ts'
import {lengthOf} from '../../app/typed-time.ts'
import {isWatching} from '../../domain/alerts/transitions.ts'
import {debounce, initialDebounceState, resetChanges} from '../../domain/diagnosis/debounce.ts'
import type {Problem} from '../../domain/diagnosis/problem.ts'
import {hourMs} from '../../domain/durations.ts'
import {type Failure, usageFailure} from '../../domain/failure.ts'
import {notAsked} from '../../domain/live/listener.ts'
import type {SnapshotAssessment} from '../../runtime/assessment.ts'
import type {GatewayContext} from '../../runtime/context.ts'
import {type Headless, headless} from '../../runtime/headless.ts'
import {currentTime} from '../../runtime/options.ts'
import {currentReach} from '../../runtime/reachability.ts'
import {version} from '../../runtime/version.ts'
import {every} from '../../sources/every.ts'
import type {ExitCode} from '../command.ts'
import {createOnChange, watchingText} from '../on-change/command.ts'
import {changeJson} from '../on-change/document.ts'
import {onChangeOf} from '../on-change/flags.ts'
import type {Args} from '../options.ts'
import {assessmentJson, assessmentText, changeText, codes} from '../print/assessment.ts'
import {printFailure} from '../print/failure-output.ts'
import {toJson} from '../print/json.ts'
import {isForPerson} from '../print/word-wrap.ts'
import {interrupted} from '../signals.ts'

const lookMs = 500
const askMs = 1000

const unread = ({sources}: State): Failure | null => {
  if (sources.some(({state}) => state === 'reading' || state === 'ended')) return null
  const [first] = sources
  return {
    title: 'No gateway log is read',
    because: first ? `${first.name}: ${first.because ?? first.state}` : 'there is none',
    tryThis: 'name one with --log',
    from: 'gateway',
  }
}

/** What `check` says of the state that the screen would show. */
export const assessState = (state: State, context: GatewayContext): SnapshotAssessment => {
  const {world, now, copies, profiles, config, plansState, live, service, sources, assessment} = state
  return {
    seen: {world, now, context, reach: state.reach ?? notAsked, problem: unread(state), sources},
    extras: {copies, profiles, config, plans: plansState},
    live: live && {live, service},
    assessment,
    verdict: assessment.verdict,
  }
}

/** A provider's problem goes by its title too, which names the provider and the agent. */
const keyOf = ({id, layer, title}: Problem): string => (layer === 'provider' ? `${id}: ${title}` : id)

/** What a state is compared by. */
type Reported = {verdict: string; problems: ReadonlyMap<string, Problem>}

const reportedOf = ({verdict, assessment: {problems}}: SnapshotAssessment): Reported => ({
  verdict,
  problems: new Map(problems.map(problem => [keyOf(problem), problem])),
})

/** Those that the other has not, by their keys in order. */
const without = (one: Reported, other: Reported | null): (readonly [key: string, Problem])[] =>
  [...one.problems].filter(([key]) => !other?.problems.has(key)).toSorted(([a], [b]) => (a < b ? -1 : 1))

/** What has to be asked is asked now and then; what else is known comes by itself. */
const asking = (session: Headless, context: GatewayContext): {ask: () => Promise<void>; end: () => void} => {
  let isAsking = false
  const ask = async () => {
    if (isAsking) return
    isAsking = true
    session.store.dispatch({type: 'port-asked', reach: await currentReach(session.store.state(), context)})
    isAsking = false
  }
  return {ask, end: every(askMs, ask)}
}

/** A line where something changed, until a signal comes or the pipe ends. */
export const checkWatch = async (args: Args, context: GatewayContext): Promise<ExitCode> => {
  const text = args.value('every')
  const everyMs = text === null ? Infinity : lengthOf(text)
  if (everyMs === null || everyMs < 1000)
    return printFailure(
      usageFailure('Unknown --every', {because: 'it takes a length of a second or more', tryThis: '--every 30s'}),
    )
  const {options} = context
  const command = onChangeOf(args, true)
  const onChange = command === null ? null : createOnChange({command, onFailure: printFailure})
  const session = headless(
    {...context, options: {...options, since: options.since ?? currentTime(options) - hourMs}},
    (transition, state) => onChange?.run(changeJson(transition, state)),
  )
  const prober = asking(session, context)
  let debounceState = initialDebounceState
  const inWords = isForPerson(args.flag('json'))
  let before: Reported | null = null
  let reportedAt = 0

  const tell = (assessment: SnapshotAssessment, event: 'began' | 'changed' | 'unchanged', changes: number): void => {
    const now = reportedOf(assessment)
    const appeared = without(now, before)
    const gone = before === null ? [] : without(before, now)
    const was = before?.verdict ?? null
    reportedAt = Date.now()
    before = now
    if (!inWords) {
      const keys = {appeared: appeared.map(([key]) => key), gone: gone.map(([key]) => key)}
      process.stdout.write(`${toJson({event, gatecrab: version, was, ...keys, changes, ...assessmentJson(assessment)})}\n`)
    } else if (event === 'began') process.stdout.write(assessmentText(assessment))
    else process.stdout.write(changeText(assessment, {began: appeared.map(([, one]) => one), ended: gone.map(([, one]) => one)}))
  }
  const look = (): void => {
    session.tick()
    const assessment = assessState(session.store.state(), context)
    const {next, shouldReport} = debounce(
      debounceState,
      [`verdict ${assessment.verdict}`, ...[...reportedOf(assessment).problems.keys()].toSorted()],
      Date.now(),
    )
    debounceState = shouldReport ? resetChanges(next) : next
    if (shouldReport) tell(assessment, before === null ? 'began' : 'changed', next.changes)
    else if (Date.now() - reportedAt >= everyMs) tell(assessment, 'unchanged', next.changes)
  }
  const end = async (code: ExitCode): Promise<ExitCode> => {
    prober.end()
    session.end()
    await onChange?.end()
    return code
  }
  const sayWatching = (): void => {
    const {alerts, now} = session.store.state()
    if (!isWatching(alerts, now)) return
    unsubscribe()
    process.stderr.write(`gatecrab: ${watchingText}\n`)
  }
  const unsubscribe = onChange === null ? () => {} : session.store.subscribe(sayWatching)

  const stopped = interrupted()
  const early = await Promise.race([
    session
      .ready(false)
      .then(prober.ask)
      .then(() => null),
    stopped,
  ])
  if (early !== null) return end(early)
  look()
  const stop = every(lookMs, look, {keepAlive: true})
  const ended = session.ended.then(async () => {
    session.tick()
    await onChange?.drained()
    return codes[assessState(session.store.state(), context).verdict]
  })
  const code = await Promise.race([stopped, ended])
  stop()
  return end(code)
}
