import {followers, type Reader, systemTail} from '../stress/readers.ts'
import {type Outcome, runScenario} from '../stress/run-scenario.ts'
import {type Scenario, scenarios} from '../stress/scenarios.ts'
import {median} from './measure.ts'
import type {Group} from './rows.ts'

const quickNames: readonly string[] = ['append bursts', 'rename, gateway names', 'truncate in place']

const lostOf = (outcomes: readonly Outcome[]): number =>
  outcomes.reduce((sum, {lost, torn, doubled}) => sum + lost + torn + doubled, 0)

/** Logs that are written, rotated, cut and removed: our followers beside the system's `tail -F`. */
export const follow: Group = async ({isQuick}, add) => {
  const chosen = scenarios.filter(({name}) => !isQuick || quickNames.includes(name))
  for (const scenario of chosen) {
    const run = (reader: Reader): Promise<Outcome> => runScenario(scenario, reader, linesOf(scenario, isQuick))
    const ours: Outcome[] = []
    const theirs: Outcome[] = []
    for (let round = 0; round < (isQuick ? 1 : 3); round += 1) {
      ours.push(await run(followers))
      theirs.push(await run(systemTail))
    }
    const what = `follow, ${scenario.name}`
    const ms = (outcomes: readonly Outcome[]): number => median(outcomes.map(outcome => outcome.ms))
    add({what, unit: 'ms', ours: ms(ours), peer: 'tail -F', theirs: ms(theirs), reach: null})
    const wrong = `${what}: lost, torn or doubled`
    add({what: wrong, unit: 'lines', ours: lostOf(ours), peer: 'tail -F', theirs: lostOf(theirs), reach: {most: 0}})
  }
}

const linesOf = ({lines, short}: Scenario, isQuick: boolean): number => (isQuick ? short : lines)
