import fs from 'node:fs'
import {describe, expect, test} from 'vitest'
import {endEntry, entriesOf} from '../../../src/domain/plans/journal.ts'
import type {Plan} from '../../../src/domain/plans/plan.ts'
import {askPort, withHome} from '../../fixtures/stubs/home.ts'
import {startScripted} from '../../fixtures/stubs/scripted.ts'
import {isWhole, runPlanDirectly, until} from './killed.ts'

/** The gateway is killed as each step of its rotation begins; whoever starts it again finds it in one state or the other. */
describe.concurrent('kill -9 of the gateway', () => {
  const steps = ['unchanged', 'command', 'accepted', 'back-up', 'try', 'write', 'wait', 'prove', 'health', 'devices'] as const

  test.each(steps)(
    'as the step %s begins',
    async step => {
      await withHome(async home => {
        const old = home.token()
        const {stdout} = await home.run(['rotate', '--dry-run', '--json'])
        const {plan} = JSON.parse(stdout) as {plan: Plan}
        const short = plan.steps.map(one =>
          one.act.do === 'wait-accepted' ? {...one, budgetMs: 900, act: {...one.act, budgetMs: 900}} : one,
        )
        const running = runPlanDirectly(home, {...plan, steps: short}, {})
        await until(`the step ${step} begins`, () =>
          entriesOf(home.journals()[0]?.entries ?? [], 'step-started').some(one => one.step === step),
        )
        await home.stopGateway('SIGKILL')
        await running
        const entries = home.journals()[0]?.entries ?? []
        const end = endEntry(entries)
        expect(isWhole(fs.readFileSync(home.configFile, 'utf8'))).toBe(true)
        expect(end).not.toBeNull()
        expect(end?.changed).toBe(home.token() !== old)
        const again = await startScripted(home.configFile)
        expect(await askPort(again.port, home.token())).toBe(400)
        await again.end()
      })
    },
    60_000,
  )
})
