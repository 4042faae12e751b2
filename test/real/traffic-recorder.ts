import {type ChildProcess, execFileSync, spawn} from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

export const cacheFolder = process.env['GATEWAY_CACHE'] ?? path.join(os.homedir(), '.cache/gatecrab-real')
const tool = process.env['GATECRAB_REAL_TOOL'] ?? path.join(import.meta.dirname, '../../../shared/tools/real-gateway')

/** Where one release of OpenClaw and its Node are installed for tests. */
export const isInstalled = (release: string): boolean =>
  fs.existsSync(path.join(cacheFolder, release, 'node_modules/.bin/openclaw'))

export const isOnTap = (release: string): boolean =>
  fs.existsSync(tool) && (isInstalled(release) || process.env['GATECRAB_REAL'] === '1')

export type Tap = {
  home: string
  configFile: string
  log: string
  port: number
  url: string
  token: () => string
  rotate: (token: string) => void
  signal: (signal: NodeJS.Signals) => void
  /** Runs it again in the same home. */
  again: () => void
  /** What the log says from a line on. */
  logFrom: (line: number) => string[]
  end: () => void
}

const linesOf = (file: string): string[] => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trimEnd().split('\n') : [])

/** What the log says of gatecrab itself. */
export const ours = (lines: readonly string[]): string[] =>
  lines.filter(line => /ua=gatecrab|"userAgent":"gatecrab|client=gatecrab/.test(line))

/** A real gateway in a home of its own, with all that one can do to it from outside. */
export const onTap = (release: string): Tap => {
  const text = execFileSync(tool, ['start', release], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']})
  const output = Object.fromEntries(text.split('\n').map(line => line.split('='))) as Record<string, string>
  const {HOME_OF_GATEWAY: home = '', BIN: bin = '', LOG: log = '', PORT: port = '0'} = output
  const configFile = path.join(home, '.openclaw/openclaw.json')
  const token = (): string => JSON.parse(fs.readFileSync(configFile, 'utf8')).gateway.auth.token
  let group = Number(output['PID'])
  let child: ChildProcess | null = null
  const signal = (name: NodeJS.Signals): void => {
    try {
      process.kill(-group, name)
    } catch {
      // It is gone already.
    }
  }
  return {
    home,
    configFile,
    log,
    port: Number(port),
    url: `ws://127.0.0.1:${port}`,
    token,
    rotate: fresh => {
      const text = fs.readFileSync(configFile, 'utf8').replace(token(), fresh)
      fs.writeFileSync(`${configFile}.new`, text, {mode: 0o600})
      fs.renameSync(`${configFile}.new`, configFile)
    },
    signal,
    again: () => {
      const env = {HOME: home, PATH: `${bin}:/usr/bin:/bin`, TERM: 'dumb', OPENCLAW_DISABLE_BONJOUR: '1'}
      child = spawn(path.join(bin, 'openclaw'), ['gateway', 'run'], {cwd: home, env, detached: true, stdio: 'ignore'})
      group = child.pid ?? group
    },
    logFrom: line => linesOf(log).slice(line),
    end: () => {
      signal('SIGCONT')
      signal('SIGKILL')
      fs.rmSync(home, {recursive: true, force: true, maxRetries: 20, retryDelay: 250})
    },
  }
}
