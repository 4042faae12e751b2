import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {runProcess} from '../../src/sources/run-process.ts'

const env = {PATH: process.env['PATH'] ?? ''}
const sh = (script: string): string[] => ['/bin/bash', '-c', script]

const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

describe('a command that is run', () => {
  test('is over when it ends, though what it left running holds its pipes', async () => {
    const began = performance.now()
    const ran = await runProcess(sh('sleep 60 & echo "pid $!"'), {env, timeoutMs: 30_000})
    expect(ran).toMatchObject({code: 0, problem: null})
    expect(performance.now() - began).toBeLessThan(15_000)
    const pid = Number(/pid (\d+)/.exec(ran.stdout)?.[1])
    expect(isAlive(pid)).toBe(true)
    process.kill(pid, 'SIGKILL')
  })

  test('that takes too long is ended', async () => {
    expect((await runProcess(sh('sleep 1000'), {env, timeoutMs: 500})).problem).toContain('took longer than')
  })

  test('is ended with all it has started, also what ignores the polite signal', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-group-'))
    const file = path.join(folder, 'pid')
    const stop = new AbortController()
    const script = `(trap '' TERM; sleep 1000 & echo $! >${file}.new; mv ${file}.new ${file}; wait); true`
    const running = runProcess(sh(script), {env, timeoutMs: 60_000, signal: stop.signal})
    await expect.poll(() => fs.existsSync(file), {timeout: 20_000}).toBe(true)
    stop.abort()
    await running
    const pid = Number(fs.readFileSync(file, 'utf8'))
    await expect.poll(() => isAlive(pid), {timeout: 20_000}).toBe(false)
    fs.rmSync(folder, {recursive: true})
  })

  test('is ended early when that is asked for', async () => {
    const stop = new AbortController()
    const running = runProcess(sh('sleep 1000'), {env, timeoutMs: 60_000, signal: stop.signal, onStart: () => stop.abort()})
    expect((await running).problem).toContain('was ended')
  })

  test('prints no more than is kept', async () => {
    const ran = await runProcess(sh('head -c 3000000 /dev/zero | tr "\\0" x'), {env, timeoutMs: 30_000, maxBytes: 1000})
    expect([ran.code, ran.stdout.length]).toEqual([0, 1000])
  })

  test('and does not exist is told as that', async () => {
    expect(await runProcess(['/nowhere/openclaw'], {env, timeoutMs: 1000})).toMatchObject({
      code: null,
      problem: 'there is no command /nowhere/openclaw',
    })
  })
})
