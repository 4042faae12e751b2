import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process'
import {once} from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {compileCache} from '../compile-cache.ts'
import {bundle} from '../e2e/built.ts'

/** A folder that is a home in which nothing is, and is put away at the end of the test. */
export type Room = {folder: string; file: (name: string, text?: string) => string; [Symbol.dispose]: () => void}

export const room = (): Room => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-room-'))
  return {
    folder,
    file: (name, text) => {
      const file = path.join(folder, name)
      if (text !== undefined) fs.writeFileSync(file, text)
      return file
    },
    [Symbol.dispose]: () => fs.rmSync(folder, {recursive: true, force: true}),
  }
}

const environment = (home: string): NodeJS.ProcessEnv => ({
  HOME: home,
  TMPDIR: home,
  PATH: path.dirname(process.execPath),
  TZ: 'UTC',
  ...compileCache,
  TERM: 'dumb',
  OPENCLAW_CONFIG_PATH: path.join(home, 'openclaw.json'),
})

export type Ended = {code: number | null; stdout: string; stderr: string}

export type Running = {
  child: ChildProcessWithoutNullStreams
  said: () => Ended
  until: (done: (text: Ended) => boolean) => Promise<Ended>
  ended: Promise<Ended>
  [Symbol.dispose]: () => void
}

/** The program as it is installed, in a home of its own. */
export const begun = (argv: readonly string[], home: string, env: NodeJS.ProcessEnv = {}): Running => {
  const child = spawn(process.execPath, [bundle, ...argv], {env: {...environment(home), ...env}, cwd: home})
  const text: Ended = {code: null, stdout: '', stderr: ''}
  child.stdout.on('data', data => (text.stdout += data))
  child.stderr.on('data', data => (text.stderr += data))
  child.stdin.on('error', () => {})
  const ended = once(child, 'close').then(([code]: (number | null)[]) => Object.assign(text, {code: code ?? null}))
  const until = async (done: (now: Ended) => boolean): Promise<Ended> => {
    while (!done(text)) {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${text.stderr}`)
      await Promise.race([once(child.stdout, 'data'), ended])
    }
    return text
  }
  return {child, said: () => text, until, ended, [Symbol.dispose]: () => void child.kill('SIGKILL')}
}

/** Runs it to its end; nothing comes from standard input but what is given. */
export const gatecrab = async (argv: readonly string[], input = ''): Promise<Ended> => {
  using home = room()
  home.file('openclaw.json', JSON.stringify({logging: {file: home.file('no-such.log')}}))
  using running = begun(argv, home.folder)
  running.child.stdin.end(input)
  return await running.ended
}

export const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))

/** What `gatecrab … | head -1` leaves: the line, what was complained of, and the exit code of gatecrab. */
export const intoHead = async (argv: readonly string[], home: string): Promise<Ended> => {
  const script = '"$@" | head -1; echo $PIPESTATUS'
  const child = spawn('bash', ['-c', script, 'bash', process.execPath, bundle, ...argv], {
    env: {...environment(home), PATH: process.env['PATH'] ?? ''},
    cwd: home,
  })
  const text: Ended = {code: null, stdout: '', stderr: ''}
  child.stdout.on('data', data => (text.stdout += data))
  child.stderr.on('data', data => (text.stderr += data))
  child.stdin.end()
  await once(child, 'close')
  const [line = '', code] = text.stdout.trimEnd().split('\n')
  return {...text, stdout: line, code: Number(code)}
}
