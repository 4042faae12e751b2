import {spawn, spawnSync} from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import pty from '@lydell/node-pty'
import {beforeAll, describe, expect, onTestFinished, test} from 'vitest'
import {built, launcher} from './built.ts'
import {cleanEnvironment} from './environment.ts'
import {logOf} from './gateway-log.ts'
import {openShell, type Shell} from './shell.ts'
import {temporaryFolder} from './surroundings.ts'

beforeAll(built)

const started = async (env: Record<string, string> = {}): Promise<Shell> => {
  const shell = await openShell({env})
  shell.type(`gatecrab --log ${logOf('default-level').file}; echo "code="$?\r`)
  await shell.waitFor('token-missing')
  expect(shell.isAlternate()).toBe(true)
  expect(shell.isCursorHidden()).toBe(true)
  expect(shell.isPasteBracketed()).toBe(true)
  return shell
}

const isLeftClean = async (shell: Shell) => {
  expect(shell.isAlternate()).toBe(false)
  expect(shell.isCursorHidden()).toBe(false)
  expect(shell.isPasteBracketed()).toBe(false)
  expect(shell.raw().lastIndexOf('\u001b[?2026l')).toBeGreaterThan(shell.raw().lastIndexOf('\u001b[?2026h'))
  expect(await shell.isCooked()).toBe(true)
}

const signalled = (signal: NodeJS.Signals) => (shell: Shell) => process.kill(shell.child(), signal)

const ways: readonly [string, (shell: Shell) => unknown, number][] = [
  ['q', shell => shell.press('q'), 0],
  ['Ctrl-C', shell => shell.press('ctrl+c'), 0],
  ['Ctrl-C in a prompt and again', shell => shell.press('/', 'ctrl+c', 'ctrl+c'), 0],
  [':quit', shell => shell.type(':quit\r'), 0],
  ['SIGINT', signalled('SIGINT'), 130],
  ['SIGTERM', signalled('SIGTERM'), 130],
  ['SIGHUP', signalled('SIGHUP'), 130],
]

test.each(ways)('%s gives the terminal back', async (_name, leave, code) => {
  const shell = await started()
  leave(shell)
  await shell.waitFor(`code=${code}`)
  await isLeftClean(shell)
})

/** A bug of ours, brought in from outside: something that the program relies on fails from a signal on. */
const bugs: Record<string, string> = {
  'while drawing': 'Date.prototype.getHours = () => { throw new TypeError("broken on purpose") }',
  'in a callback': 'setTimeout(() => { throw new TypeError("broken on purpose") })',
  'in a promise': 'Promise.reject(new TypeError("broken on purpose"))',
}

describe('an exception of ours', () => {
  test.each(Object.entries(bugs))('%s is told in the shell, with the terminal given back', async (_name, bug) => {
    const preload = path.join(temporaryFolder(), 'bug.mjs')
    fs.writeFileSync(preload, `process.on('SIGUSR2', () => { ${bug} })`)
    const shell = await started({NODE_OPTIONS: `--import=${preload}`})
    signalled('SIGUSR2')(shell)
    await shell.waitFor('code=70')
    const text = shell.text()
    expect(text).toMatch(/^gatecrab \S+ has a bug and stopped: TypeError: broken on purpose\. Nothing of/m)
    expect(text).toContain('Please report it')
    expect(text).not.toMatch(/\^|const |throw /)
    expect(text.slice(text.indexOf('has a bug'), text.indexOf('code=70')).split('\n').length).toBeLessThan(12)
    await isLeftClean(shell)
  })
})

/** One that has ended and waits to be collected is gone. */
const isRunning = (pid: number): boolean => {
  const {stdout} = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], {encoding: 'utf8'})
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z')
}

const lockHolder = `
  const {spawn} = await import(process.argv[1])
  const pty = spawn(process.argv[2], process.argv.slice(3), {cols: 80, rows: 24, env: process.env})
  let seen = ''
  pty.onData(data => { seen += data; if (seen.includes('token-missing')) { seen = ''; process.send(pty.pid) } })
`

test('the program is gone soon after the terminal is', async () => {
  const args = ['--input-type=module', '-e', lockHolder, import.meta.resolve('@lydell/node-pty'), process.execPath, launcher]
  const holder = spawn(process.execPath, [...args, '--log', logOf('default-level').file], {
    env: cleanEnvironment(temporaryFolder()),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  onTestFinished(() => void holder.kill('SIGKILL'))
  const pid = await new Promise<number>(resolve => holder.once('message', resolve))
  expect(isRunning(pid)).toBe(true)
  holder.kill('SIGKILL')
  await expect.poll(() => isRunning(pid), {timeout: 2000, interval: 20}).toBe(false)
})

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s ends the screen while nobody reads its terminal', async signal => {
  const terminal = pty.spawn(process.execPath, [launcher, '--log', logOf('default-level').file], {
    cols: 100,
    rows: 30,
    env: cleanEnvironment(temporaryFolder()) as Record<string, string>,
  })
  onTestFinished(() => {
    if (isRunning(terminal.pid)) process.kill(terminal.pid, 'SIGKILL')
  })
  await new Promise<void>(resolve => {
    let seen = ''
    terminal.onData(data => {
      seen += data
      if (seen.includes('token-missing')) resolve()
    })
  })
  terminal.pause()
  for (let i = 0; i < 40; i += 1) {
    terminal.resize(80 + (i % 40), 30)
    await new Promise(resolve => setTimeout(resolve, 25))
  }
  process.kill(terminal.pid, signal)
  await expect.poll(() => isRunning(terminal.pid), {timeout: 2500, interval: 20}).toBe(false)
})

describe('standard output that nobody reads', () => {
  test('of a pipe whose reader has gone, and none at all, is no reason for an error', async () => {
    const shell = await openShell()
    const log = logOf('default-level')
    await shell.run(`clear; gatecrab --log ${log.file} | head -c 1 >/dev/null; echo "codes="\${PIPESTATUS[0]}`)
    expect(shell.text()).toMatch(/^codes=0$/m)
    await shell.run(`clear; gatecrab --log ${log.file} >&-; echo "code="$?`)
    expect(shell.text()).not.toMatch(/EBADF|at .*gatecrab\.js/)
    expect(await shell.isCooked()).toBe(true)
  })
})
