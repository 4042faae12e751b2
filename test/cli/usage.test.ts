import fs from 'node:fs'
import {gzipSync} from 'node:zlib'
import {beforeAll, describe, expect, test} from 'vitest'
import {keymap} from '../../src/app/actions.ts'
import {commandNames, loadCommand, loadGroups, loadTopics, topicNames} from '../../src/cli/command-table.ts'
import {allHelp, commandHelp, examples} from '../../src/cli/help/text.ts'
import {readFlags} from '../../src/cli/options.ts'
import {isFailure} from '../../src/domain/failure.ts'
import {built} from '../e2e/built.ts'
import {captured} from '../stories/captures.ts'
import {gatecrab, room} from './gatecrab.ts'

beforeAll(built)

const log = captured('2026.9.6', 'password.jsonl')

describe('wrong usage is 64, says what is wrong, and prints nothing', () => {
  test.each([
    [['dance'], 'dance'],
    [['toString'], 'toString'],
    [['chekc'], 'Did you mean check?'],
    [['--readonly', 'rotat'], 'No such command: rotat. Did you mean rotate?'],
    [['help', 'rotat'], 'Did you mean rotate?'],
    [['check', '--jsno'], 'Did you mean --json?'],
    [['connections', '--bogus'], '--bogus'],
    [['connections', '--since'], '--since'],
    [['connections', '--since', 'yesterday', '--log', log], 'ISO 8601'],
    [['connections', '--until', 'soon', '--log', log], 'ISO 8601'],
    [['connections', '--now', 'never', '--log', log], 'ISO 8601'],
    [['connections', '--by', 'planet', '--log', log], '--by client'],
    [['connections', '--since', '15', '--log', log], '--since'],
    [['connections', 'gateway.log'], '--log'],
    [['check', '--now', 'never', '--log', log], 'ISO 8601'],
    [['copies', '--now', '15m'], 'ISO 8601'],
    [['profiles', '--now', 'soon'], 'ISO 8601'],
    [['report', '--now', 'never', '--log', log], 'ISO 8601'],
    [['report', '--since', 'yesterday', '--log', log], 'ISO 8601'],
    [['watch', '--since', 'yesterday', '--log', log], 'ISO 8601'],
    [['replay', log, '--at', 'noon'], 'ISO 8601'],
    [['replay', log, '--speed', 'fast'], 'a number above 0'],
    [['check', '--url', 'nowhere'], 'ws://host:port'],
    [['watch', '--url', 'localhost:18789'], 'ws://host:port'],
    [['check', '--release', 'newest'], 'such as 2026.9.6'],
    [['explain'], 'log line'],
    [['replay'], 'replay FILE'],
    [['check', 'a'], 'Unexpected word “a”'],
    [['check', '--json=1'], 'does not take an argument'],
    [['check', '--host=-oProxyCommand=x'], 'Unknown --host'],
    [['check', '--host', 'mini', '--log', log], 'Unknown together with --host: --log'],
    [['check', '--watch', '--every', '5ms', '--log', log], 'Unknown --every'],
    [['watch', '--alert', 'trumpet', '--log', log], 'Unknown --alert trumpet'],
    [['metrics', '--listen', 'nowhere'], 'Unknown --listen'],
    [['journals', 'nope'], 'No such journal: nope'],
    [['profiles', '--agent', 'nobody'], 'No such agent: nobody'],
    [['renew'], 'Unknown profile'],
    [['renew', 'x', '--by', 'magic'], 'Unknown --by magic'],
    [['renew', 'x', '--expires-in', 'long'], 'Unknown --expires-in long'],
    [['renew', 'nope'], 'No such profile: nope'],
  ])('%j', async (argv, word) => {
    const {code, stdout, stderr} = await gatecrab(argv)
    expect([code, stdout]).toEqual([64, ''])
    expect(stderr).toContain(word)
    expect(stderr).toMatch(/^gatecrab: .*\S\.?\n$/)
  })
})

describe('what cannot be read is 3, and says what and why', () => {
  test.each([[['connections']], [['connections', '--by', 'client']], [['replay']]])('%j of no such file', async argv => {
    const {code, stdout, stderr} = await gatecrab([...argv, '--log', '/no/such/gateway.log'])
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toMatch(/\/no\/such\/gateway\.log.*there is no such file/)
  })

  test('a report without its log', async () => {
    const {code, stdout, stderr} = await gatecrab(['report', '--log', '/no/such/gateway.log'])
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toContain('there is no such file')
  })

  test('a log that is packed, and how to unpack it', async () => {
    using home = room()
    const file = home.file('gw.log.gz')
    fs.writeFileSync(file, gzipSync('x'))
    const {code, stdout, stderr} = await gatecrab(['connections', '--log', file])
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toContain(`gunzip -c ${file} |`)
  })

  test('a moment further back than time goes is all of it', async () => {
    const {code, stderr} = await gatecrab(['report', '--since', '999999999d', '--log', log])
    expect([code, stderr]).toEqual([0, ''])
  })

  test('a folder without a log', async () => {
    using home = room()
    home.file('notes.txt', 'x')
    const {code, stderr} = await gatecrab(['connections', '--log', home.folder])
    expect([code, stderr]).toEqual([3, expect.stringContaining(home.folder)])
  })

  test.skipIf(process.getuid?.() === 0)('a file of somebody else', async () => {
    using home = room()
    fs.chmodSync(home.file('gw.log', 'x'), 0o000)
    const {code, stderr} = await gatecrab(['connections', '--log', home.file('gw.log')])
    expect([code, stderr]).toEqual([3, expect.stringContaining('may not read')])
  })

  test('no gateway on this host', async () => {
    const {code, stdout, stderr} = await gatecrab(['connections'])
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toMatch(/no-such\.log.*--log/)
  })
})

