import {describe, expect, test} from 'vitest'
import {followers} from '../stress/readers.ts'
import {runScenario} from '../stress/run-scenario.ts'
import {scenarios} from '../stress/scenarios.ts'

// All of them at full length: npm run stress.
describe.concurrent('a writer in its own thread', () => {
  test.each(scenarios)('$name', async scenario => {
    const {lost, torn, doubled, misnumbered} = await runScenario(scenario, followers, scenario.short)
    expect({lost, torn, doubled, misnumbered}).toEqual({lost: 0, torn: 0, doubled: 0, misnumbered: 0})
  })
})
