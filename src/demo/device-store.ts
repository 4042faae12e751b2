import fs from 'node:fs'
import path from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import type {Devices, DeviceToStore, RequestToStore} from './device.ts'

const tables = `CREATE TABLE IF NOT EXISTS device_pairing_pending (
      request_id TEXT NOT NULL PRIMARY KEY, device_id TEXT NOT NULL, public_key TEXT NOT NULL, display_name TEXT, platform TEXT,
      client_id TEXT, client_mode TEXT, role TEXT, roles_json TEXT, scopes_json TEXT, remote_ip TEXT, is_repair INTEGER,
      ts INTEGER NOT NULL, refreshed_at_ms INTEGER
    ) STRICT;
    CREATE TABLE IF NOT EXISTS device_pairing_paired (
      device_id TEXT NOT NULL PRIMARY KEY, public_key TEXT NOT NULL, display_name TEXT, platform TEXT, client_id TEXT, client_mode TEXT,
      role TEXT, roles_json TEXT, scopes_json TEXT, approved_scopes_json TEXT, remote_ip TEXT, tokens_json TEXT, approved_via TEXT,
      created_at_ms INTEGER NOT NULL, approved_at_ms INTEGER NOT NULL, last_seen_at_ms INTEGER
    ) STRICT`

const databaseOf = (folder: string): DatabaseSync => new DatabaseSync(path.join(folder, 'state', 'openclaw.sqlite'))

const requestRow = ({id, deviceId, client, role, scopes, address, isRepair, at, refreshedAt}: RequestToStore) => [
  ...[id, deviceId, '', client.displayName ?? null, client.platform, client.id, client.mode, role],
  ...[JSON.stringify([role]), JSON.stringify(scopes), address, isRepair ? 1 : 0, at, refreshedAt],
]

const deviceRow = ({
  id,
  client,
  role,
  scopes,
  address,
  via,
  token,
  pairedAt,
  rotatedAt,
  revokedAt,
  lastSeenAt,
}: DeviceToStore) => {
  const times = {
    createdAtMs: pairedAt,
    ...(rotatedAt ? {rotatedAtMs: rotatedAt} : {}),
    ...(revokedAt ? {revokedAtMs: revokedAt} : {}),
  }
  const tokens = {[role]: {token, role, scopes, ...times}}
  return [
    ...[id, '', client?.displayName ?? null, client?.platform ?? null, client?.id ?? null, client?.mode ?? null, role],
    ...[JSON.stringify([role]), JSON.stringify(scopes), JSON.stringify(scopes), address, JSON.stringify(tokens), via],
    ...[pairedAt, pairedAt, lastSeenAt],
  ]
}

const marks = (count: number): string => Array(count).fill('?').join(', ')

export type KeptDevices = {flush: () => void; end: () => void}

const restMs = 100

/** As 2026.9.6 keeps them, in its state database: all of it is written again, a moment after a change. */
export const keepDevices = (folder: string, devices: Devices): KeptDevices => {
  let timer: NodeJS.Timeout | null = null
  const write = (): void => {
    const db = databaseOf(folder)
    try {
      db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA busy_timeout = 2000; ${tables}`)
      db.exec('BEGIN; DELETE FROM device_pairing_pending; DELETE FROM device_pairing_paired')
      const {requests, paired} = devices.all()
      for (const request of requests)
        db.prepare(`INSERT INTO device_pairing_pending VALUES (${marks(14)})`).run(...requestRow(request))
      for (const device of paired) db.prepare(`INSERT INTO device_pairing_paired VALUES (${marks(16)})`).run(...deviceRow(device))
      db.exec('COMMIT')
    } finally {
      db.close()
    }
  }
  const stop = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = null
  }
  const flush = (): void => {
    stop()
    write()
  }
  devices.onChange(() => {
    timer ??= setTimeout(flush, restMs)
  })
  write()
  const end = (): void => {
    stop()
    devices.onChange(() => {})
  }
  return {flush, end}
}

/** What the demo's command asks of the demo's gateway, and what that answers: a file each, as there is no second connection. */
export type DeviceWish = {action: 'approve' | 'reject' | 'revoke' | 'remove' | 'rotate'; id: string; role: string}
export type DeviceAnswer = {ok: true; answer: object} | {ok: false; message: string}

const wishFile = (folder: string): string => path.join(folder, 'devices-wanted.json')
const answerFile = (folder: string): string => path.join(folder, 'devices-answer.json')

const putFile = (file: string, value: unknown): void => {
  fs.writeFileSync(`${file}.tmp`, JSON.stringify(value), {mode: 0o600})
  fs.renameSync(`${file}.tmp`, file)
}

const takeFile = <T>(file: string): T | null => {
  if (!fs.existsSync(file)) return null
  const value = JSON.parse(fs.readFileSync(file, 'utf8')) as T
  fs.rmSync(file, {force: true})
  return value
}

export const leaveWish = (folder: string, wish: DeviceWish): void => {
  fs.rmSync(answerFile(folder), {force: true})
  putFile(wishFile(folder), wish)
}
export const takeAnswer = (folder: string): DeviceAnswer | null => takeFile(answerFile(folder))

const fulfil = (devices: Devices, {action, id, role}: DeviceWish): DeviceAnswer => {
  const done = devices[action](id, role)
  if (done !== null) return {ok: true, answer: done}
  return {ok: false, message: action === 'approve' || action === 'reject' ? 'unknown requestId' : 'unknown deviceId'}
}

/** The answer comes when the store has it. */
export const answerWish = (folder: string, devices: Devices, {flush}: KeptDevices): DeviceWish | null => {
  const wish = takeFile<DeviceWish>(wishFile(folder))
  if (wish === null) return null
  const answer = fulfil(devices, wish)
  flush()
  putFile(answerFile(folder), answer)
  return wish
}
