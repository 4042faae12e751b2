import {existsSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {isFields, jsonIn, valueAt} from '../../gateway/json.ts'
import {fileProvider, pointerPath, readEnvFile} from '../../gateway/token/env-file.ts'

const inStore = (folder: string, name: string): string | null => {
  const file = path.join(folder, 'state', 'openclaw.sqlite')
  if (!existsSync(file)) return null
  const db = new DatabaseSync(file, {readOnly: true})
  try {
    const row = db.prepare('SELECT value FROM secret_store_entries WHERE name = ?').get(name)
    return typeof row?.['value'] === 'string' ? row['value'] : null
  } catch {
    return null
  } finally {
    db.close()
  }
}

const inFile = (config: unknown, reference: unknown, id: string): string | null => {
  const provider = fileProvider(config, reference)
  if (provider === null || !existsSync(provider.path)) return null
  const text = readFileSync(provider.path, 'utf8')
  if (provider.mode === 'singleValue') return text.replace(/\r?\n$/, '')
  const value = valueAt(jsonIn(text), pointerPath(id))
  return typeof value === 'string' ? value : null
}

const inEnvFile = (folder: string, name: string): string | null => {
  const file = path.join(folder, '.env')
  if (!existsSync(file)) return null
  return (
    readEnvFile(readFileSync(file, 'utf8'), 'dotenv')
      .findLast(({key}) => key === name)
      ?.value.reveal() ?? null
  )
}

/** What the gateway asks its clients for: written in its config, or what that refers to, as it is at this moment. */
export const secretOf = (config: unknown, folder: string): string | null => {
  const auth = valueAt(config, ['gateway', 'auth'])
  const {mode, token, password} = isFields(auth) ? auth : {}
  const value = mode === 'password' ? password : token
  if (typeof value === 'string') return value
  const {source, id} = isFields(value) ? value : {}
  if (typeof id !== 'string') return null
  if (source === 'env') return inEnvFile(folder, id)
  return source === 'file' ? inFile(config, value, id) : source === 'store' ? inStore(folder, id) : null
}

export const isFromVariable = (config: unknown): boolean => valueAt(config, ['gateway', 'auth', 'token', 'source']) === 'env'
