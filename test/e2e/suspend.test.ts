import {beforeAll, expect, test} from 'vitest'
import {built} from './built.ts'
import {digit} from './digit.ts'
import {logOf} from './gateway-log.ts'
import {openScreen} from './screen.ts'
import {openShell, type Shell} from './shell.ts'

beforeAll(built)

const started = async (command: (file: string) => string): Promise<Shell> => {
  const shell = await openShell()
  shell.type(`${command(logOf('default-level').file)}\r`)
  await shell.waitFor('token-missing')
  return shell
}

const isStopped = async (shell: Shell, round: number) => {
  await shell.waitFor(/\[1\]\+ +Stopped/)
  expect(shell.isAlternate()).toBe(false)
  expect(shell.isCursorHidden()).toBe(false)
  expect(await shell.isCooked()).toBe(true)
  await shell.run(`clear; echo "shell-"works-${round}`)
  expect(shell.text()).toContain(`shell-works-${round}`)
}

const isBack = async (shell: Shell, round: number) => {
  shell.type('fg\r')
  await shell.waitFor('token-missing')
  expect(shell.isAlternate()).toBe(true)
  expect(shell.isCursorHidden()).toBe(true)
  expect(shell.row(0)).toMatch(/^gatecrab /)
  expect(shell.text()).not.toContain('shell-works')
  shell.press(round === 0 ? '2' : digit('timeline'))
  await shell.waitFor(round === 0 ? 'OUTCOME' : 'WHAT')
  shell.press('1')
  await shell.waitFor('STATE')
}

const stops: readonly [string, (file: string) => string, (shell: Shell) => void][] = [
  ['Ctrl-Z', file => `gatecrab --log ${file}`, shell => shell.press('ctrl+z')],
  ['Ctrl-Z twice in one read', file => `gatecrab --log ${file}`, shell => shell.type('\u001a\u001a')],
  ['Ctrl-Z under a wrapper', file => `sh -c 'gatecrab --log ${file}; true'`, shell => shell.press('ctrl+z')],
  ['SIGTSTP from elsewhere', file => `gatecrab --log ${file}`, shell => process.kill(shell.child(), 'SIGTSTP')],
]

test.each(stops)('%s goes to the shell, and fg comes back, twice', async (_name, command, stop) => {
  const shell = await started(command)
  for (const round of [0, 1]) {
    stop(shell)
    await isStopped(shell, round)
    await isBack(shell, round)
  }
  shell.press('q')
  await shell.waitFor(/PROMPT> *$/m)
  expect(shell.isAlternate()).toBe(false)
})

test('a terminal that was resized meanwhile is drawn at its new size', async () => {
  const shell = await started(file => `gatecrab --log ${file}`)
  shell.press('ctrl+z')
  await isStopped(shell, 0)
  shell.resize(130, 30)
  shell.type('fg\r')
  await shell.waitFor('VERSION')
  await shell.waitFor(() => /\? help *$/.test(shell.row(29)))
})

test('Ctrl-Z where no shell holds the terminal says so and stays', async () => {
  const screen = openScreen(['--log', logOf('default-level').file])
  await screen.waitFor('token-missing')
  screen.press('ctrl+z')
  await screen.waitFor('No shell holds this terminal')
  expect(screen.isAlternate()).toBe(true)
  screen.press('2')
  await screen.waitFor('OUTCOME')
})
