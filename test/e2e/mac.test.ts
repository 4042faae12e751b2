import {afterEach, beforeAll, expect, test} from 'vitest'
import {captured, launchctl, type Mac, onMac, prints, psOf, startMac} from '../fixtures/stubs/as-mac.ts'
import {built} from './built.ts'
import {openScreen} from './screen.ts'

beforeAll(built)

let mac: Mac
afterEach(() => mac.end())

const openMac = () =>
  openScreen([], {cols: 120, rows: 30, env: mac.env({TERM: 'xterm-256color'}), command: [process.execPath, ...onMac]})

test('the screen shows a gateway that lsof does not show, and that it was killed once netstat shows nobody', async () => {
  mac = await startMac()
  mac.says('lsof', 'exit 1')
  mac.says('ps', psOf([{pid: mac.pid(), uid: 0, user: 'root', args: 'node gateway'}]))
  const screen = openMac()
  await screen.waitFor(new RegExp(`:${mac.port} pid ${mac.pid()} +up`), 60_000)
  expect(screen.text()).not.toMatch(/killed|stopped|another program/)
  mac.says('netstat', prints(captured('netstat-macos26.txt')))
  await mac.stopGateway('SIGKILL')
  await screen.waitFor(/killed/, 60_000)
  screen.press('q')
  await screen.exited
}, 180_000)

test('the screen without a tool that can see says nothing of a gateway that answers', async () => {
  mac = await startMac()
  mac.says('lsof', 'exit 1')
  mac.says('netstat', null)
  mac.says('launchctl', launchctl({}))
  const screen = openMac()
  await screen.waitFor(/gateway/)
  await screen.waitFor(/up/)
  expect(screen.text()).not.toMatch(/killed|stopped/)
  screen.press('q')
  await screen.exited
})
