import type {Failure} from '../../domain/failure.ts'
import type {SecretForm, Target} from '../../domain/plans/plan.ts'
import {Secret} from '../../domain/secret.ts'
import {jsonIn, valueAt} from '../../gateway/json.ts'
import {parseJson5} from '../../gateway/json5.ts'
import {withToken} from '../../gateway/token/edit.ts'
import {readEnvFile, withVariable} from '../../gateway/token/env-file.ts'
import {readBytes, readText} from '../files.ts'
import {fileErrorCode} from '../token/file.ts'
import {storedSecret} from '../token/secret-store.ts'

/** How a file holds the secret. */
export type SecretPlace = Pick<Target, 'tokenAt' | 'form'>

const inText = (text: string, {tokenAt, form}: SecretPlace): string | null => {
  if (form?.is === 'whole') return text.replace(/\r?\n$/, '')
  if (form?.is === 'env-line')
    return (
      readEnvFile(text, form.dialect)
        .findLast(({key}) => key === form.key)
        ?.value.reveal() ?? null
    )
  if (form?.is === 'store') {
    const {value} = (jsonIn(text) ?? {}) as {value?: unknown}
    return typeof value === 'string' ? value : null
  }
  const parsed = parseJson5(text)
  const value = 'value' in parsed ? valueAt(parsed.value, tokenAt) : null
  return typeof value === 'string' ? value : null
}

/** The secret in a file or in a copy of one; null where there is none. */
export const tokenIn = (file: string, place: SecretPlace): Secret | null => {
  try {
    const value = inText(readText(file), place)
    return value === null ? null : new Secret(value)
  } catch {
    return null
  }
}

export const tokenNow = ({tokenFile, ...place}: Pick<Target, 'tokenFile' | 'tokenAt' | 'form'>): Secret | null =>
  place.form?.is === 'store' ? storedSecret(tokenFile, place.form.name) : tokenIn(tokenFile, place)

/** What is kept of before: the file as it is, or of the store's database the one value. */
export const bytesToKeep = (file: string, {tokenFile, form}: Target): Buffer => {
  if (file !== tokenFile || form?.is !== 'store') return readBytes(file)
  const secret = storedSecret(tokenFile, form.name)
  if (secret === null) throw new Error(`the store has no ${form.name}`)
  return Buffer.from(JSON.stringify({name: form.name, value: secret.reveal()}))
}

/** The text with the secret in it replaced, and nothing else. */
export const withSecret = (text: string, {tokenAt, form}: SecretPlace, value: string): {text: string} | {problem: Failure} => {
  if (form?.is === 'whole') return {text: `${value}${/\r?\n$/.exec(text)?.[0] ?? ''}`}
  return form?.is === 'env-line' ? withVariable(text, form.key, value, form.dialect) : withToken(text, tokenAt, value)
}

/** The file is missing or cannot be parsed; an unreadable file counts as neither, and a database is OpenClaw's to mend. */
export const isBroken = (file: string, form: SecretForm | null = null): boolean => {
  if (form?.is === 'store') return false
  try {
    const text = readText(file)
    return form === null && 'problem' in parseJson5(text)
  } catch (error) {
    return fileErrorCode(error) === 'ENOENT'
  }
}
