import fs from 'node:fs'
import path from 'node:path'
import {afterEach, describe, expect, test} from 'vitest'
import {captured, job, launchctl, type Mac, prints, psOf, startMac} from '../fixtures/stubs/as-mac.ts'
import type {Ended} from '../fixtures/stubs/home.ts'

let mac: Mac
afterEach(() => mac.end())

type Checked = {
  verdict: string
  gateway: {is: string; pid: number | null; reach: string; lastLineAt: string | null}
  clients: {in: number}
  problems: {id: string; harm: string; title: string; because: string; tryThis: string; see?: string[]}[]
}

const check = async (more?: Record<string, string>): Promise<Checked> =>
  JSON.parse((await mac.run(['check', '--json'], more)).stdout)
const idsOf = ({problems}: Checked): string[] => problems.map(({id}) => id)

/** What a person reads, in one line. */
const readBy = ({stdout, stderr}: Ended): string => `${stdout}${stderr}`.replace(/\s+/g, ' ')

const label = 'ai.openclaw.gateway'
const daemon = `/Library/LaunchDaemons/${label}.plist`
const running = (target: string, pid: number, more: Record<string, string | number> = {}): string =>
  job(target, {'active count': 1, state: 'running', runs: 1, pid, 'last exit code': '(never exited)', ...more})
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
    const killed = (await check()).problems.find(({id}) => id === 'gateway-killed')
    expect(killed?.tryThis).toMatch(/JetsamEvent.*log show/)
    expect(killed?.tryThis).not.toContain('journalctl')
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

describe('the log', () => {
  const moveLogTo = (folder: string): void => {
    const config = JSON.parse(fs.readFileSync(mac.configFile, 'utf8'))
    const {logging, ...rest} = config
    fs.writeFileSync(mac.configFile, JSON.stringify(rest))
    mac.write(
      path.join(folder, `openclaw-${mac.uid}`, `openclaw-${new Date().toISOString().slice(0, 10)}.log`),
      fs.readFileSync(logging.file, 'utf8'),
      0o600,
    )
    own(path.join(mac.home, folder.slice(2)))
  }
  const own = (folder: string): void => {
    for (const one of [folder, path.join(folder, `openclaw-${mac.uid}`)]) {
      fs.chmodSync(one, 0o700)
      if (process.getuid?.() === 0) fs.chownSync(one, mac.uid, 20)
    }
  }

  test('is found where OpenClaw keeps the temporary files of its service', async () => {
    mac = await startMac()
    moveLogTo('~/.openclaw/tmp')
    const found = await check()
    expect(found.gateway.lastLineAt).not.toBeNull()
    expect(idsOf(found)).not.toContain('log-unreadable')
  })

  test('is found where the plist of the service says', async () => {
    mac = await startMac()
    mac.write(agent, plist(`<key>EnvironmentVariables</key><dict><key>TMPDIR</key><string>${mac.home}/scratch</string></dict>`))
    moveLogTo('~/scratch')
    expect((await check()).gateway.lastLineAt).not.toBeNull()
  })
})

test('with sudo it is the domain of the person that is asked', async () => {
  mac = await startMac()
  mac.write(agent, plist())
  await check({MAC_UID: '0', SUDO_UID: String(mac.uid)})
  expect(mac.asked()).toContain(`launchctl print gui/${mac.uid}/${label}`)
  expect(mac.asked().join()).not.toContain('gui/0')
})

