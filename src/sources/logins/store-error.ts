import type {Failure} from '../../domain/failure.ts'

type StoreErrorKind = 'locked' | 'half-written' | 'unreadable' | 'shape' | 'newer' | 'too-big'
export type StoreError = {fault: StoreErrorKind; path: string; detail: string}

export const isStoreError = (value: unknown): value is StoreError =>
  typeof value === 'object' && value !== null && 'fault' in value

const words: Record<StoreErrorKind, {is: string; tryThis: string}> = {
  locked: {is: 'is locked', tryThis: 'it is read again in a moment; if it stays so, see which process holds it'},
  'half-written': {
    is: 'is half-written or damaged',
    tryThis: 'if it stays so, see `openclaw models status --json`, and bring the store back from a backup',
  },
  unreadable: {is: 'cannot be read', tryThis: "run gatecrab as the gateway's user"},
  shape: {is: 'has a shape that gatecrab does not know', tryThis: 'see `openclaw models status --json`'},
  newer: {is: 'is of a later layout than gatecrab knows', tryThis: 'update gatecrab, or see `openclaw models status --json`'},
  'too-big': {
    is: 'is too big to be copied while the gateway is down',
    tryThis: 'start the gateway, or see `openclaw models status --json`',
  },
}

export const storeFailure = ({fault: storeError, path, detail}: StoreError): Failure => ({
  title: `The profile store ${path} ${words[storeError].is}`,
  because: detail,
  tryThis: words[storeError].tryThis,
  from: storeError === 'unreadable' ? 'you' : 'gateway',
})

const sqliteCodes: Readonly<Record<number, StoreErrorKind>> = {
  5: 'locked',
  6: 'locked',
  11: 'half-written',
  26: 'half-written',
  1: 'shape',
}

/** The low byte of SQLite's code says what kind of trouble it is. */
export const sqliteCode = (error: unknown): number | null => {
  const code = (error as {errcode?: unknown}).errcode
  return typeof code === 'number' ? code & 0xff : null
}

export const storeErrorOf = (error: unknown, path: string): StoreError => {
  const detail = error instanceof Error ? error.message : String(error)
  const {code} = error as NodeJS.ErrnoException
  const kind = sqliteCodes[sqliteCode(error) ?? -1]
  return {
    fault: kind ?? 'unreadable',
    path,
    detail: kind === undefined && code !== undefined && !code.startsWith('ERR_') ? code : detail,
  }
}
