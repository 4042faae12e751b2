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
      devices: state.devices?.store ?? null,
      hasNoLog: sources.length > 0 && !sources.some(isRead),
      isReading: state.readingHistory || kind === 'replay',
      changes: state.externalEvents.changes,
    },
    state.assessment,
  )
}

/** What stays the same while it goes on. */
export const problemKey = ({id, about = '', layer}: Problem): string => `${layer} ${id} ${about}`

/** How much there is, and the key to it; what is worth knowing only is not counted. */
export const problemsText = ({assessment: {problems}, muted}: State): Cell[] => {
  const open = problems.filter(problem => problem.harm !== 'note' && !muted.has(problemKey(problem)))
  const mutedCount = problems.filter(({harm}) => harm !== 'note').length - open.length
  const isBad = open.some(({harm}) => harm === 'broken')
  return [
    ...(open.length === 0
      ? []
      : [{text: `i: ${plural(open.length, 'problem')}`, role: isBad ? ('bad' as const) : ('warn' as const)}]),
    ...(mutedCount === 0 ? [] : [{text: `${mutedCount} muted`, role: 'dim' as const}]),
  ]
}

const harmWords: Record<Problem['harm'], string> = {broken: 'broken', soon: 'will break', note: 'worth knowing'}
const layers: Partial<Record<string, string>> = {
  provider: 'model provider',
  gateway: 'gateway session',
  lifecycle: 'gateway itself',
  channel: 'chat channel',
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

/** Why, what helps, how sure it is, and where one sees it. */
export const problemDetail = (problem: Problem, state: State): DetailLine[] => {
  const {id, harm, title, because, layer, sure, since, count} = problem
  const {now} = state
  const times = count > 1 ? `${count} times, ` : ''
  // Without a line that shows when it began, that is when gatecrab saw it first.
  const age = now - since < 1500 ? 'seen now' : `${problem.evidence.length > 0 ? 'first' : 'first seen'} ${ago(since, now)}`
  const where = evidenceText(problem)
  return [
    line('', title),
    line('why  ', because),
    line('do   ', doText(problem, state)),
    line('what ', `${id}; ${harmWords[harm]}; ${layers[layer] ?? layer}; ${sureness[sure]}; ${times}${age}`),
    ...(where === '' ? [] : [line('see  ', where)]),
  ]
}

/** Two that did not answer for the same reason are one line. */
const unaskedTexts = (unasked: readonly {tool: string; because: string}[]): string[] =>
  [...new Set(unasked.map(({because}) => because))].map(
    because => `${unasked.flatMap(one => (one.because === because ? [one.tool] : [])).join(' and ')}: ${because}`,
  )

/** What could not be found out. */
export const unknowns = ({live, service, copies, profiles}: State): string[] => [
  ...(live?.observed && live.observed.upSince === null ? [`the gateway itself: ${live.observed.because}`] : []),
  ...(live?.table?.problem ? [`its connections: ${live.table.problem}`] : []),
  ...unaskedTexts(service?.facts.unasked ?? []),
  ...(live === null ? ['the gateway itself: only logs are read here; plain `gatecrab` asks it, too'] : []),
  ...(live !== null && copies === null ? ['the copies of its token: not read'] : []),
  ...(live !== null && profiles === null ? ['the logins at model providers: not read'] : []),
]