describe('the plist of the service', () => {
  const keys = '<key>EnvironmentVariables</key><dict><key>ANTHROPIC_API_KEY</key><string>sk-none</string></dict>'

  test('is never advised to be made private, whatever variables it sets', async () => {
    mac = await startMac()
    mac.write(agent, plist(keys))
    mac.says('launchctl', launchctl({[`gui/${mac.uid}/${label}`]: running(`gui/${mac.uid}/${label}`, mac.pid())}))
    const found = await check()
    expect(JSON.stringify(found)).not.toMatch(/chmod/)
    expect(idsOf(found)).not.toContain('file-others-can-read')
  })

  test('with the token in it is not, either, by copies', async () => {
    mac = await startMac()
    mac.write(agent, plist(keys.replace('ANTHROPIC_API_KEY', 'OPENCLAW_GATEWAY_TOKEN').replace('sk-none', mac.token())))
    const {stdout} = await mac.run(['copies', '--json'])
    expect(stdout).toContain('launchd-plist')
    expect(stdout).not.toMatch(/chmod/)
  })

  test('that is private is told before the restart that would leave the gateway stopped', async () => {
    mac = await startMac()
    const file = mac.write(agent, plist(), 0o600)
    mac.says('launchctl', launchctl({[`gui/${mac.uid}/${label}`]: running(`gui/${mac.uid}/${label}`, mac.pid())}))
    expect((await check()).problems).toContainEqual(
      expect.objectContaining({id: 'service-refused-by-system', harm: 'soon', tryThis: `chmod 644 ${file}`}),
    )
    expect((await check({MAC_RELEASE: '24.6.0'})).problems.map(({id}) => id)).not.toContain('service-refused-by-system')
  })

  test('that is private and not loaded is what is broken', async () => {
    mac = await startMac()
    await mac.stopGateway('SIGKILL')
    mac.says('lsof', 'exit 1')
    mac.says('netstat', prints(captured('netstat-macos26.txt')))
    const file = mac.write(agent, plist(), 0o600)
    const {problems} = await check()
    expect(problems).toContainEqual(
      expect.objectContaining({
        ...{id: 'service-refused-by-system', harm: 'broken'},
        tryThis: `chmod 644 ${file} && launchctl bootstrap gui/${mac.uid} ${file}`,
      }),
    )
    expect(problems.map(({id}) => id)).not.toContain('service-not-loaded')
  })
})

describe('a LaunchDaemon', () => {
  const asDaemon = async (): Promise<void> => {
    mac = await startMac()
    mac.write(daemon, plist('<key>UserName</key><string>ops</string>'))
    mac.says('launchctl', launchctl({[`system/${label}`]: running(`system/${label}`, mac.pid())}))
  }

  test('is the service for check', async () => {
    await asDaemon()
    const found = await check()
    expect(idsOf(found)).toEqual(expect.not.arrayContaining(['no-supervisor', 'service-not-loaded', 'beside-the-service']))
    expect(mac.asked()).toContain(`launchctl print system/${label}`)
    expect(mac.asked()).toContain('launchctl print-disabled system')
  })

  test('is the service for plans, which advise no second gateway', async () => {
    await asDaemon()
    const ended = await mac.run(['restart', '--dry-run'])
    expect(readBy(ended)).toContain(`sudo launchctl kickstart -k system/${label}`)
    expect(readBy(ended)).toContain(`/Library/LaunchDaemons/${label}.plist`)
    expect(readBy(ended)).not.toMatch(/openclaw gateway (?:run|install)/)
  })

  test('is changed by root, and no agent is installed beside it', async () => {
    await asDaemon()
    mac.write(
      daemon,
      plist('', ['/opt/homebrew/bin/node', '/opt/lib/node_modules/openclaw/dist/index.js', '--token', mac.token()]),
    )
    const found = await check()
    expect(JSON.stringify(found)).not.toMatch(/openclaw gateway (?:run|install)/)
  })

  test('an agent of the machine is known as well', async () => {
    mac = await startMac()
    mac.write(`/Library/LaunchAgents/${label}.plist`, plist())
    mac.says('launchctl', launchctl({[`gui/${mac.uid}/${label}`]: running(`gui/${mac.uid}/${label}`, mac.pid())}))
    const ended = await mac.run(['restart', '--dry-run', '--json'])
    expect(ended.stdout).toContain(`/Library/LaunchAgents/${label}.plist`)
    expect(ended.stdout).not.toContain('openclaw gateway run')
  })
})

