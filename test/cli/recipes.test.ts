import {execFileSync, spawnSync} from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import {beforeAll, describe, expect, onTestFinished, test} from 'vitest'
import {loadCommand} from '../../src/cli/command-table.ts'
import {readFlags} from '../../src/cli/options.ts'
import {isFailure} from '../../src/domain/failure.ts'
import {built, launcher} from '../e2e/built.ts'
import {cleanEnvironment} from '../e2e/environment.ts'
import {openScreen} from '../e2e/screen.ts'
import {captured} from '../stories/captures.ts'
import {freePort} from './free-port.ts'
import {type Room, room} from './gatecrab.ts'

beforeAll(built)

const readme = fs.readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

const sectionOf = (title: string): string => readme.split(/^## /m).find(part => part.startsWith(`${title}\n`)) ?? ''

const codeIn = (text: string): string[] =>
  text.split('\n').flatMap(line => (line.startsWith('    ') ? [line.slice(4)] : line === '' ? [''] : []))

/** A recipe begins with the comment that says what it is for, and ends at the next one. */
const recipeOf = (comment: string): string => {
  const lines = codeIn(sectionOf('Recipes'))
  const from = lines.findIndex(line => line.startsWith(`# ${comment}`))
  const rest = lines.slice(from + 1)
  const to = rest.findIndex(line => line.startsWith('# '))
  if (from === -1) throw new Error(`no recipe begins with “${comment}”`)
  return `${rest
    .slice(0, to === -1 ? rest.length : to)
    .join('\n')
    .trim()}\n`
}

const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

/** An account of its own: gatecrab on its PATH, and in place of tools of the system stubs that write down how they were called. */
const account = (stubs: Readonly<Record<string, string>> = {}) => {
  const home = room()
  onTestFinished(() => home[Symbol.dispose]())
  const bin = path.join(home.folder, 'tools')
  fs.mkdirSync(bin)
  const script = (name: string, text: string): void =>
    fs.writeFileSync(path.join(bin, name), `#!/bin/sh\n${text}\n`, {mode: 0o755})
  script('gatecrab', `exec '${process.execPath}' '${launcher}' "$@"`)
  for (const [name, text] of Object.entries(stubs)) script(name, `printf '%s\\n' "${name} $*" >>"$HOME/called"\n${text}`)
  const clean = cleanEnvironment(home.folder)
  return {home, env: {...clean, PATH: `${bin}:${clean['PATH']}`, XDG_RUNTIME_DIR: home.folder}}
}

const calledIn = ({folder}: Room): string[] => fs.readFileSync(path.join(folder, 'called'), 'utf8').trim().split('\n')

const shell = (text: string, {home, env}: ReturnType<typeof account>): {status: number | null; stdout: string; stderr: string} =>
  spawnSync('bash', ['-e', '-u', '-c', text], {cwd: home.folder, env, encoding: 'utf8'})

describe('a recipe of the README works as it is printed', () => {
  test('systemd: the unit starts this program, and systemd takes it', () => {
    const own = account({systemctl: ''})
    expect(shell(recipeOf('a systemd service'), own)).toMatchObject({status: 0, stdout: ''})
    expect(calledIn(own.home)).toEqual(['systemctl --user daemon-reload', 'systemctl --user enable --now gatecrab-watch'])
    const unit = path.join(own.home.folder, '.config/systemd/user/gatecrab-watch.service')
    expect(fs.readFileSync(unit, 'utf8')).toContain(`"check" "--watch" "--on-change" "${own.home.folder}/bin/tell"`)
    if (!has('systemd-analyze')) return
    const said = spawnSync('systemd-analyze', ['verify', '--man=no', unit], {encoding: 'utf8'}).stderr
    expect(said.split('\n').filter(line => line.includes('gatecrab-watch'))).toEqual([])
  })

  test('launchd: the file is a property list of this program (plutil judges it where there is one)', () => {
    const own = account({launchctl: ''})
    const agents = path.join(own.home.folder, 'Library/LaunchAgents')
    fs.mkdirSync(agents, {recursive: true})
    expect(shell(recipeOf('the same for launchd'), own)).toMatchObject({status: 0, stdout: ''})
    const plist = path.join(agents, 'io.gatecrab.watch.plist')
    expect(calledIn(own.home)).toEqual([`launchctl bootstrap gui/${process.getuid?.()} ${plist}`])
    expect(fs.readFileSync(plist, 'utf8')).toMatch(
      /^<\?xml[\s\S]*<string>--on-change<\/string>\s*<string>[^<]*\/bin\/tell<\/string>/,
    )
    if (has('plutil')) expect(execFileSync('plutil', ['-lint', plist], {encoding: 'utf8'})).toContain('OK')
  })

  test('cron: every five minutes, and a mail with the verdict where it is not good', async () => {
    const [pathLine = '', job = ''] = recipeOf('crontab').trim().split('\n')
    expect(pathLine).toMatch(/^PATH=(?:\/[\w/]+:?)+$/)
    const [, schedule, command = ''] = /^((?:\S+ ){4}\S+) (.*)$/.exec(job) ?? []
    expect(schedule).toBe('*/5 * * * *')
    // cron takes an unescaped percent sign for the end of the command.
    expect(command).not.toContain('%')
    const own = account({mail: 'cat >>"$HOME/mails"'})
    own.home.file('openclaw.json', JSON.stringify({gateway: {port: await freePort()}}))
    const env = {...own.env, OPENCLAW_CONFIG_PATH: own.home.file('openclaw.json')}
    spawnSync('/bin/sh', ['-c', command], {cwd: own.home.folder, env, encoding: 'utf8'})
    expect(calledIn(own.home)[0]).toMatch(/^mail -s gateway on \S+ ops@example\.org$/)
    expect(fs.readFileSync(own.home.file('mails'), 'utf8')).toMatch(/^broken: /)
  })

  test.skipIf(!has('tmux'))('tmux: the same line opens the screen, and comes back to it (needs tmux)', async () => {
    const own = account()
    const env = {...own.env, TMUX_TMPDIR: own.home.folder}
    onTestFinished(() => void spawnSync('tmux', ['kill-server'], {env}))
    const open = () => openScreen([], {command: ['sh', '-c', recipeOf('tmux')], env})
    const first = open()
    await first.waitFor('DEMO')
    first.type('\u0002d')
    await first.waitFor(/detached/)
    const again = open()
    await again.waitFor('DEMO')
    const listed = execFileSync('tmux', ['list-sessions', '-F', '#{session_name}'], {env, encoding: 'utf8'})
    expect(listed).toBe('gatecrab\n')
  })

  test('Docker: the console of a container is read, and keys come from the terminal', async () => {
    const console = captured('2026.9.6', 'password.console.log')
    const own = account({docker: `cat '${console}'; exec sleep 60`})
    const screen = openScreen([], {command: ['sh', '-c', recipeOf('Docker')], env: own.env})
    await screen.waitFor('password-mismatch')
    screen.type('2')
    await screen.waitFor(/2 Attempts/)
    expect(calledIn(own.home)).toEqual(['docker logs -f openclaw-gateway'])
    screen.type('q')
  })
})

const withoutComment = (line: string): string => line.replace(/ +#.*/, '')

test('every other line with gatecrab in a block of the README is one that it takes', async () => {
  const lines = ['Install', 'Commands', 'Recipes'].flatMap(title => codeIn(sectionOf(title)).map(withoutComment))
  const calls = lines.flatMap(line =>
    Array.from(line.matchAll(/(?:^|[|(] ?)gatecrab((?: [^|)>]+)?)/g), ([, words = '']) => words),
  )
  expect(calls.length).toBeGreaterThan(10)
  for (const call of calls) {
    const words = execFileSync('sh', ['-c', `printf '%s\\n' ${call.replace(/ 2$/, '')}`], {encoding: 'utf8'})
      .split('\n')
      .filter(Boolean)
    const name = words[0]?.startsWith('-') ? 'watch' : (words[0] ?? 'watch')
    const command = await loadCommand(name)
    expect(command, name).not.toBeNull()
    expect(isFailure(readFlags(words, command?.flags ?? {})), call).toBe(false)
  }
})
