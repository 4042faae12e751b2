import {beforeAll, expect, test} from 'vitest'
import {type PanelId, panelIds, panels} from '../../src/app/panels/panels.ts'
import {built} from './built.ts'
import {digit} from './digit.ts'
import {logOf} from './gateway-log.ts'
import {openScreen} from './screen.ts'
import {narrow} from './sizes.ts'

beforeAll(built)

const started = async () => {
  const screen = openScreen(['--log', logOf('default-level').file], narrow)
  await screen.waitFor('token-missing')
  return screen
}

test('digits and Tab go from panel to panel', async () => {
  const screen = await started()
  const isOn = (panel: PanelId) => screen.styleOf(`${digit(panel)} ${panels[panel].title}`)?.bold === true
  expect(isOn('clients')).toBe(true)
  for (const panel of panelIds) {
    screen.press(digit(panel))
    await screen.waitFor(() => isOn(panel))
  }
  screen.press('tab')
  await screen.waitFor(() => isOn('clients'))
  screen.press('shift+tab')
  await screen.waitFor(() => isOn(panelIds.at(-1)!))
  screen.press(digit('timeline'))
  await screen.waitFor(() => isOn('timeline'))
  expect(screen.row(3)).toMatch(/^DAY +TIME +WHAT/)
})

test('the help scrolls and closes', async () => {
  const screen = await started()
  screen.press('?')
  await screen.waitFor('j k scroll, any other key closes')
  const second = screen.row(1)
  screen.press('j')
  await screen.waitFor(() => screen.row(0) === second)
  screen.type('\u0004'.repeat(60))
  await screen.waitFor('▲ storm')
  const end = screen.text()
  screen.press('k')
  await screen.waitFor(text => text !== end)
  screen.press('x')
  await screen.waitFor('token-missing')
  expect(screen.text()).not.toContain('Expected trouble')
})

test(': completes with Tab, explains a code, and says which command is unknown', async () => {
  const screen = await started()
  screen.press(':')
  await screen.waitFor('connections explain filter')
  screen.type('exp')
  await screen.waitFor(/^explain code or reason\s*$/m)
  screen.press('tab')
  await screen.waitFor(/^: explain\s*$/m)
  screen.type('1008')
  screen.press('enter')
  await screen.waitFor('closed-1008')
  await screen.waitFor('The gateway closed the connection because of one of its rules.')
  screen.press('esc')
  await screen.waitForGone('closed-1008')
  screen.press(':')
  screen.type('nonsense')
  screen.press('enter')
  await screen.waitFor('There is no command “nonsense”')
})

test('a word that explain does not know is said', async () => {
  const screen = await started()
  screen.press(':')
  screen.type('explain no-such-reason')
  screen.press('enter')
  await screen.waitFor(/no-such-reason”/)
  expect(screen.text()).toContain('token-missing')
})

test('a key that does nothing says so', async () => {
  const screen = await started()
  screen.type('#')
  await screen.waitFor('# does nothing here; ? lists the keys')
  screen.press('ctrl+r')
  await screen.waitFor('ctrl+r does nothing here; ? lists the keys')
  screen.press(']')
  await screen.waitFor('Only a replay can do that')
})

test('y copies to the clipboard at the other end, without control characters', async () => {
  const screen = await started()
  screen.press('y')
  await screen.waitFor('Sent to the clipboard of your terminal')
  const [, base64 = ''] = /\u001b\]52;c;([A-Za-z0-9+/=]+)\u0007/.exec(screen.raw()) ?? []
  const copied = Buffer.from(base64, 'base64').toString()
  expect(copied).toMatch(/^\S.*token-missing.*\n.*\nThe client sent no gateway token/)
  expect(copied).toContain('\nconn: 49858d37-014d-4206-878b-27525e815c15\n')
  expect(copied).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
})

test('pasted text presses no keys', async () => {
  const screen = await started()
  screen.paste('3q\r')
  await screen.waitFor('Pasted text is ignored here')
  expect(screen.styleOf('1 Clients')?.bold).toBe(true)
})

test('pasted text is cleaned into a prompt', async () => {
  const screen = await started()
  screen.press('/')
  await screen.waitFor('client:')
  screen.type('<>')
  screen.press('left')
  screen.paste('to\u0007ken\u0000-\nq\u202e\u001b[31mmis')
  await screen.waitFor(/^\/ <token- qmis>/m)
  expect(screen.raw()).not.toContain('\u001b[31mmis')
})

test('two characters in one write are two keys', async () => {
  const screen = await started()
  const chosenAt = () => screen.rows().indexOf(screen.chosenRow() ?? 'none')
  expect(chosenAt()).toBe(4)
  screen.type('jj')
  await screen.waitFor(() => chosenAt() === 6)
  screen.type('kj\u001b[B\u001b[B')
  await screen.waitFor(() => chosenAt() === 8)
  screen.type('/dev\r')
  await screen.waitFor('filter dev; esc clears it')
})
