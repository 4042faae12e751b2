import {execFileSync, spawnSync} from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {beforeAll, describe, expect, onTestFinished, test, vi} from 'vitest'
import {type Home, withHome} from '../fixtures/stubs/home.ts'
import {dice} from '../stories/other-lines.ts'
import {built, launcher} from './built.ts'
import {captured, now, recent, refusal} from './captured-lines.ts'
import {logOf} from './gateway-log.ts'
import {openScreen, type Screen} from './screen.ts'
import {openShell, type Shell} from './shell.ts'
import {temporaryFolder} from './surroundings.ts'

/** How long a fault lasts: some seconds in `npm test`, minutes in `npm run faults`. */
const lastsMs = Number(process.env['FAULT_SECONDS'] ?? 3) * 1000
const resizes = process.env['FAULT_SECONDS'] === undefined ? 150 : 1000

vi.setConfig({testTimeout: 90_000 + 3 * lastsMs})
beforeAll(built)

const lines = () => now(captured('default-level').slice(0, 20))

/** A refusal that was not there before. */
const missing = () => now(refusal(captured('default-level'), 'gateway token missing'))

const isLeftClean = async (shell: Shell) => {
  expect(shell.isAlternate()).toBe(false)
  expect(shell.isCursorHidden()).toBe(false)
  expect(shell.isPasteBracketed()).toBe(false)
  expect(shell.raw()).not.toMatch(/has a bug|Cannot read properties|at .*gatecrab\.js/)
  for (const mode of ['1000', '1002', '1003', '1006'])
    expect(shell.raw().lastIndexOf(`\u001b[?${mode}l`)).toBeGreaterThanOrEqual(shell.raw().lastIndexOf(`\u001b[?${mode}h`))
  expect(await shell.isCooked()).toBe(true)
}

type Fault = {what: string; begin: (file: string) => void; said: RegExp; canBegin?: () => boolean}

const isLinux = process.platform === 'linux'

const faults: readonly Fault[] = [
  {what: 'gone', begin: file => fs.rmSync(file), said: /is gone; waiting for it/},
  {
    what: 'a named pipe that nobody writes',
    begin: file => {
      fs.rmSync(file)
      execFileSync('mkfifo', [file])
    },
    said: /named pipe/,
  },
  {
    what: 'a folder',
    begin: file => {
      fs.rmSync(file)
      fs.mkdirSync(file)
    },
    said: /it is a folder/,
  },
  {
    what: 'on a disk that fails (EIO)',
    begin: file => {
      fs.rmSync(file)
      fs.symlinkSync('/proc/self/mem', file)
    },
    said: /the disk failed|EIO/,
    canBegin: () => isLinux,
  },
  {
    what: 'a link that leads to itself',
    begin: file => {
      fs.rmSync(file)
      fs.symlinkSync(file, file)
    },
    said: /ELOOP|link/,
  },
]

const mend = (file: string): void => {
  fs.rmSync(file, {recursive: true, force: true})
  fs.writeFileSync(file, `${lines().join('\n')}\n`)
}

const started = async (file: string): Promise<Shell> => {
  const shell = await openShell({cols: 160, rows: 40})
  shell.type(`gatecrab --log ${file}; echo "code="$?\r`)
  await shell.waitFor('last line')
  return shell
}

const left = async (shell: Shell): Promise<void> => {
  shell.press('q')
  await shell.waitFor('code=0')
  await isLeftClean(shell)
}

