import type {State} from '../app/state.ts'
import {noTransitions, toldOf, transition} from '../domain/diagnosis/transition.ts'
import type {Reach} from '../domain/live/reach.ts'
import type {Problem} from '../domain/problem.ts'
import type {ExitCode} from './command.ts'
import type {Given} from './flags.ts'
import {codes, type Judgement, judgementJson} from './known/judgement.ts'
import {reached} from './known/reached.ts'
import {type Where, whereOf} from './known/where.ts'
import {type Headless, headless} from './screen/headless.ts'
import {interrupted} from './screen/signals.ts'
import {lengthOf} from './time.ts'
import {toJson} from './told/json.ts'
import {complain} from './told/output.ts'
import {version} from './version.ts'

const lookMs = 500
const askMs = 1000

const notAsked: Reach = {state: 'unknown', because: 'only logs were looked at', tookMs: null}

const unread = ({sources}: State): Problem | null => {
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
export const judgeState = (state: State, where: Where): Judgement => {
  const {world, now, copies, profiles, config, plansKnown, live, service, sources, assessment} = state
  return {
    seen: {world, now, where, reach: state.reach ?? notAsked, problem: unread(state), sources},
    beside: {copies, profiles, config, plans: plansKnown},
    heard: live && {live, service},
    assessment,
    verdict: assessment.verdict,
  }
}

/** What makes one state of things another: what is wrong, and with which provider or agent. */
const sameness = ({verdict, assessment: {problems}}: Judgement): {verdict: string; ids: string[]} => ({
  verdict,
  ids: [...new Set(problems.map(({id, layer, title}) => (layer === 'provider' ? `${id}: ${title}` : id)))].toSorted(),
})

/** What has to be asked is asked now and then; what else is known comes by itself. */
const asking = (ear: Headless, given: Given, where: Where): {ask: () => Promise<void>; end: () => void} => {
  let isAsking = false
  const ask = async () => {
    if (isAsking) return
    isAsking = true
    ear.store.dispatch({type: 'port-asked', reach: await reached(ear.store.state(), given, where)})
    isAsking = false
  }
  const timer = setInterval(ask, askMs)
  return {ask, end: () => clearInterval(timer)}
}

/** A line where something changed, until a signal comes or the pipe ends. */
export const checkWatch = async (given: Given): Promise<ExitCode> => {
  const text = given.text('every')
  const everyMs = text === null ? Infinity : lengthOf(text)
  if (everyMs === null || everyMs < 1000)
    return complain({
      title: 'Unknown --every',
      because: 'it takes a length of a second or more',
      tryThis: '--every 30s',
      from: 'you',
    })
  const where = whereOf(given)
  const ear = headless({...given, text: flag => given.text(flag) ?? (flag === 'since' ? '1h' : null)})
  const gate = asking(ear, given, where)
  let known = noTransitions
  let before: ReturnType<typeof sameness> | null = null
  let toldAt = 0

  const tell = (judgement: Judgement, event: 'began' | 'changed' | 'unchanged', changes: number): void => {
    const now = sameness(judgement)
    toldAt = Date.now()
    const line = {
      event,
      gatecrab: version,
      was: before?.verdict ?? null,
      appeared: now.ids.filter(id => !before?.ids.includes(id)),
      gone: before?.ids.filter(id => !now.ids.includes(id)) ?? [],
      changes,
      ...judgementJson(judgement),
    }
    before = now
    process.stdout.write(`${toJson(line)}\n`)
  }
  const look = (): void => {
    ear.tick()
    const judgement = judgeState(ear.store.state(), where)
    const {next, tells} = transition(known, [`verdict ${judgement.verdict}`, ...sameness(judgement).ids], Date.now())
    known = tells ? toldOf(next) : next
    if (tells) tell(judgement, before === null ? 'began' : 'changed', next.changes)
    else if (Date.now() - toldAt >= everyMs) tell(judgement, 'unchanged', next.changes)
  }
  const end = (code: ExitCode): ExitCode => {
    gate.end()
    ear.end()
    return code
  }

  const stopped = interrupted()
  const early = await Promise.race([
    ear
      .ready(false)
      .then(gate.ask)
      .then(() => null),
    stopped,
  ])
  if (early !== null) return end(early)
  look()
  const timer = setInterval(look, lookMs)
  const code = await Promise.race([stopped, ear.ended.then(() => codes[judgeState(ear.store.state(), where).verdict])])
  clearInterval(timer)
  return end(code)
}
