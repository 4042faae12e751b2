import path from 'node:path'
import {afterEach, describe, expect, test} from 'vitest'
import {captured, type Mac, prints, psOf, startMac} from '../fixtures/stubs/as-mac.ts'

let mac: Mac
afterEach(() => mac.end())

type Checked = {
  verdict: string
  gateway: {is: string; pid: number | null; reach: string}
  clients: {in: number}
  problems: {id: string; harm: string; title: string; because: string; tryThis: string; see?: string[]}[]
}

const check = async (more?: Record<string, string>): Promise<Checked> =>
  JSON.parse((await mac.run(['check', '--json'], more)).stdout)
const idsOf = ({problems}: Checked): string[] => problems.map(({id}) => id)

const label = 'ai.openclaw.gateway'
const agent = `~/Library/LaunchAgents/${label}.plist`

const plist = (
  more = '',
  args: readonly string[] = ['/opt/homebrew/bin/node', '/opt/lib/node_modules/openclaw/dist/index.js'],
): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict><key>Label</key><string>${label}</string>
<key>ProgramArguments</key><array>${[...args, 'gateway'].map(word => `<string>${word}</string>`).join('')}</array>
<key>KeepAlive</key><true/>
${more}</dict></plist>
`

describe('who listens', () => {
  test('the gateway of this account, by lsof', async () => {
    mac = await startMac()
    const found = await check()
    expect(found.gateway).toMatchObject({is: 'up', pid: mac.pid(), reach: 'up'})
    expect(mac.asked().filter(line => line.startsWith('lsof'))[0]).toMatch(/^lsof -b -w -nP -iTCP:\d+ -F pcnLuT$/)
  })

  test('a gateway of another account is not killed, where lsof shows nothing of it', async () => {
    mac = await startMac()
    mac.says('lsof', 'exit 1')
    mac.says('ps', psOf([{pid: mac.pid(), uid: 0, user: 'root', args: 'node gateway'}]))
    const found = await check()
    expect(idsOf(found)).not.toContain('gateway-killed')
    expect(found.gateway).toMatchObject({pid: mac.pid(), reach: 'up'})
  })

  test('where no tool can tell, nothing is said of who listens, and what answers is not gone', async () => {
    mac = await startMac()
    mac.says('lsof', 'exit 1')
    mac.says('netstat', null)
    mac.write(agent, plist())
    const found = await check({OPENCLAW_GATEWAY_TOKEN: ''})
    expect(idsOf(found).filter(id => /killed|stopped|not-loaded|down/.test(id))).toEqual([])
    expect(found.gateway.reach).toBe('up')
    expect(found.problems.find(({id}) => id === 'listener-unproven')?.because).toMatch(
      /lsof shows the processes of this account only/,
    )
  })

  test('a gateway that is gone is gone, by the list of all accounts', async () => {
    mac = await startMac()
    await mac.stopGateway('SIGKILL')
    mac.says('lsof', 'exit 1')
    mac.says('netstat', prints(captured('netstat-macos26.txt')))
    expect(idsOf(await check())).toContain('gateway-killed')
  })

  test('cron finds lsof no more than it finds netstat, and check says so', async () => {
    mac = await startMac()
    mac.says('lsof', null)
    mac.says('netstat', null)
    const found = await check({PATH: `${mac.root}/bin:${path.dirname(process.execPath)}`})
    expect(found.problems.find(({id}) => id === 'listener-unproven')?.because).toMatch(/there is no lsof here/)
    expect(idsOf(found)).not.toContain('gateway-killed')
  })

  test('lsof that takes seconds is waited for no longer than netstat takes', async () => {
    mac = await startMac()
    mac.says('lsof', `exec sleep 30`)
    const found = await check()
    expect(found.gateway).toMatchObject({pid: mac.pid(), reach: 'up'})
  })
})
