import type {Failure} from '../../domain/failure.ts'
import type {Secret} from '../../domain/secret.ts'
import type {TokenCopy} from '../../domain/token/copy.ts'
import {manualStepFor, placeRow} from '../../domain/token/places.ts'
import {withToken} from '../../gateway/token/edit.ts'
import {withVariable} from '../../gateway/token/env-file.ts'
import {type Replaced, replaceFile} from './replace.ts'

/** `seen` tells a later look whether the file still is what was written. */
export type WriteResult = Replaced

const edited = (copy: TokenCopy, text: string, value: string): {text: string} | {problem: Failure} => {
  const at = copy.spot?.at ?? []
  if (placeRow(copy.place).write === 'config-string') return withToken(text, at, value)
  return withVariable(text, at[0] ?? copy.key, value, copy.place === 'systemd-env-file' ? 'systemd' : 'dotenv')
}

const byHand = (copy: TokenCopy): WriteResult => ({
  ok: false,
  problem: {title: `${copy.path} is not for gatecrab to write`, tryThis: manualStepFor(copy), from: 'gateway'},
})

/**
 * Puts a token into one copy, and changes nothing else in its file. It is refused where the copy is a reference, where no writer
 * knows the place, and where the file is no longer what it was when the copy was read.
 */
export const writeCopy = async (copy: TokenCopy, secret: Secret): Promise<WriteResult> => {
  const isValue = copy.kind === 'literal' || copy.kind === 'placeholder'
  if (copy.spot === undefined || placeRow(copy.place).write === null || !isValue) return byHand(copy)
  const {file, digest: seen, trusted} = copy.spot
  return replaceFile(file, seen, text => edited(copy, text, secret.reveal()), trusted)
}