test("somebody's own agent is known by its pid, and no second gateway is advised", async () => {
  mac = await startMac()
  const list = `PID\tStatus\tLabel\n${captured('launchctl-list.txt')}${mac.pid()}\t0\tnet.example.claw\n`
  mac.says('launchctl', `if [ "$1" = list ]; then ${prints(list)}\nfi\n${launchctl({})}`)
  const ended = await mac.run(['restart', '--dry-run', '--json'])
  expect(ended.stdout).toContain(`launchctl kickstart -k gui/${mac.uid}/net.example.claw`)
  expect(ended.stdout).not.toContain('openclaw gateway run')
})

test('a gateway that no agent is known of is started where it was, and not a second time', async () => {
  mac = await startMac()
  const ended = await mac.run(['restart', '--dry-run', '--json'])
  expect(ended.stdout).toContain('a second one cannot have the port')
  expect(ended.stdout).not.toContain('openclaw gateway run')
})

describe('a gateway that was loaded without a login at the console', () => {
  test('is found in the domain of the user', async () => {
    mac = await startMac()
    mac.write(agent, plist())
    const user = `user/${mac.uid}/${label}`
    mac.says(
      'launchctl',
      launchctl({
        [`gui/${mac.uid}/${label}`]: `# \n${prints(`Bad request.\nCould not find domain for user gui: ${mac.uid}`, 112)}`,
        [user]: running(user, mac.pid()),
      }),
    )
    const ended = await mac.run(['restart', '--dry-run', '--json'])
    expect(ended.stdout).not.toMatch(/a gateway in a terminal, or one left over|openclaw gateway run/)
    expect(ended.stdout).toContain(`launchctl bootstrap user/${mac.uid} `)
    expect(idsOf(await check())).toEqual(
      expect.not.arrayContaining(['beside-the-service', 'service-not-loaded', 'two-supervisors']),
    )
  })
})

