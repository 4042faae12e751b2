import fs from 'node:fs'
import {describe, expect, test} from 'vitest'
import {endEntry, entriesOf} from '../../../src/domain/plans/journal.ts'
import type {Plan} from '../../../src/domain/plans/plan.ts'
import {askPort, type Home, withHome} from '../../fixtures/stubs/home.ts'
import {startScripted} from '../../fixtures/stubs/scripted.ts'
import {isWhole, next, runPlanDirectly} from './killed.ts'

/** A rotation that must undo itself, as the gateway never takes the new token; with budgets that a test can wait for. */
const doomed = async (home: Home, port: number): Promise<Plan> => {
  const {stdout} = await home.run(['rotate', '--dry-run', '--json', '--url', `ws://127.0.0.1:${port}`])
  const {plan} = JSON.parse(stdout) as {plan: Plan}
  const steps = plan.steps.map(step =>
    step.act.do === 'wait-accepted' ? {...step, budgetMs: 700, act: {...step.act, budgetMs: 700}} : step,
  )
  return {...plan, steps}
}

describe.concurrent('kill -9 of the runner while it undoes itself', () => {
  test.each(Array.from({length: 7}, (_, i) => i + 20))('after entry %i', async count => {
    await withHome(async home => {
      const old = home.token()
      const pinned = await startScripted(home.configFile, {follows: 'pinned'})
      const plan = await doomed(home, pinned.port)
      await runPlanDirectly(home, plan, {GATECRAB_DIE_AFTER: String(count)})
      expect(isWhole(fs.readFileSync(home.configFile, 'utf8'))).toBe(true)
      const {entries} = home.journals()[0] ?? {entries: []}
      const undoing = entriesOf(entries, 'step-started').some(({step}) => step === 'roll-back')
      expect(entries.length).toBe(count)
      expect((await next(home)).next?.do).toBe(undoing ? 'roll-back' : 'finish')
      if (undoing) {
        const continued = await home.run(['journals', '--continue', '--yes', '--json'], {HOME: '/nowhere'})
        expect([continued.code, home.token()]).toEqual([0, old])
        expect(home.journals().map(journal => endEntry(journal.entries)?.outcome)).toEqual(['undone', 'done'])
        expect(await askPort(pinned.port, old)).toBe(400)
      }
      await pinned.end()
    })
  })
})
