import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {afterEach, expect, test, vi} from 'vitest'
import {mainSupervisor, type ServiceFacts, type Supervisor} from '../../src/domain/service/service.ts'
import {readHostEnv} from '../../src/sources/service/host-env.ts'
import {readService} from '../../src/sources/service/service.ts'
import {freePort} from '../cli/free-port.ts'
import {hasSudo, keep, onMac, run, said} from './proof.ts'

const profile = 'gatecrab-ci'
const label = `ai.openclaw.${profile}`
const uid = process.getuid?.() ?? 0
const domain = `gui/${uid}`
const job = `${domain}/${label}`
const home = os.homedir()
const stateDir = path.join(home, `.openclaw-${profile}`)
const plist = path.join(home, 'Library/LaunchAgents', `${label}.plist`)
const daemon = `/Library/LaunchDaemons/${label}.plist`
const stub = path.join(import.meta.dirname, '../fixtures/stubs/gateway.ts')

const plistOf = (argv: readonly string[], more = ''): string => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>Label</key><string>${label}</string>
<key>ProgramArguments</key><array>${argv.map(word => `<string>${word}</string>`).join('')}</array>
<key>KeepAlive</key><true/><key>RunAtLoad</key><true/><key>ThrottleInterval</key><integer>1</integer>${more}</dict></plist>
`

const install = (argv: readonly string[]): void => {
  fs.mkdirSync(path.dirname(plist), {recursive: true})
  fs.writeFileSync(plist, plistOf(argv), {mode: 0o644})
}

const bootOut = (): void => {
  said('launchctl', 'bootout', job)
  if (hasSudo()) said('sudo', '-n', 'launchctl', 'bootout', `system/${label}`)
}

afterEach(() => {
  bootOut()
  said('launchctl', 'enable', job)
  fs.rmSync(plist, {force: true})
  fs.rmSync(stateDir, {recursive: true, force: true})
  if (hasSudo()) said('sudo', '-n', 'rm', '-f', daemon)
})

const look = (port: number): Promise<ServiceFacts> =>
  readService({
    overrides: {stateDir: null, configFile: null, profile},
    hostEnv: readHostEnv(),
    stateDir,
    configFile: path.join(stateDir, 'openclaw.json'),
    port,
  })

const ours = (facts: ServiceFacts): Supervisor | null => {
  const found = mainSupervisor(facts)
  return found?.name === label ? found : null
}

/** Looks again until it is so; `long` is what launchd needs to start a thing again. */
const until = (port: number, isSo: (found: Supervisor | null) => boolean): Promise<Supervisor | null> =>
  vi
    .waitUntil(
      async () => {
        const found = ours(await look(port))
        return isSo(found) ? {found} : null
      },
      {timeout: 40_000, interval: 500},
    )
    .then(({found}) => found)

const gateway = async (): Promise<number> => {
  const port = await freePort()
  fs.mkdirSync(stateDir, {mode: 0o700})
  install([process.execPath, stub, stateDir, String(port)])
  run('launchctl', 'bootstrap', domain, plist)
  await until(port, found => found?.isRunning === true && found.pid !== null)
  await vi.waitUntil(() => fs.existsSync(path.join(stateDir, 'stub.json')), {timeout: 30_000})
  return port
}

onMac('launchd', () => {
  test('an agent that runs: its pid is that of lsof, its parent launchd', async () => {
    const port = await gateway()
    const facts = await look(port)
    keep('launchctl-print-running', said('launchctl', 'print', job))
    const listed = run('lsof', '-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN').trim()
    expect(ours(facts)).toMatchObject({domain, isLoaded: true, isEnabled: true, isRunning: true, pid: Number(listed)})
    expect(facts.holders).toMatchObject([{pid: Number(listed), parents: [1]}])
  })

  test('killed, it is started again, and how it ended is told', async () => {
    const port = await gateway()
    const before = ours(await look(port))?.pid ?? 0
    process.kill(before, 'SIGKILL')
    const after = await until(port, found => found?.isRunning === true && found.pid !== before)
    keep('launchctl-print-killed', said('launchctl', 'print', job))
    expect(after?.lastExit).toMatch(/9/)
    expect(after?.runs).toBeGreaterThan(1)
  })

  test('a program that ends with 78 again and again', async () => {
    install(['/bin/sh', '-c', 'exit 78'])
    run('launchctl', 'bootstrap', domain, plist)
    const found = await until(1, one => (one?.runs ?? 0) > 1)
    keep('launchctl-print-exit-78', said('launchctl', 'print', job))
    expect(found).toMatchObject({isLoaded: true, lastExit: expect.stringContaining('78')})
  })

  test('a program that is not there is a failure', async () => {
    install(['/no/such/program'])
    said('launchctl', 'bootstrap', domain, plist)
    const found = await until(1, one => one?.isLoaded === true && one.lastExit !== null)
    keep('launchctl-print-missing-program', said('launchctl', 'print', job))
    expect(found).toMatchObject({isRunning: false, hasFailed: true})
  })

  test('a program whose signature is spoilt is refused by the system', async () => {
    const spoilt = path.join(stateDir, 'spoilt')
    fs.mkdirSync(stateDir, {mode: 0o700})
    fs.copyFileSync('/bin/sleep', spoilt)
    const bytes = fs.readFileSync(spoilt)
    bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 0xff, bytes.length >> 1)
    fs.writeFileSync(spoilt, bytes)
    install([spoilt, '1000'])
    said('launchctl', 'bootstrap', domain, plist)
    const found = await until(1, one => one?.isLoaded === true && one.lastExit !== null)
    keep('launchctl-print-signature', said('launchctl', 'print', job))
    expect(found).toMatchObject({isRunning: false, endedBy: 'system'})
  })

  test('disabled, enabled, and taken out', async () => {
    const port = await gateway()
    run('launchctl', 'disable', job)
    keep('launchctl-print-disabled', said('launchctl', 'print-disabled', domain))
    expect(ours(await look(port))).toMatchObject({isEnabled: false})
    run('launchctl', 'enable', job)
    expect(ours(await look(port))).toMatchObject({isEnabled: true})
    bootOut()
    expect(await until(port, found => found?.isLoaded === false)).toMatchObject({isRunning: false, pid: null})
    keep('launchctl-print-not-loaded', said('launchctl', 'print', job))
  })

  test('what launchctl says of a domain that is none, and of a second bootstrap', async () => {
    keep('launchctl-no-domain', said('launchctl', 'print', `gui/99999/${label}`))
    await gateway()
    keep('launchctl-bootstrap-twice', said('launchctl', 'bootstrap', domain, plist))
    expect(said('launchctl', 'print', `gui/99999/${label}`)).toMatch(/exit (?:112|113|125)\n$/)
  })

  test('a plist that only its owner reads: whether launchd takes it', () => {
    install(['/bin/sleep', '1000'])
    fs.chmodSync(plist, 0o600)
    keep('launchctl-bootstrap-0600', said('launchctl', 'bootstrap', domain, plist))
  })

  test.skipIf(!hasSudo())('as a daemon of the machine it is named, and its restart is said, not done', async () => {
    const port = await freePort()
    fs.mkdirSync(stateDir, {mode: 0o700})
    const scratch = path.join(stateDir, 'daemon.plist')
    fs.writeFileSync(
      scratch,
      plistOf([process.execPath, stub, stateDir, String(port)], `<key>UserName</key><string>${os.userInfo().username}</string>`),
    )
    run('sudo', '-n', 'install', '-o', 'root', '-g', 'wheel', '-m', '644', scratch, daemon)
    run('sudo', '-n', 'launchctl', 'bootstrap', 'system', daemon)
    const found = await until(port, one => one?.isRunning === true)
    keep('launchctl-print-daemon', said('launchctl', 'print', `system/${label}`))
    expect(found).toMatchObject({domain: 'system', file: daemon})
  })
})
