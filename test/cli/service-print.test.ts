import {execFileSync} from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import {beforeAll, describe, expect, onTestFinished, test} from 'vitest'
import {built} from '../e2e/built.ts'
import {begun, type Ended, gatecrab, room} from './gatecrab.ts'

beforeAll(built)

const program = expect.stringMatching(/^\/.+\/gatecrab\.js$/)
const secret = '5ec2e7f00d5ec2e7f00d5ec2e7f00d5ec2e7f00d5ec2e7f0'
const command = `printf '%s\\n' "$GATECRAB_SUMMARY" 100% \\ <>& "\${X}" >>"$HOME/a b"\nsecond line\twith a tab`

const printed = async (argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> => {
  const home = room()
  onTestFinished(() => home[Symbol.dispose]())
  using running = begun(['service', 'print', ...argv], home.folder, {
    OPENCLAW_GATEWAY_TOKEN: secret,
    OPENCLAW_STATE_DIR: '/srv/100% open claw',
    ...env,
  })
  running.child.stdin.end()
  return await running.ended
}

/** What systemd makes of the words of a line: escapes of C and specifiers undone, variables not yet. */
const wordsOf = (line: string): string[] =>
  Array.from(line.matchAll(/"((?:[^"\\]|\\.)*)"/g), ([, word = '']) =>
    word.replace(/\\(.)/g, (_, char: string) => ({n: '\n', t: '\t'})[char] ?? char).replaceAll('%%', '%'),
  )

const lineOf = (unit: string, name: string): string[] =>
  unit.split('\n').flatMap(line => (line.startsWith(`${name}=`) ? [line.slice(name.length + 1)] : []))

describe('service print systemd', () => {
  test('starts this node and this gatecrab with the very command, whatever is in it', async () => {
    const {code, stdout} = await printed(['systemd', '--on-change', command, '--config', 'my.json5'])
    expect(code).toBe(0)
    const [node, ...words] = wordsOf(lineOf(stdout, 'ExecStart')[0] ?? '')
    expect(node).toBe(process.execPath)
    expect(words.slice(0, 4)).toEqual([program, 'check', '--watch', '--on-change'])
    expect(words[4]?.replaceAll('$$', '$')).toBe(command)
    expect(words[4]?.replaceAll('$$', '')).not.toContain('$')
    expect(words.slice(5)).toEqual(['--config', expect.stringMatching(/^\/.+\/my\.json5$/)])
    expect(lineOf(stdout, 'Environment').flatMap(wordsOf)).toContain('OPENCLAW_STATE_DIR=/srv/100% open claw')
  })

  test('starts it again after a failure, not after a signal or wrong usage, with few rights and no secret', async () => {
    const {stdout, stderr} = await printed(['systemd', '--on-change', 'true'])
    expect(stdout).toMatch(/^Restart=on-failure$[\s\S]*^SuccessExitStatus=130$[\s\S]*^RestartPreventExitStatus=64$/m)
    expect(stdout).toContain('\nNoNewPrivileges=yes\n')
    expect(`${stdout}${stderr}`).not.toContain(secret.slice(0, 12))
  })

  test('says how it is installed and removed, in the file and where the file is written', async () => {
    const {stdout, stderr} = await printed(['systemd', '--metrics', '127.0.0.1:9464'])
    for (const text of [stdout, stderr]) {
      expect(text).toContain('systemctl --user enable --now gatecrab-metrics')
      expect(text).toContain(
        'systemctl --user disable --now gatecrab-metrics && rm ~/.config/systemd/user/gatecrab-metrics.service',
      )
    }
    expect(wordsOf(lineOf(stdout, 'ExecStart')[0] ?? '').slice(2)).toEqual(['metrics', '--listen', '127.0.0.1:9464'])
  })

  test.skipIf(!fs.existsSync('/usr/bin/systemd-analyze'))(
    'is a unit that systemd understands (only where there is one)',
    async () => {
      const {stdout} = await printed(['systemd', '--on-change', command])
      const home = room()
      onTestFinished(() => home[Symbol.dispose]())
      const file = home.file('gatecrab-watch.service', stdout)
      const said = execFileSync('sh', ['-c', 'systemd-analyze verify --man=no "$1" 2>&1 || true', 'sh', file], {encoding: 'utf8'})
      expect(said.split('\n').filter(line => line.includes(path.basename(file)))).toEqual([])
    },
  )
})

const texts: Readonly<Record<string, string>> = {lt: '<', gt: '>', amp: '&'}
const plain = (text: string): string => text.replace(/&(\w+);/g, (_, name: string) => texts[name] ?? '')

/** The names of the elements in order, and an error where they are not nested as XML wants it. */
const elementsOf = (xml: string): string[] => {
  const open: string[] = []
  const found: string[] = []
  const body = xml.replace(/^<\?xml[^>]*\?>\s*<!DOCTYPE[^>]*>/, '').replace(/<!--((?:(?!--)[\s\S])*)-->/g, '')
  for (const [, close, name = '', empty] of body.matchAll(/<(\/?)([^\s<>/]+)[^<>]*?(\/?)>/g)) {
    if (close) expect(open.pop()).toBe(name)
    else found.push(name)
    if (!close && !empty) open.push(name)
  }
  expect([open, body.replace(/<[^<>]+>/g, '').match(/[<>]|&(?!\w+;)/g)]).toEqual([[], null])
  return found
}

const stringsIn = (xml: string): string[] =>
  Array.from(xml.matchAll(/<string>([^<]*)<\/string>/g), ([, text = '']) => plain(text))

describe('service print launchd', () => {
  test('is XML, with the very command, whatever is in it', async () => {
    const {code, stdout, stderr} = await printed(['launchd', '--on-change', command])
    expect(code).toBe(0)
    expect(elementsOf(stdout).slice(0, 2)).toEqual(['plist', 'dict'])
    const [label, ...words] = stringsIn(stdout)
    expect(label).toBe('io.gatecrab.watch')
    expect(words.slice(0, 6)).toEqual([process.execPath, program, 'check', '--watch', '--on-change', command])
    expect(stdout).toMatch(/<key>KeepAlive<\/key>\s*<dict><key>SuccessfulExit<\/key><false\/><\/dict>/)
    expect(stderr).toContain('launchctl bootout gui/$(id -u)/io.gatecrab.watch')
    expect(`${stdout}${stderr}`).not.toContain(secret.slice(0, 12))
  })

  test.skipIf(!fs.existsSync('/usr/bin/plutil'))('is a plist that macOS understands (only there)', async () => {
    const {stdout} = await printed(['launchd', '--on-change', command])
    expect(execFileSync('/usr/bin/plutil', ['-lint', '-'], {input: stdout, encoding: 'utf8'})).toContain('OK')
  })
})

test.each([
  [[], 'Unknown action'],
  [['install', 'systemd'], 'it prints, and installs nothing'],
  [['print', 'upstart', '--on-change', 'true'], 'Unknown service manager “upstart”'],
  [['print', 'systemd'], 'Name one thing to keep running'],
  [['print', 'systemd', '--on-change', 'true', '--metrics', '127.0.0.1:1'], 'Name one thing to keep running'],
  [['print', 'systemd', '--on-change', 'echo', 'hello'], 'Put the command in quotes'],
  [['print', 'systemd', '--on-change', 'true', '--log', '-'], 'A service has no standard input'],
  [['print', 'launchd', '--on-change', 'printf \u0007'], 'A control character cannot stand'],
])('service %s is wrong usage', async (argv, words) => {
  expect(await gatecrab(['service', ...argv])).toMatchObject({code: 64, stdout: '', stderr: expect.stringContaining(words)})
})