describe('a log that is', () => {
  test.for(faults)('$what is told as that, and no longer when it is there again', async ({begin, said, canBegin}, context) => {
    if (canBegin?.() === false) context.skip('not on this system')
    const {file} = logOf('default-level')
    const shell = await started(file)
    begin(file)
    await shell.waitFor(said)
    shell.press('2')
    await shell.waitFor('OUTCOME')
    mend(file)
    await shell.waitForGone(said)
    fs.appendFileSync(file, `${missing().join('\n')}\n`)
    await shell.waitFor('token-missing')
    await left(shell)
  })

  test('the first thing that is named, and a pipe, says so at once in every command', async () => {
    const folder = temporaryFolder()
    const file = path.join(folder, 'gateway.jsonl')
    execFileSync('mkfifo', [file])
    for (const command of ['check', 'connections', 'report']) {
      const {status, stdout, stderr} = spawnSync(process.execPath, [launcher, command, '--log', file], {
        env: {HOME: folder, PATH: path.dirname(process.execPath)},
        encoding: 'utf8',
        timeout: 20_000,
      })
      expect([command, status === null, `${stdout}${stderr}`.replaceAll(/\s+/g, ' ')]).toEqual([
        command,
        false,
        expect.stringContaining('named pipe'),
      ])
    }
  })

  test('each in its own way unreadable is told one by one', async () => {
    const files = faults
      .filter(({canBegin}) => canBegin?.() !== false)
      .map(({begin}) => {
        const {file} = logOf('default-level')
        begin(file)
        return file
      })
    const screen = openScreen(
      files.flatMap(file => ['--log', file]),
      {cols: 200, rows: 50},
    )
    await screen.waitFor('no log can be read')
    screen.press('3')
    await screen.waitFor('LEVEL')
    for (const file of files) mend(file)
    await screen.waitForGone('no log can be read')
    screen.press('q')
    expect((await screen.exited).exitCode).toBe(0)
  })

  test('half written is read when the rest has come', async () => {
    const {file} = logOf()
    const shell = await openShell({cols: 120, rows: 30})
    shell.type(`gatecrab --log ${file}; echo "code="$?\r`)
    await shell.waitFor('gatecrab ')
    const text = `${missing().join('\n')}\n`
    fs.appendFileSync(file, text.slice(0, -40))
    await pause(lastsMs / 3)
    expect(shell.text()).not.toMatch(/not understood|unreadable/)
    fs.appendFileSync(file, text.slice(-40))
    await shell.waitFor('token-missing')
    await left(shell)
  })
})

describe('a program that is stopped', () => {
  test('and goes on has the clock of now and what was written meanwhile', async () => {
    const log = logOf('default-level')
    const shell = await started(log.file)
    const pid = shell.child()
    execFileSync('kill', ['-STOP', String(pid)])
    await shell.waitFor('Stopped')
    log.write(missing())
    await pause(lastsMs)
    shell.type('fg\r')
    await shell.waitFor('token-missing')
    await shell.waitFor(text => text.includes(new Date().toISOString().slice(11, 16)))
    shell.press('q')
    // What is typed before the program is gone is dropped with what it has not read.
    await expect.poll(() => spawnSync('pgrep', ['-P', String(shell.pid)]).status, {timeout: 20_000}).toBe(1)
    await shell.waitFor(() => !shell.isAlternate())
    await isLeftClean(shell)
  })

  test('as the gateway is, is frozen for as long, and no longer', async () => {
    await withHome(async home => {
      const screen = openScreen([], {cols: 140, rows: 40, env: home.env({TERM: 'xterm-256color'})})
      await screen.waitFor(/\bup\b|ready|connected/)
      process.kill(home.pid(), 'SIGSTOP')
      try {
        await screen.waitFor(/frozen/i)
        await pause(lastsMs)
        expect(screen.text()).toMatch(/frozen/i)
      } finally {
        process.kill(home.pid(), 'SIGCONT')
      }
      await screen.waitForGone(/frozen/i)
      screen.press('q')
      expect((await screen.exited).exitCode).toBe(0)
    })
  })
})

/** The clock of the program alone: SIGUSR2 sets it back by an hour, SIGWINCH is left alone. */
const clockStep = (byMs: number): string => {
  const file = path.join(temporaryFolder(), 'clock.mjs')
  fs.writeFileSync(
    file,
    `const real = Date
let offset = 0
globalThis.Date = class extends real {
  constructor(...given) { given.length === 0 ? super(real.now() + offset) : super(...given) }
  static now() { return real.now() + offset }
}
process.on('SIGUSR2', () => { offset += ${byMs} })
`,
  )
  return file
}

describe('a clock that is set', () => {
  test.each([
    ['back by an hour', -3_600_000],
    ['forward by a day', 86_400_000],
    ['back by a year', -31_536_000_000],
  ])('%s keeps the screen going, and no time on it is negative', async (_what, byMs) => {
    const log = logOf('default-level')
    const screen = openScreen(['--log', log.file], {cols: 140, rows: 40, env: {NODE_OPTIONS: `--import=${clockStep(byMs)}`}})
    await screen.waitFor('token-missing')
    screen.kill('SIGUSR2')
    const hour = new Date(Date.now() + byMs).toISOString().slice(11, 16)
    await screen.waitFor(text => text.includes(hour) || text.includes(new Date(Date.now() + byMs).toISOString().slice(11, 16)))
    log.write(now(refusal(captured('default-level'), 'device identity required')))
    for (const key of ['2', '3', '6', '1']) screen.press(key)
    await screen.waitFor('STATE')
    expect(screen.text()).not.toMatch(/(?<![\w.])-\d+\s?(?:s|ms|m|h|d)\b|NaN|Infinity|Invalid/)
    screen.press('q')
    expect((await screen.exited).exitCode).toBe(0)
  })
})

