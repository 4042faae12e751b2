import type {State} from '../../app/state.ts'
import {lengthOf} from '../../app/typed-time.ts'
import {isWatching} from '../../domain/alerts/transitions.ts'
import {debounce, initialDebounceState, resetChanges} from '../../domain/diagnosis/debounce.ts'
import {hourMs} from '../../domain/durations.ts'
import type {Failure} from '../../domain/failure.ts'
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
import {assessmentJson, codes} from '../print/assessment.ts'
import {printFailure} from '../print/failure-output.ts'
import {toJson} from '../print/json.ts'
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

/** Identifies a state: its problems, with their providers and agents. */
const fingerprint = ({verdict, assessment: {problems}}: SnapshotAssessment): {verdict: string; ids: string[]} => ({
  verdict,
  ids: [...new Set(problems.map(({id, layer, title}) => (layer === 'provider' ? `${id}: ${title}` : id)))].toSorted(),
})

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
    return printFailure({
      title: 'Unknown --every',
      because: 'it takes a length of a second or more',
      tryThis: '--every 30s',
      from: 'you',
      kind: 'usage',
    })
  const {options} = context
  const command = onChangeOf(args, true)
  const onChange = command === null ? null : createOnChange({command, onFailure: printFailure})
  const session = headless(
    {...context, options: {...options, since: options.since ?? currentTime(options) - hourMs}},
    (transition, state) => onChange?.run(changeJson(transition, state)),
  )
  const prober = asking(session, context)
  let debounceState = initialDebounceState
  let before: ReturnType<typeof fingerprint> | null = null
  let reportedAt = 0

  const tell = (assessment: SnapshotAssessment, event: 'began' | 'changed' | 'unchanged', changes: number): void => {
    const now = fingerprint(assessment)
    reportedAt = Date.now()
    const line = {
      event,
      gatecrab: version,
      was: before?.verdict ?? null,
      appeared: now.ids.filter(id => !before?.ids.includes(id)),
      gone: before?.ids.filter(id => !now.ids.includes(id)) ?? [],
      changes,
      ...assessmentJson(assessment),
    }
    before = now
    process.stdout.write(`${toJson(line)}\n`)
  }
  const look = (): void => {
    session.tick()
    const assessment = assessState(session.store.state(), context)
    const {next, shouldReport} = debounce(
      debounceState,
      [`verdict ${assessment.verdict}`, ...fingerprint(assessment).ids],
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
