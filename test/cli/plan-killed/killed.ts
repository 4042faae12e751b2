import {spawn} from 'node:child_process'
import type {Plan} from '../../../src/domain/plans/plan.ts'
import {bundle} from '../../e2e/built.ts'
import {collected, type Ended, type Home} from '../../fixtures/stubs/home.ts'

export const isWhole = (text: string): boolean => {
  const {gateway} = JSON.parse(text) as {gateway: {auth: {token: string}}}
  return /^[0-9a-f]{48}$/.test(gateway.auth.token)
}

const timeoutMs = 20_000

/** `expect.poll` does not know which of several tests at once it is in. */
export const until = async (what: string, holds: () => Promise<boolean> | boolean): Promise<void> => {
  const deadline = Date.now() + timeoutMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`it never came to be that ${what}`)
    await new Promise(resolve => setTimeout(resolve, 40))
  }
}

/** The gateway takes a change over within a moment; then it and the config must say the same. */
export const agrees = (home: Home): Promise<void> =>
  until('the gateway takes the token of its config', async () => (await home.ask(home.token())) === 400)

type Next = {id: string; outcome: string | null; next: {do: string; words: string} | null}

export const next = async (home: Home): Promise<Next> => {
  const {stdout} = await home.run(['journals', '--json'])
  return JSON.parse(stdout.split('\n')[0] ?? '') as Next
}

export const runPlanDirectly = (home: Home, plan: Plan, more: Record<string, string>): Promise<Ended> => {
  const child = spawn(process.execPath, [bundle, 'run-plan'], {
    env: home.env(more),
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.stdin?.end(JSON.stringify(plan))
  return collected(child)
}