test(`${resizes} resizes leave the screen whole, and as small as before`, async () => {
  const shell = await started(logOf('token-rotation').file)
  const rss = (): number => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(shell.child())], {encoding: 'utf8'}))
  const before = rss()
  const roll = dice(7)
  for (let n = 0; n < resizes; n += 1) {
    shell.resize(20 + roll(230), 5 + roll(70))
    if (n % 5 === 0) await pause(10)
  }
  shell.resize(120, 30)
  await shell.waitFor(() => /\? help *$/.test(shell.row(29)) && shell.row(0).startsWith('gatecrab '))
  expect(rss() - before).toBeLessThan(150_000)
  shell.press('q')
  await shell.waitFor('code=0')
  await isLeftClean(shell)
})

const planShown = async (screen: Screen): Promise<void> => {
  await screen.waitFor(/token \w{4}…\w{4}/)
  screen.press('t')
  await screen.waitFor('Type rotate and enter to run it')
}

const outcome = (home: Home): string | undefined =>
  home
    .journals()
    .flatMap(({entries}) => entries)
    .flatMap(entry => (entry.kind === 'ended' ? [entry.outcome] : []))[0]

test('a plan runs to its end while nobody reads the terminal, and the screen tells of it afterwards', async () => {
  await withHome(async home => {
    const screen = openScreen([], {cols: 120, rows: 40, env: home.env({TERM: 'xterm-256color'})})
    await planShown(screen)
    screen.type('rotate')
    screen.pause()
    screen.press('enter')
    await expect.poll(() => outcome(home), {timeout: 60_000, interval: 200}).toBe('done')
    await pause(lastsMs)
    screen.resume()
    await screen.waitFor(/closes this|update copies/)
    screen.press('esc', 'q')
    await screen.exited
    expect(await home.ask(home.token())).toBe(400)
  })
})

describe('a machine that has run out', () => {
  test('of descriptors is told of in words, and the terminal is given back', async () => {
    for (const limit of [20, 32, 48]) {
      const shell = await openShell({cols: 120, rows: 30})
      shell.type(`(ulimit -n ${limit}; gatecrab --log ${logOf('default-level').file}); echo "code="$?\r`)
      await shell.waitFor(/code=\d|last line/)
      if (!/code=\d/.test(shell.text())) {
        shell.press('2')
        await shell.waitFor('OUTCOME')
        shell.press('q')
        await shell.waitFor('code=0')
      } else expect(shell.text()).toContain('ulimit -n')
      await isLeftClean(shell)
    }
  })

  test.for([['read-only', 'the file system is read-only']] as const)(
    'of a disk that may be written (%s): a plan changes nothing and says why',
    async ([, said], context) => {
      await withHome(async home => {
        fs.mkdirSync(home.state, {recursive: true})
        try {
          execFileSync('/bin/mount', ['--bind', home.state, home.state], {stdio: 'ignore'})
          onTestFinished(() => void spawnSync('/bin/umount', ['-l', home.state]))
          execFileSync('/bin/mount', ['-o', 'remount,ro,bind', home.state], {stdio: 'ignore'})
        } catch {
          context.skip('no folder can be made read-only here')
        }
        try {
          const old = home.token()
          const {code, stderr} = await home.run(['rotate', '--yes'])
          expect([code, home.token(), stderr]).toEqual([3, old, expect.stringContaining(said)])
          const check = await home.run(['check', '--json'])
          expect(check.stdout).toContain('plans-unwritable')
        } finally {
          spawnSync('/bin/umount', ['-l', home.state])
        }
      })
    },
  )
})

test('a screen on a log by pipe whose writer was stopped stays, and takes keys', async () => {
  const file = path.join(temporaryFolder(), 'console.log')
  fs.writeFileSync(file, `${recent(captured('default-level')).join('\n')}\n`)
  const shell = await openShell({cols: 120, rows: 30})
  shell.type(`(cat ${file}; sleep ${Math.ceil(lastsMs / 1000)}) | gatecrab --log -; echo "codes="\${PIPESTATUS[1]}\r`)
  await shell.waitFor('token-missing')
  shell.press('2')
  await shell.waitFor('OUTCOME')
  await shell.waitFor(/ended/)
  shell.press('q')
  await shell.waitFor('codes=0')
  await isLeftClean(shell)
})
