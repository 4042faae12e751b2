import fs from 'node:fs'
import {beforeAll, expect, onTestFinished, test} from 'vitest'
import {distances} from '../cli/distant.ts'
import {room} from '../cli/gatecrab.ts'
import {freshRefusal} from '../cli/refusal.ts'
import {built} from './built.ts'
import {openScreen} from './screen.ts'

beforeAll(built)

const machines = () => {
  const home = room()
  onTestFinished(() => home[Symbol.dispose]())
  const {env, machine, behave} = distances(home)
  const {log} = machine('mini')
  behave('studio', 'echo "Host key verification failed." >&2; exit 255')
  const {PATH = ''} = env
  return {env: {PATH}, log, behave}
}

test('each gateway is a row; what changes there is there at once; enter goes to its screen and q comes back', async () => {
  const {env, log} = machines()
  const screen = openScreen(['--host', 'mini', '--host', 'studio'], {env})
  await screen.waitFor('1 broken')
  await screen.waitFor('out of reach')
  await screen.waitFor('The gateway does not answer')
  for (let n = 0; n < 8; n += 1) fs.appendFileSync(log, freshRefusal(n))
  await screen.waitFor(/refused before/)
  screen.press('j')
  await screen.waitFor('The host key of studio is not known here')
  screen.press('?')
  await screen.waitFor('call those that are out of reach now')
  screen.press('esc', 'k')
  await screen.waitFor(/refused before/)
  screen.press('enter')
  await screen.waitFor('1 Clients')
  // Every key goes to the screen that is visited, none is taken on the way.
  for (const [key, seen] of [
    ['2', 'OUTCOME'],
    ['?', 'any other key closes'],
    ['esc', 'OUTCOME'],
    ['1', 'STATE'],
  ] as const) {
    screen.press(key)
    await screen.waitFor(seen)
  }
  screen.press('q')
  await screen.waitFor('2 gateways')
  screen.press('q')
  expect(await screen.exited).toMatchObject({exitCode: 0})
})

test('where ssh does not get there, the visit says so and the screen is back', async () => {
  const {env, behave} = machines()
  const screen = openScreen(['--host', 'mini'], {env})
  await screen.waitFor('1 broken')
  behave('mini', 'exit 255')
  screen.press('enter')
  await screen.waitFor('ssh did not get to mini')
  screen.press('ctrl+c')
  expect(await screen.exited).toMatchObject({exitCode: 0})
})

test('gateways of this machine are rows beside each other; enter opens the screen of one, q comes back', async () => {
  const home = room()
  onTestFinished(() => home[Symbol.dispose]())
  const logs = ['a', 'b'].map(name => {
    fs.mkdirSync(home.file(`.openclaw-${name}`))
    const log = home.file(`.openclaw-${name}/gw.jsonl`, '')
    home.file(`.openclaw-${name}/openclaw.json`, JSON.stringify({gateway: {port: 1}, logging: {file: log}}))
    return log
  })
  for (let n = 0; n < 8; n += 1) fs.appendFileSync(logs[1]!, freshRefusal(n))
  const screen = openScreen(['--profile', 'a', '--profile', 'b'], {env: {HOME: home.folder}})
  await screen.waitFor('2 gateways')
  await screen.waitFor(/profile b .* broken +1 /)
  await screen.waitFor(/profile a .* broken/)
  screen.press('j')
  await screen.waitFor(/refused before/)
  screen.press('enter')
  await screen.waitFor('1 Clients')
  await screen.waitFor('password')
  screen.press('q')
  await screen.waitFor('2 gateways')
  screen.press('q')
  expect(await screen.exited).toMatchObject({exitCode: 0})
})
