import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {onTestFinished} from 'vitest'
import type {Profile} from '../../src/domain/logins/profile.ts'
import {buildProfileReport, type ProfileReport} from '../../src/domain/logins/profile-report.ts'
import type {HostEnv} from '../../src/gateway/paths.ts'
import type {ProfileLocation} from '../../src/sources/logins/gathered.ts'
import {readProfiles} from '../../src/sources/logins/reader.ts'

export const fixtures = path.join(import.meta.dirname, '../fixtures/profiles')

export const json = (...at: string[]) => JSON.parse(fs.readFileSync(path.join(...at), 'utf8'))

export const folder = (): string => {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-profiles-'))
  onTestFinished(() => fs.rmSync(made, {recursive: true, force: true}))
  return made
}

export const put = (root: string, file: string, text: string | object): string => {
  const full = path.join(root, file)
  fs.mkdirSync(path.dirname(full), {recursive: true})
  fs.writeFileSync(full, typeof text === 'string' ? text : JSON.stringify(text))
  return full
}

export type Scenario = {
  stateDir: string
  now: number
  release: string
  env: Record<string, string>
  runs: {cmd: string; rc: number}[]
}

/** A captured state folder, as it lies on a host. */
export const scenario = (name: string): Scenario => {
  const stateDir = path.join(folder(), '.openclaw')
  fs.cpSync(path.join(fixtures, name, 'state-dir'), stateDir, {recursive: true})
  const dotenv = path.join(stateDir, 'dotenv')
  if (fs.existsSync(dotenv)) fs.renameSync(dotenv, path.join(stateDir, '.env'))
  const {capturedAtMs, openclaw, env = {}, runs} = json(fixtures, name, 'capture.json')
  return {stateDir, now: capturedAtMs, release: openclaw, env, runs}
}

const hostEnvOf = (home: string, env: Record<string, string> = {}): HostEnv => ({
  platform: 'linux',
  home,
  tmp: '/tmp',
  uid: null,
  env,
})

export const lookAt = (stateDir: string, release: string | null, env: Record<string, string> = {}): ProfileLocation => ({
  stateDir,
  isStateDirGiven: true,
  configFile: path.join(stateDir, 'openclaw.json'),
  release,
  hostEnv: hostEnvOf(path.dirname(stateDir), env),
  openclaw: null,
})

export const read = (found: Omit<Scenario, 'runs'>) => readProfiles(lookAt(found.stateDir, found.release, found.env), found.now)

export const boardAt = async (found: Omit<Scenario, 'runs'>): Promise<ProfileReport> =>
  buildProfileReport(await read(found), found.now)

export const named = ({profiles}: Pick<ProfileReport, 'profiles'>, profileId: string, agent?: string): Profile => {
  const found = profiles.find(one => one.profileId === profileId && (agent === undefined || one.agent === agent))
  if (!found) throw new Error(`no profile ${profileId}`)
  return found
}

export const agentDb = (file: string, store: object, state: object | null = null, at = 0, layout = 23): string => {
  fs.mkdirSync(path.dirname(file), {recursive: true})
  const db = new DatabaseSync(file)
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA user_version = ${layout};
    CREATE TABLE IF NOT EXISTS auth_profile_store (store_key TEXT PRIMARY KEY, store_json TEXT NOT NULL, updated_at INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS auth_profile_state (state_key TEXT PRIMARY KEY, state_json TEXT NOT NULL, updated_at INTEGER NOT NULL)`)
  db.prepare("INSERT OR REPLACE INTO auth_profile_store VALUES ('primary', ?, ?)").run(JSON.stringify(store), at)
  if (state) db.prepare("INSERT OR REPLACE INTO auth_profile_state VALUES ('primary', ?, ?)").run(JSON.stringify(state), at)
  db.close()
  return file
}

export const sharedDb = (stateDir: string, rows: Record<string, unknown>, layout = 18, at = 0): string => {
  const file = path.join(stateDir, 'state', 'openclaw.sqlite')
  fs.mkdirSync(path.dirname(file), {recursive: true})
  const db = new DatabaseSync(file)
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA user_version = ${layout};
    CREATE TABLE IF NOT EXISTS config_machine_state (state_key TEXT PRIMARY KEY, value_json TEXT NOT NULL, updated_at_ms INTEGER NOT NULL)`)
  const insert = db.prepare('INSERT OR REPLACE INTO config_machine_state VALUES (?, ?, ?)')
  for (const [key, value] of Object.entries(rows)) insert.run(key, typeof value === 'string' ? value : JSON.stringify(value), at)
  db.close()
  return file
}

export const moved = {'auth.sharedStore': {location: 'state-db'}}

export const token = (expires: unknown, more: object = {}) => ({
  type: 'token',
  provider: 'anthropic',
  token: `sk-ant-oat01-FAKE${'t'.repeat(60)}`,
  ...(expires === undefined ? {} : {expires}),
  ...more,
})
