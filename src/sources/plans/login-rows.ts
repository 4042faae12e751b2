import fs from 'node:fs'
import path from 'node:path'
import type {StorePlace} from '../../domain/logins/credential.ts'
import {Secret} from '../../domain/secret.ts'
import {isFields} from '../../gateway/json.ts'
import {agentCells, sharedCells} from '../logins/rows.ts'
import {isStoreError} from '../logins/store-error.ts'

type Row = Readonly<Record<string, unknown>>

/** The rows of a store with their secrets, for the steps of a plan only. */
export type LoginRows = ReadonlyMap<string, Row>

const storeText = async ({kind, path: file}: StorePlace): Promise<string | null> => {
  if (file === null) return null
  if (kind === 'json') return fs.readFileSync(file, 'utf8')
  const cells = path.basename(file) === 'openclaw.sqlite' ? await sharedCells(file) : await agentCells(file)
  return cells === null || isStoreError(cells) ? null : (cells.store?.json ?? null)
}

/** Null where the store cannot be read just now. */
export const loginRows = async (place: StorePlace): Promise<LoginRows | null> => {
  try {
    const parsed: unknown = JSON.parse((await storeText(place)) ?? 'null')
    const profiles = isFields(parsed) ? parsed['profiles'] : null
    return isFields(profiles)
      ? new Map(Object.entries(profiles).flatMap(([id, row]) => (isFields(row) ? [[id, row]] : [])))
      : null
  } catch {
    return null
  }
}

const secretFields = ['token', 'key', 'apiKey', 'access', 'refresh', 'idToken']

export const secretsIn = (row: Row): Secret[] =>
  secretFields.flatMap(field => (typeof row[field] === 'string' && row[field] !== '' ? [new Secret(row[field])] : []))

/** The one that requests are made with. */
export const secretIn = (row: Row): Secret | null => secretsIn(row)[0] ?? null
