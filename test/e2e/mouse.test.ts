import {beforeAll, expect, test} from 'vitest'
import {built} from './built.ts'
import {logOf} from './gateway-log.ts'
import {openScreen, type Screen} from './screen.ts'
import {openShell} from './shell.ts'

beforeAll(built)

const press = (screen: Screen, column: number, row: number): void =>
  screen.type(`\u001b[<0;${column + 1};${row + 1}M\u001b[<0;${column + 1};${row + 1}m`)

const rowOf = (screen: Screen, text: string): number => screen.rows().findIndex(row => row.includes(text))

const opened = async (...flags: string[]) => {
  const screen = openScreen(['--log', logOf('default-level').file, ...flags])
  await screen.waitFor('token-missing')
  return screen
}

test('with --mouse a click selects a tab and a row, the wheel moves, and nothing is typed', async () => {
  const screen = await opened('--mouse')
  await screen.waitFor(() => screen.mouseMode() === 'vt200')
  const tabs = screen.rows().findIndex(row => row.startsWith('1 Clients'))
  press(screen, screen.row(tabs).indexOf('3 Log') + 2, tabs)
  await screen.waitFor(/LEVEL FROM/)
  press(screen, 3, tabs)
  await screen.waitFor('STATE')
  const row = rowOf(screen, 'token-missing')
  press(screen, 10, row)
  await screen.waitFor(() => screen.chosenRow() === screen.row(row))
  screen.type('\u001b[<65;10;10M')
  await screen.waitFor(() => screen.chosenRow() !== screen.row(row))
  expect(screen.text()).not.toMatch(/does nothing here|Nothing matches/)
  screen.press('q')
  await screen.exited
  expect(screen.mouseMode()).toBe('none')
})

test('it is off until :mouse, which turns it on and off', async () => {
  const screen = await opened()
  expect(screen.raw()).not.toContain('\u001b[?1000h')
  screen.type(':mouse\r')
  await screen.waitFor('A click selects a row or a tab')
  await screen.waitFor(() => screen.mouseMode() === 'vt200')
  screen.type(':mouse\r')
  await screen.waitFor('it selects text')
  await screen.waitFor(() => screen.mouseMode() === 'none')
})

test('whoever has the terminal meanwhile gets no reports of it', async () => {
  const shell = await openShell()
  shell.type(`gatecrab --mouse --log ${logOf('default-level').file}\r`)
  await shell.waitFor('token-missing')
  await shell.waitFor(() => shell.mouseMode() === 'vt200')
  shell.press('ctrl+z')
  await shell.waitFor(/\[1\]\+ +Stopped/)
  await shell.waitFor(() => shell.mouseMode() === 'none')
  shell.type('fg\r')
  await shell.waitFor('token-missing')
  await shell.waitFor(() => shell.mouseMode() === 'vt200')
  shell.press('q')
  await shell.waitFor(/PROMPT> *$/m)
  expect(shell.mouseMode()).toBe('none')
})
