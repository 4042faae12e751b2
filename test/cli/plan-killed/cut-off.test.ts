import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {lastChild} from '../../../src/domain/plans/continuation.ts'
import {endEntry, entriesOf} from '../../../src/domain/plans/journal.ts'
import {type Home, withHome} from '../../fixtures/stubs/home.ts'
import {agrees, next, until} from './killed.ts'

const isWriting = (home: Home): boolean =>
  entriesOf(home.journals()[0]?.entries ?? [], 'step-started').some(({step}) => step === 'write')

describe.concurrent('other ways to be cut off', () => {
  test('a command that outlives its runner is waited for', async () => {
    await withHome(async home => {
      const old = home.token()
      const running = home.run(['rotate', '--yes'], {STUB_WRITE: 'waits'})
      await until('the command has its input', () => fs.existsSync(`${home.log}.writing`))
      const runner = entriesOf(home.journals()[0]?.entries ?? [], 'planned')[0]?.runner.pid ?? 0
      process.kill(runner, 'SIGKILL')
      expect((await running).code).toBe(1)
      expect((await next(home)).next?.do).toBe('wait')
      const blocked = await home.run(['rotate', '--yes'])
      expect([blocked.code, blocked.stderr]).toEqual([1, expect.stringContaining('was cut off')])
      home.release()
      await until('the command has written', () => home.token() !== old)
      await until('the command is gone', async () => (await next(home)).next?.do !== 'wait')
      expect((await next(home)).next?.do).toBe('finish')
      expect((await home.run(['journals', '--continue', '--yes'])).code).toBe(0)
      await agrees(home)
    })
  })

  test('asked to end while OpenClaw is at work, the plan ends with the old token in force', async () => {
    await withHome(async home => {
      const old = home.token()
      const running = home.run(['rotate', '--yes', '--json'], {STUB_WRITE: 'waits'})
      await until('the command has its input', () => fs.existsSync(`${home.log}.writing`))
      process.kill(entriesOf(home.journals()[0]?.entries ?? [], 'planned')[0]?.runner.pid ?? 0, 'SIGTERM')
      const {code, entries} = await running
      expect([code, home.token(), endEntry(entries)]).toMatchObject([1, old, {outcome: 'failed', changed: false}])
      expect(endEntry(entries)?.because).toContain('asked to end')
      expect((await home.run(['rotate', '--yes'])).code).toBe(0)
    })
  })

  test('a wrapper whose child hangs after writing: asked to end, the plan puts the old token back', async () => {
    await withHome(async home => {
      const old = home.token()
      const wrapper = path.join(home.home, 'wrapper')
      const stub = path.join(import.meta.dirname, '../../fixtures/stubs/openclaw')
      const hang = `if [[ "$*" == *"patch --stdin"* && "$*" != *dry-run* && ! -e ${wrapper}.once ]]; then touch ${wrapper}.once; ${stub} "$@"; trap '' TERM; sleep 1000; fi`
      fs.writeFileSync(wrapper, `#!/bin/bash\n${hang}\nexec ${stub} "$@"\n`, {mode: 0o755})
      const running = home.run(['rotate', '--yes', '--json', '--openclaw', wrapper])
      await until('the new token is written', () => home.token() !== old)
      process.kill(entriesOf(home.journals()[0]?.entries ?? [], 'planned')[0]?.runner.pid ?? 0, 'SIGTERM')
      const {entries} = await running
      expect([home.token(), endEntry(entries)]).toMatchObject([old, {outcome: 'undone', changed: false}])
      await agrees(home)
      expect((await home.run(['rotate', '--dry-run'])).code).toBe(0)
    })
  }, 180_000)

  test('killed together with OpenClaw while that had half of the config written: the whole file of before comes back', async () => {
    await withHome(async home => {
      const before = fs.readFileSync(home.configFile)
      const running = home.run(['rotate', '--yes'], {STUB_WRITE: 'waits'})
      await until('the command has its input', () => fs.existsSync(`${home.log}.writing`))
      const {entries} = home.journals()[0] ?? {entries: []}
      const pids = [entriesOf(entries, 'planned')[0]?.runner.pid, lastChild(entries)?.pid]
      for (const pid of pids) process.kill(pid ?? 0, 'SIGKILL')
      await running
      fs.writeFileSync(home.configFile, before.subarray(0, 100))
      expect((await next(home)).next).toMatchObject({do: 'roll-back', words: expect.stringContaining('the whole file of before')})
      const {stderr} = await home.run(['rotate', '--yes'])
      expect(stderr).toContain(`gatecrab journals --continue ${home.journals()[0]?.id}`)
      const continued = await home.run(['journals', '--continue', '--yes'])
      expect([continued.code, continued.stderr]).toEqual([0, ''])
      expect(fs.readFileSync(home.configFile).equals(before)).toBe(true)
      expect((await home.run(['rotate', '--dry-run'])).code).toBe(0)
    })
  }, 180_000)

  test('a config that a failed plan left cut: refusals name the plan that has it whole, and undo puts it back', async () => {
    await withHome(async home => {
      const before = fs.readFileSync(home.configFile)
      await home.run(['rotate', '--yes'], {STUB_WRITE: 'cut'})
      const {id, entries} = home.journals()[0] ?? {id: '', entries: []}
      const end = {...endEntry(entries), outcome: 'failed', changed: true}
      fs.appendFileSync(path.join(home.state, 'journals', `${id}.ndjson`), `${JSON.stringify(end)}\n`)
      fs.writeFileSync(home.configFile, before.subarray(0, 100))
      for (const fix of ['rotate', 'restart', 'verify']) {
        const refused = await home.run([fix, '--yes'])
        expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(`gatecrab undo ${id}`)])
      }
      const undone = await home.run(['undo', id, '--yes'])
      expect([undone.code, undone.stderr]).toEqual([0, ''])
      expect(fs.readFileSync(home.configFile).equals(before)).toBe(true)
    })
  }, 180_000)

  test('kill -9 of the gateway while it is being given a new token', async () => {
    await withHome(async home => {
      const old = home.token()
      const running = home.run(['rotate', '--yes', '--json'], {STUB_WRITE: 'waits'})
      await until('it is being written', () => isWriting(home))
      await home.stopGateway('SIGKILL')
      home.release()
      const {code, entries} = await running
      expect(code).toBe(1)
      expect(home.token()).toBe(old)
      expect(endEntry(entries)).toMatchObject({outcome: 'failed', changed: false})
      expect(endEntry(entries)?.because).toContain('does not answer')
    })
  }, 90_000)

  test('kill -9 of the command line that follows changes nothing for the plan', async () => {
    await withHome(async home => {
      const child = home.start(['rotate', '--yes', '--json'], {STUB_WRITE: 'waits'})
      await until('it is being written', () => isWriting(home))
      child.kill('SIGKILL')
      home.release()
      await until('the plan has ended', () => endEntry(home.journals()[0]?.entries ?? []) !== null)
      expect(endEntry(home.journals()[0]?.entries ?? [])?.outcome).toBe('done')
      await agrees(home)
    })
  })

  test('a wrong port: nothing is begun, and that nobody answers is said', async () => {
    await withHome(async home => {
      const old = home.token()
      const {code, stderr} = await home.run(['rotate', '--yes', '--url', 'ws://127.0.0.1:9'])
      expect([code, stderr, home.token()]).toEqual([3, expect.stringContaining('No gateway answers on 127.0.0.1:9'), old])
      expect(home.journals()).toEqual([])
    })
  })
})
