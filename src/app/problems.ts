import {type Assessment, assess} from '../domain/diagnosis/assessment.ts'
import type {PlansState} from '../domain/diagnosis/plan-problems.ts'
import type {Problem} from '../domain/diagnosis/problem.ts'
import type {LogSource} from '../domain/log-source.ts'
import type {DetailLine} from './logins/detail.ts'
import type {Cell} from './rows/rows.ts'
import type {State} from './state.ts'
import {ago, plural} from './words.ts'

const isRead = ({state}: LogSource): boolean => state === 'reading' || state === 'ended'

/** Evaluated once a second: in a storm, evaluating on each line would be too slow. */
export const assessed = (state: State, now: number): Assessment => {
  const {world, sources, live, service, copies, profiles, config, reach, kind} = state
  return assess(
    {
      ...{world, now, sources, live, service, copies, config, reach},
      agents: profiles?.agents ?? [],
      logins: profiles,
      plans: state.plansState,
      hasNoLog: sources.length > 0 && !sources.some(isRead),
      isReading: state.readingHistory || kind === 'replay',
    },
    state.assessment,
  )
}

/** How much there is, and the key to it; what is worth knowing only is not counted. */
export const problemsText = ({assessment: {problems}}: State): Cell[] => {
  const bad = problems.filter(({harm}) => harm === 'broken').length
  const soon = problems.filter(({harm}) => harm === 'soon').length
  if (bad + soon === 0) return []
  return [{text: `i: ${plural(bad + soon, 'problem')}`, role: bad > 0 ? 'bad' : 'warn'}]
}

const signs: Record<Problem['harm'], string> = {broken: '● broken', soon: '▲ will break', note: '· worth knowing'}
const layers: Partial<Record<string, string>> = {
  provider: 'model provider',
  gateway: 'gateway session',
  lifecycle: 'gateway itself',
}
const sureness: Record<Problem['sure'], string> = {certain: 'certain', likely: 'very likely', guess: 'not known for sure'}

const line = (label: string, text: string): DetailLine => ({label, text})

const shown = (file: string): string => file.slice(file.lastIndexOf('/') + 1)

const evidenceText = ({evidence, see = []}: Problem): string =>
  [...see, ...evidence.map(({file, line: number}) => `${shown(file)}:${number}`)].join('; ')

/** The keys that make a plan lead to the one way on of a plan that was cut off. */
const waysOn: readonly string[] = ['finish', 'roll-back', 'again']

export const interruptedOf = ({plansState, plan, backgroundPlan: away}: State): PlansState['interrupted'] => {
  const cut = plansState?.interrupted ?? null
  const isInHand = plan?.phase === 'running' || away !== null
  return cut === null || isInHand || !waysOn.includes(cut.next.do) ? null : cut
}

const doText = ({id, tryThis}: Problem, state: State): string =>
  id === 'plan-interrupted' && interruptedOf(state) !== null
    ? `Press t: it shows the plan that finishes this one. Or run \`${tryThis}\`.`
    : tryThis

const linesOf = (problem: Problem, state: State): DetailLine[] => {
  const {harm, title, because, layer, sure, since, count} = problem
  const {now} = state
  const times = count > 1 ? `${count} times, ` : ''
  const age = now - since < 1500 ? 'seen now' : `first ${ago(since, now)}`
  const where = evidenceText(problem)
  return [
    line(`${signs[harm]}  `, title),
    line('    why   ', because),
    line('    do    ', doText(problem, state)),
    line('    what  ', `${layers[layer] ?? layer}; ${sureness[sure]}; ${times}${age}`),
    ...(where === '' ? [] : [line('    see   ', where)]),
    line('', ''),
  ]
}

const unknowns = ({live, service, copies, profiles}: State): string[] => [
  ...(live?.observed && live.observed.upSince === null ? [`the gateway itself: ${live.observed.because}`] : []),
  ...(live?.table?.problem ? [`its connections: ${live.table.problem}`] : []),
  ...(service?.facts.unasked ?? []).map(({tool, because}) => `${tool}: ${because}`),
  ...(live === null ? ['the gateway itself: only logs are read here'] : []),
  ...(live !== null && copies === null ? ['the copies of its token: not read'] : []),
  ...(live !== null && profiles === null ? ['the logins at model providers: not read'] : []),
]

/** Everything that is wrong now, the worst first; then what could not be found out. */
export const problemLines = (state: State): DetailLine[] => {
  const {problems} = state.assessment
  const head = problems.length === 0 ? 'Nothing that gatecrab knows of is wrong.' : 'What is wrong now, the most harmful first'
  const hidden = unknowns(state)
  return [
    line('', head),
    line('', ''),
    ...problems.flatMap(problem => linesOf(problem, state)),
    ...(hidden.length === 0 ? [] : [line('', 'Not known'), ...hidden.map(text => line('  ', text))]),
  ]
}
