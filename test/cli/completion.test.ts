import {execFileSync, spawnSync} from 'node:child_process'
import fs from 'node:fs'
import {beforeAll, describe, expect, test} from 'vitest'
import {built} from '../e2e/built.ts'
import {openScreen} from '../e2e/screen.ts'
import {temporaryFolder} from '../e2e/surroundings.ts'
import {gatecrab} from './gatecrab.ts'

beforeAll(built)

const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

const scriptOf = async (shell: string): Promise<string> => {
  const {code, stdout, stderr} = await gatecrab(['completion', shell])
  expect([code, stderr]).toEqual([0, ''])
  return stdout
}

const fileWith = (text: string): string => {
  const folder = temporaryFolder()
  fs.writeFileSync(`${folder}/script`, text)
  fs.writeFileSync(`${folder}/some.jsonl`, '')
  fs.mkdirSync(`${folder}/sub`)
  return folder
}

/** What is typed, and some of what has to be offered; nothing else may be where `only` is said. */
const cases: readonly {line: string; offers: readonly string[]; only?: true}[] = [
  {line: 'gatecrab che', offers: ['check'], only: true},
  {line: 'gatecrab ', offers: ['watch', 'rotate', 'completion', 'man', 'help', 'version']},
  {line: 'gatecrab check --js', offers: ['--json'], only: true},
  {line: 'gatecrab check --de', offers: ['--deep'], only: true},
  {line: 'gatecrab --read', offers: ['--readonly'], only: true},
  {line: 'gatecrab explain --li', offers: ['--list'], only: true},
  {line: 'gatecrab --theme ', offers: ['dark', 'light', 'light-16'], only: true},
  {line: 'gatecrab --alert t', offers: ['title'], only: true},
  {line: 'gatecrab --log so', offers: ['some.jsonl'], only: true},
  {line: 'gatecrab replay so', offers: ['some.jsonl'], only: true},
  {line: 'gatecrab --state-dir s', offers: ['sub'], only: true},
  {line: 'gatecrab --log some.jsonl con', offers: ['connections', 'config']},
  {line: 'gatecrab completion ', offers: ['bash', 'zsh', 'fish'], only: true},
  {line: 'gatecrab service print l', offers: ['launchd'], only: true},
  {line: 'gatecrab help on', offers: ['on-change'], only: true},
  {line: 'gatecrab help li', offers: ['limits'], only: true},
]

const expectOffers = (found: readonly string[], {offers, only}: (typeof cases)[number]): void => {
  if (only) expect(found.toSorted()).toEqual(offers.toSorted())
  else expect(found).toEqual(expect.arrayContaining([...offers]))
}

describe.skipIf(!has('bash'))('completion in bash (skipped where there is no bash)', () => {
  test.each(cases)('$line', async one => {
    const folder = fileWith(await scriptOf('bash'))
    const run = `source ./script || exit 9
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; _gatecrab
printf '%s\\n' "\${COMPREPLY[@]}"`
    const typed = one.line.split(' ')
    const {status, stdout, stderr} = spawnSync('bash', ['--norc', '-c', run, 'bash', ...typed], {cwd: folder, encoding: 'utf8'})
    expect([status, stderr]).toEqual([0, ''])
    expectOffers(stdout.split('\n').filter(Boolean), one)
  })

  test('Tab at its prompt', async () => {
    const folder = fileWith(await scriptOf('bash'))
    const screen = openScreen([], {command: ['bash', '--norc', '-i'], env: {PS1: 'ready> '}})
    await screen.waitFor('ready>')
    screen.type(`source ${folder}/script\r`)
    screen.type('gatecrab conn\t--fol\t')
    await screen.waitFor('gatecrab connections --follow')
  })
})

describe.skipIf(!has('zsh'))('completion in zsh (skipped where there is no zsh)', () => {
  test('Tab at its prompt: commands, flags, their values, files', async () => {
    const folder = fileWith(await scriptOf('zsh'))
    const screen = openScreen([], {command: ['zsh', '-f', '-i'], env: {PS1: 'ready> '}, cols: 120})
    await screen.waitFor('ready>')
    screen.type(`cd ${folder}; autoload -Uz compinit; compinit -u -D; source ./script; clear\r`)
    for (const [typed, seen] of [
      ['gatecrab conn\t--fol\t', 'gatecrab connections --follow'],
      ['gatecrab --theme da\t', 'gatecrab --theme dark'],
      ['gatecrab --log so\t', 'gatecrab --log some.jsonl'],
      ['gatecrab replay so\t', 'gatecrab replay some.jsonl'],
      ['gatecrab service pr\tlau\t', 'gatecrab service print launchd'],
      ['gatecrab explain --\t', '--list'],
    ] as const) {
      screen.type(typed)
      await screen.waitFor(seen)
      screen.type('\u0015')
    }
    screen.type('gatecrab \t')
    await screen.waitFor(/^rotate +-- replace the gateway token/m)
  })
})

describe.skipIf(!has('fish'))('completion in fish (skipped where there is no fish)', () => {
  test.each(cases)('$line', async one => {
    const folder = fileWith(await scriptOf('fish'))
    const printed = execFileSync('fish', ['--no-config', '-c', 'source ./script; complete -C $argv[1]', one.line], {
      cwd: folder,
      encoding: 'utf8',
      env: {...process.env, HOME: folder},
    })
    const found = printed
      .split('\n')
      .map(row => row.split('\t')[0]?.replace(/\/$/, '') ?? '')
      .filter(Boolean)
    expectOffers(found, one)
  })
})

test('of no shell, or of one that is not known, is a wrong usage', async () => {
  for (const argv of [['completion'], ['completion', 'tcsh'], ['completion', 'bash', 'x']])
    expect((await gatecrab(argv)).code).toBe(64)
})

describe('the manual page', () => {
  test.skipIf(!has('groff'))('is roff without a warning, and has commands, flags and exit codes (needs groff)', async () => {
    const {code, stdout} = await gatecrab(['man'])
    expect(code).toBe(0)
    const printed = spawnSync('groff', ['-man', '-ww', '-Tutf8', '-P-c'], {input: stdout, encoding: 'utf8'})
    expect([printed.status, printed.stderr]).toEqual([0, ''])
    const text = printed.stdout.replaceAll(/.\u0008/g, '')
    for (const word of [
      'NAME',
      'connections',
      '--state-dir DIR',
      '--on-change CMD',
      '130',
      'config.json5',
      '/^closed.*(cli|node)/',
    ])
      expect(text).toContain(word)
  })
})
