import type {Failure} from '../../domain/failure.ts'
import type {Secret} from '../../domain/secret.ts'
import type {TokenCopy} from '../../domain/token/copy.ts'
import {manualStepFor, placeRow} from '../../domain/token/places.ts'
import {withToken} from '../../gateway/token/edit.ts'
import {withVariable} from '../../gateway/token/env-file.ts'
import {type Replaced, replaceFile} from './replace.ts'

/** `seen` tells a later look whether the file still is what was written. */
export type WriteResult = Replaced

type Edit = (text: string, value: string) => {text: string} | {problem: Failure}

/** The library for YAML is loaded only where a compose file is written. */
const editOf = async ({place, key, spot}: TokenCopy): Promise<Edit> => {
  const at = spot?.at ?? []
  const {write} = placeRow(place)
  if (write === 'config-string') return (text, value) => withToken(text, at, value)
  if (write !== 'compose-variable')
    return (text, value) => withVariable(text, at[0] ?? key, value, place === 'systemd-env-file' ? 'systemd' : 'dotenv')
  const {withComposeVariable} = await import('../../gateway/token/compose-edit.ts')
  const [service = '', name = ''] = at
  return (text, value) => withComposeVariable(text, {service, name}, value)
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
  const edit = await editOf(copy)
  return replaceFile(file, seen, text => edit(text, secret.reveal()), trusted)
}
