import {execFileSync, spawn} from 'node:child_process'
import fs from 'node:fs'
import {describe, expect, test, vi} from 'vitest'
import {bundle} from '../e2e/built.ts'
import {collected, type Ended, type Home, withHome} from '../fixtures/stubs/home.ts'

vi.setConfig({testTimeout: 180_000})

/** The program as it is installed, in a shell that allows so many open files. */
const run = (home: Home, args: readonly string[], limit = 1024): Promise<Ended> =>
  collected(
    spawn('/bin/bash', ['-c', `ulimit -n ${limit}; exec "$@"`, 'bash', process.execPath, bundle, ...args], {
      env: home.env(),
      cwd: home.home,
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  )

type Problem = {id: string; tryThis: string; harm: string}

const problemsIn = ({stdout}: Ended): Problem[] => (JSON.parse(stdout) as {problems: Problem[]}).problems

describe('a plan that was cut off', () => {
  test('is a problem in check, which names the one command; and none any more when that has run', async () => {
    await withHome(async home => {
      await home.run(['rotate', '--yes'], {GATECRAB_DIE_AFTER: '20'})
      const id = home.journals()[0]?.id ?? ''
      const found = problemsIn(await run(home, ['check', '--json']))
      expect(found).toContainEqual(
        expect.objectContaining({id: 'plan-interrupted', harm: 'broken', tryThis: `gatecrab journals --continue ${id}`}),
      )
      expect((await run(home, ['journals', '--continue', id, '--yes'])).code).toBe(0)
      expect(problemsIn(await run(home, ['check', '--json'])).map(one => one.id)).not.toContain('plan-interrupted')
    })
  })
})

describe('a full disk where gatecrab keeps its journals', () => {
  test.for(['40k', '200k'])('of %s: nothing is changed, everybody says why, and nothing is left', async (size, context) => {
    await withHome(async home => {
      fs.mkdirSync(home.state)
      try {
        execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', home.state], {stdio: 'ignore'})
      } catch {
        context.skip('no small disk can be mounted here')
      }
      try {
        const old = home.token()
        const {code, stderr} = await run(home, ['rotate', '--yes'])
        expect([code, home.token()]).toEqual([3, old])
        expect(stderr).toContain('the disk is full. Nothing was changed')
        expect((await run(home, ['journals'])).stderr).toContain('the disk is full')
        expect(problemsIn(await run(home, ['check', '--json'])).map(({id}) => id)).toContain('plans-unwritable')
        const left = fs.readdirSync(home.state, {recursive: true}).map(String).toSorted()
        expect(left.filter(name => name !== 'key')).toEqual(['backups', 'journals', 'locks'])
      } finally {
        execFileSync('/bin/umount', ['-l', home.state])
      }
    })
  })
})

describe('few descriptors', () => {
  test.each([22, 28, 36, 64])('%i: the old token or a proven new one, and the reason in words', async limit => {
    await withHome(async home => {
      const old = home.token()
      const {code, stdout, stderr} = await run(home, ['rotate', '--yes'], limit)
      expect(stdout + stderr).not.toMatch(/a bug of ours|has a bug|Cannot read properties|not valid|EMFILE\./)
      expect(await home.ask(home.token())).toBe(400)
      if (code === 0) expect(home.token()).not.toBe(old)
      else expect([home.token(), stdout + stderr]).toEqual([old, expect.stringMatching(/ulimit -n/)])
      const check = await run(home, ['check'], limit)
      expect(check.stdout + check.stderr).not.toMatch(/has a bug|Cannot read properties/)
      if (limit < 32) expect([check.code, check.stderr]).toEqual([3, expect.stringContaining('ulimit -n')])
    })
  })
})
