import {describe, expect, test} from 'vitest'
import {followers} from './readers.ts'
import {runScenario} from './run-scenario.ts'
import {scenarios} from './scenarios.ts'

const rounds = Number(process.env['STRESS_ROUNDS'] ?? 1)

describe.each(scenarios)('$name', scenario => {
  test.each(Array.from({length: rounds}, (_, round) => round + 1))('round %i: nothing lost, torn or doubled', async () => {
    const {lost, torn, doubled, misnumbered} = await runScenario(scenario, followers)
    expect({lost, torn, doubled, misnumbered}).toEqual({lost: 0, torn: 0, doubled: 0, misnumbered: 0})
  })
})