describe('what launchd says of the job', () => {
  const of = (target: string, text: string): string => text.replace(/^\S+ = \{/m, `${target} = {`)

  const saying = async (text: string): Promise<Checked> => {
    mac = await startMac()
    mac.write(agent, plist())
    const gui = `gui/${mac.uid}/${label}`
    mac.says('launchctl', launchctl({[gui]: of(gui, text)}))
    await mac.stopGateway('SIGTERM')
    mac.says('lsof', 'exit 1')
    mac.says('netstat', prints(captured('netstat-macos26.txt')))
    return check()
  }

  test('a broken code signature is named, and so is the loop that it makes', async () => {
    const {problems} = await saying(captured('launchctl-print-codesigning-killed.txt'))
    expect(problems).toContainEqual(
      expect.objectContaining({id: 'service-refused-by-system', because: expect.stringContaining('OS_REASON_CODESIGNING')}),
    )
    expect(problems).toContainEqual(
      expect.objectContaining({id: 'respawn-loop', because: expect.stringContaining('24991 times')}),
    )
  })

  test('a loop is one, and not a service that has stopped', async () => {
    const found = await saying(captured('launchctl-print-openclaw-looping.txt'))
    expect(idsOf(found)).toContain('respawn-loop')
    expect(idsOf(found)).not.toContain('service-stopped')
  })

  test('9962 starts tell of a loop in one look, also while it lives', async () => {
    const found = await saying(job('x', {state: 'running', runs: 9962, pid: 4242, 'last exit code': '78: EX_CONFIG'}))
    expect(idsOf(found)).toContain('respawn-loop')
  })

  test('memory', async () => {
    const {problems} = await saying(
      job('x', {state: 'spawn scheduled', runs: 3, 'last exit reason': 'OS_REASON_JETSAM | JETSAM_REASON_MEMORY_HIGHWATER'}),
    )
    expect(problems).toContainEqual(
      expect.objectContaining({id: 'service-out-of-memory', tryThis: expect.stringContaining('JetsamEvent')}),
    )
  })

  test.each([
    ['xpcproxy', 'service-starting', {}],
    ['SIGTERMed', 'service-stopping', {}],
    ['spawn scheduled', 'service-starting', {'last terminating signal': 'Terminated: 15'}],
  ])('%s is on its way', async (state, id, more) => {
    const found = await saying(job('x', {state, runs: 2, ...more}))
    expect(found.problems).toContainEqual(expect.objectContaining({id, harm: 'note'}))
    expect(idsOf(found).filter(one => /^gateway-|^service-stopped/.test(one))).toEqual([])
  })
})

describe('a restart', () => {
  /** What `launchctl print` says until somebody's bootstrap has won, and what bootstrap answers, one line a try. */
  const launchdThat = (answers: readonly string[]): string => {
    const gui = `gui/${mac.uid}/${label}`
    const [tries, won] = [`${mac.root}/tries`, `${mac.root}/won`]
    return [
      `if [ "$1" = bootstrap ]; then echo x >>${tries}; case $(wc -l <${tries} | tr -d ' ') in`,
      ...answers.map((answer, i) => `${i + 1}) ${answer} ;;`),
      `esac; fi`,
      `if [ "$1" = print ] && [ -f ${won} ]; then ${prints(running(gui, 99_999))}`,
      'fi',
      launchctl({[gui]: job(gui, {state: 'SIGTERMed', pid: mac.pid(), runs: 1})}),
    ].join('\n')
  }
  const refused = "echo 'Bootstrap failed: 5: Input/output error' >&2; exit 5"
  const byAnother = (): string =>
    `touch ${mac.root}/won; kill -USR2 ${mac.pid()}; echo 'Bootstrap failed: 37: Operation already in progress' >&2; exit 37`

  const eio = (): Record<string, string> => {
    mac.write(agent, plist())
    const error = captured('openclaw-restart-eio.txt')
      .replace(/^\$.*\n/, '')
      .trim()
    return {STUB_SAYS: mac.write('/says.json', JSON.stringify({action: 'restart', ok: false, error})), STUB_EXIT: '1'}
  }

  test('whose bootstrap another one won is done, and so is one that had to wait for the drain', async () => {
    mac = await startMac()
    const env = eio()
    mac.says('launchctl', launchdThat([refused, byAnother()]))
    const {entries, code} = await mac.run(['restart', '--yes', '--json'], env)
    expect(entries.at(-1)).toMatchObject({outcome: 'done'})
    expect(code).toBe(0)
    expect(mac.asked().filter(line => line.startsWith('launchctl bootstrap'))).toHaveLength(2)
  }, 120_000)

  test('that macOS refused for the plist says what to do about it', async () => {
    mac = await startMac()
    const env = eio()
    const file = mac.write(agent, plist(), 0o600)
    mac.says('launchctl', launchdThat(Array.from({length: 9}, () => refused)))
    const {entries} = await mac.run(['restart', '--yes', '--json'], env)
    expect(entries.at(-1)).toMatchObject({outcome: 'failed', because: expect.stringContaining('IT IS STOPPED')})
    expect(JSON.stringify(entries.at(-1))).toContain(`chmod 644 ${file}`)
  }, 150_000)

  test('is proved, also where lsof takes seconds', async () => {
    mac = await startMac()
    mac.write(agent, plist())
    mac.says('launchctl', launchctl({[`gui/${mac.uid}/${label}`]: running(`gui/${mac.uid}/${label}`, mac.pid())}))
    mac.says('lsof', 'exec sleep 3')
    expect((await mac.run(['restart', '--yes', '--json'])).entries.at(-1)).toMatchObject({outcome: 'done'})
  }, 120_000)
})

test('a rotation is proved, and its copies are known', async () => {
  mac = await startMac()
  mac.write(agent, plist())
  mac.says('launchctl', launchctl({[`gui/${mac.uid}/${label}`]: running(`gui/${mac.uid}/${label}`, mac.pid())}))
  const old = mac.token()
  const {entries} = await mac.run(['rotate', '--yes', '--json'])
  expect(entries.at(-1)).toMatchObject({outcome: 'done'})
  expect(await mac.ask(mac.token())).toBe(400)
  expect(await mac.ask(old)).toBe(401)
})