describe('help', () => {
  test.each([['--help'], ['-h']])('%s names the commands, the flags and the exit codes', async flag => {
    const {code, stdout, stderr} = await gatecrab([flag])
    expect([code, stderr]).toEqual([0, ''])
    for (const word of ['connections', 'explain', 'replay', 'demo', '--log', '--state-dir', 'exit:'])
      expect(stdout).toContain(word)
  })

  test('of a command names its own flags', async () => {
    const {code, stdout} = await gatecrab(['connections', '--help'])
    expect(code).toBe(0)
    for (const flag of ['--since', '--until', '--follow', '--by', '--json', '--log']) expect(stdout).toContain(flag)
  })

  test('is grouped, and begins with examples whose flags are real', async () => {
    const {stdout} = await gatecrab(['--help'])
    expect(stdout.indexOf('examples')).toBeLessThan(stdout.indexOf('connections  '))
    for (const title of ['what is so', 'fixes: ', 'which gateway: ', 'how it looks'])
      expect(stdout).toMatch(new RegExp(`^${title}`, 'm'))
    for (const [line] of examples) {
      const words = line.split(' ').slice(1)
      const command = await loadCommand(words.find(word => commandNames.includes(word)) ?? 'watch')
      expect(isFailure(readFlags(words, command?.flags ?? {}))).toBe(false)
    }
  })

  test('of what is about no gateway has no flags that say which one', async () => {
    for (const name of ['explain', 'completion', 'man']) {
      const {stdout} = await gatecrab(['help', name])
      expect(stdout).not.toContain('--state-dir')
    }
    expect((await gatecrab(['help', 'service'])).stdout).not.toContain('--readonly')
  })

  test('of a plan has no flag of the screen, and of the screen all', async () => {
    const [rotate, watch] = await Promise.all(['rotate', 'watch'].map(name => gatecrab(['help', name])))
    for (const flag of ['--theme', '--mouse', '--ascii']) {
      expect(rotate?.stdout).not.toContain(flag)
      expect(watch?.stdout).toContain(flag)
    }
    expect(rotate?.stdout).toContain('--readonly')
  })

  test('lists the topics, each a text', async () => {
    const {stdout} = await gatecrab(['--help'])
    for (const name of topicNames) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name} +\\S`, 'm'))
      expect((await loadCommand(name))?.text?.().length).toBeGreaterThan(200)
    }
  })

  test('of the keys has every key of the screen', async () => {
    const {stdout} = await gatecrab(['help', 'keys'])
    for (const {keys} of keymap) expect(stdout).toContain(`\n  ${keys.join(' ')} `)
  })

  test('of the help is the help', async () => expect(await gatecrab(['help', 'help'])).toEqual(await gatecrab(['--help'])))

  test('fits 80 columns, save examples that are one line', async () => {
    const commands = await Promise.all([...commandNames, ...topicNames].map(loadCommand))
    const texts = [
      allHelp(await loadGroups(), await loadTopics()),
      ...commands.map(one => one?.text?.() ?? (one ? commandHelp(one) : '')),
    ]
    const long = texts
      .flatMap(text => text.split('\n'))
      .filter(line => line.length > 80 && !/^ {2}gatecrab check --watch/.test(line))
    expect([long, texts.length]).toEqual([[], commandNames.length + topicNames.length + 1])
  })
})

test('the version is that of the package', async () => {
  const {version} = JSON.parse(fs.readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  for (const asked of ['--version', '-V', 'version'])
    expect(await gatecrab([asked])).toEqual({code: 0, stdout: `${version}\n`, stderr: ''})
  expect((await gatecrab(['check', '-V'])).stdout).toBe(`${version}\n`)
})

test('flags may stand before the command', async () => {
  const first = await gatecrab(['--log', log, 'connections', '--json'])
  expect(first).toEqual(await gatecrab(['connections', '--json', '--log', log]))
  expect(first.stdout).not.toBe('')
})

test('also those that have no value', async () => {
  expect(await gatecrab(['--no-color', 'connections', '--log', log])).toEqual(await gatecrab(['connections', '--log', log]))
})
