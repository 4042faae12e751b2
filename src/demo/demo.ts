import {chmodSync, existsSync, rmSync} from 'node:fs'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {historyOf} from './clients/history.ts'
import {callersOf, publicOrigin} from './clients/rpc-client.ts'
import {type Scenarios, startScenarios} from './clients/scenarios.ts'
import {deviceOf} from './device.ts'
import {answerWish, type DeviceWish, type KeptDevices, keepDevices} from './device-store.ts'
import {restartRequest} from './openclaw/openclaw.ts'
import {type DemoGateway, startDemoGateway} from './server/gateway.ts'

const hour = 3_600_000
const day = 24 * hour

/** What OpenClaw leaves in place of a login whose renewal failed. */
const fence = (what: string): string => `openclaw-oauth-refresh-fence:v1:${'0a'.repeat(16)}:failed:${what}:${'1b'.repeat(32)}`

/** As 2026.9.6 keeps them: rows of the shared state database. Every secret is a fake. */
const storeAt = (now: number) => ({
  version: 1,
  profiles: {
    'google:manual': {type: 'api_key', provider: 'google', key: `AIzaFAKE${'c'.repeat(31)}`},
    'openai:ops@example.com': {
      type: 'oauth',
      provider: 'openai',
      access: `FAKE.${'b'.repeat(120)}.FAKE`,
      refresh: `rt_FAKE${'b'.repeat(40)}`,
      expires: now + 6 * hour,
      email: 'ops@example.com',
    },
    'anthropic:manual': {
      type: 'token',
      provider: 'anthropic',
      token: `sk-ant-oat01-FAKE${'A'.repeat(86)}-AA`,
      expires: now + 11 * hour,
    },
    'anthropic:spare': {
      type: 'token',
      provider: 'anthropic',
      token: `sk-ant-oat01-FAKE${'S'.repeat(86)}-AA`,
      expires: now - 2 * day,
    },
    'xai:default': {type: 'oauth', provider: 'xai', access: fence('access'), refresh: fence('refresh'), expires: 1},
  },
})

const stateAt = (now: number) => ({
  version: 1,
  lastGood: {anthropic: 'anthropic:manual', google: 'google:manual'},
  usageStats: {
    'anthropic:manual': {lastUsed: now - 90_000, errorCount: 0},
    'google:manual': {lastUsed: now - 2 * hour, errorCount: 0},
    'openai:ops@example.com': {lastUsed: now - 20 * 60_000, errorCount: 0},
  },
})

const table = `CREATE TABLE config_machine_state (
      state_key TEXT NOT NULL PRIMARY KEY,
      value_json TEXT NOT NULL,
      updated_at_ms INTEGER NOT NULL
    ) STRICT`

export const writeProfiles = (folder: string, now: number): void => {
  const file = path.join(folder, 'state', 'openclaw.sqlite')
  const db = new DatabaseSync(file)
  chmodSync(file, 0o600)
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA user_version = 18; ${table}`)
  const insert = db.prepare('INSERT INTO config_machine_state VALUES (?, ?, ?)')
  insert.run('auth.sharedStore', JSON.stringify({location: 'state-db'}), now)
  insert.run('authProfiles.store', JSON.stringify(storeAt(now)), now)
  insert.run('authProfiles.state', JSON.stringify(stateAt(now)), now)
  db.close()
}

export type Demo = {folder: string; gateway: DemoGateway; cast: Scenarios; stop: () => Promise<void>}

/** The limit is far off so that the storm shows its own reason, not the limiter's. */
const gateway = {
  trustedProxies: ['127.0.0.1'],
  controlUi: {allowedOrigins: [publicOrigin]},
  auth: {rateLimit: {maxAttempts: 1000}},
}
const agents = {defaults: {model: {primary: 'anthropic/claude-opus-4-6', fallbacks: ['google/gemini-2.5-pro']}}}

/** The demo's own `openclaw gateway restart` leaves a request, since it has no process to signal. */
const answerRestart = (folder: string, gateway: DemoGateway): void => {
  const requestFile = restartRequest(folder)
  if (!existsSync(requestFile)) return
  rmSync(requestFile, {force: true})
  void gateway.restart({downMs: 1200})
}

const ends: readonly DeviceWish['action'][] = ['revoke', 'remove', 'rotate']

const answerDevices = (folder: string, gateway: DemoGateway, kept: KeptDevices): void => {
  const wish = answerWish(folder, gateway.devices, kept)
  if (wish && ends.includes(wish.action)) gateway.cutOff(wish.id)
}

/** An older pairing of the laptop, and a tablet that nobody has used for months. */
const seedDevices = ({pair, port}: DemoGateway, now: number): void => {
  const {laptop, phone} = callersOf(port)
  const aged = (client: typeof laptop.client, days: number, address: string) => {
    const at = now - days * day
    return {client, address, via: 'owner', pairedAt: at, lastSeenAt: at}
  }
  pair(deviceOf('demo laptop of before').id, 'operator', laptop.scopes, aged(laptop.client, 12, '100.64.0.7'))
  pair(
    deviceOf('demo tablet').id,
    'operator',
    ['operator.read'],
    aged({...phone.client, displayName: 'old tablet'}, 75, '100.64.0.11'),
  )
}

export const startDemo = async (options: {folder?: string; seed?: number; speed?: number} = {}): Promise<Demo> => {
  const folder = options.folder ?? (await mkdtemp(path.join(tmpdir(), 'gatecrab-demo-')))
  const now = Date.now()
  const started = await startDemoGateway({
    folder,
    config: {gateway, agents},
    history: (port, logFile) => historyOf(port, now, logFile),
  })
  writeProfiles(folder, now)
  seedDevices(started, now)
  const kept = keepDevices(folder, started.devices)
  const requests = setInterval(() => {
    answerRestart(folder, started)
    answerDevices(folder, started, kept)
  }, 100)
  const scenarios = startScenarios(started, options)
  const stop = async (): Promise<void> => {
    clearInterval(requests)
    kept.end()
    await scenarios.stop()
    await started.stop()
    if (!options.folder) await rm(folder, {recursive: true, force: true})
  }
  return {folder, gateway: started, cast: scenarios, stop}
}
