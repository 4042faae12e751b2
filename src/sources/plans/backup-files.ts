import fs from 'node:fs'
import path from 'node:path'
import {formatFailure} from '../../domain/failure.ts'
import type {Secret} from '../../domain/secret.ts'
import {leakedIn} from '../../gateway/token/audit.ts'
import {withToken} from '../../gateway/token/edit.ts'
import {errorWords} from '../error-words.ts'
import {readBytes, readText, syncFolder} from '../files.ts'
import {fileDigest} from '../token/file.ts'
import {clearLeftovers, replaceFile} from '../token/replace.ts'
import {makePrivate} from './journals-folder.ts'
import {bytesToKeep, tokenNow} from './secret-place.ts'
import {failed, fine, type StepContext, type StepHandler, type StepResult} from './step-context.ts'

export const isSameSecret = (a: Secret | null, b: Secret | null): boolean =>
  a !== null && b !== null && a.reveal().trim() === b.reveal().trim()

/** A private file, on the disk before anything else is done. */
export const writePrivate = (file: string, bytes: Buffer | string): void => {
  makePrivate(path.dirname(file))
  const fd = fs.openSync(file, 'wx', 0o600)
  try {
    fs.writeFileSync(fd, bytes)
    fs.fsyncSync(fd)
  } catch (error) {
    fs.rmSync(file, {force: true})
    throw error
  } finally {
    fs.closeSync(fd)
  }
  syncFolder(path.dirname(file))
}

export const lookUnchanged: StepHandler<'look-unchanged'> = async ({hasher}, {file, seal}) => {
  try {
    if (hasher.digest(readBytes(file)) === seal) return fine
    return failed(`${file} has been changed since this plan was made: look at a new plan`)
  } catch (error) {
    return failed(`${file} cannot be read: ${errorWords(error)}`)
  }
}

export const lookWritten: StepHandler<'look-written'> = async ({hasher, plan}, {mark: digest}) => {
  const token = tokenNow(plan.gateway)
  if (token === null) return failed(`there is no token in ${plan.gateway.tokenFile} now`)
  return hasher.tokenDigest(token) === digest
    ? fine
    : failed('the token there is no longer the one that the plan wrote: it is left alone')
}

export const backUp: StepHandler<'back-up'> = async (context, {file, as}) => {
  try {
    const bytes = bytesToKeep(file, context.plan.gateway)
    writePrivate(as, bytes)
    const token = file === context.plan.gateway.tokenFile ? tokenNow(context.plan.gateway) : null
    if (token) context.old ??= token
    const digest = token && context.hasher.tokenDigest(token)
    return {ok: true, wrote: {seal: context.hasher.digest(bytes), mark: digest, from: null, to: null}}
  } catch (error) {
    return failed(`${file} cannot be copied to ${as}: ${errorWords(error)}`)
  }
}

/** Replaces a file as a whole, if it is still what it was when this looked at it. */
export const rewrite = (context: StepContext, file: string, edit: Parameters<typeof replaceFile>[2]): StepResult => {
  let before: Buffer
  try {
    before = readBytes(file)
  } catch (error) {
    return failed(`${file} cannot be read: ${errorWords(error)}`)
  }
  const trusted = file === context.plan.gateway.tokenFile ? (context.plan.gateway.trusted ?? null) : null
  const replaced = replaceFile(file, fileDigest(before), edit, trusted)
  if (!replaced.ok) return failed(formatFailure(replaced.problem))
  context.changed = true
  return {ok: true, wrote: {seal: context.hasher.digest(readBytes(file)), mark: null, from: null, to: null}}
}

export const putBack: StepHandler<'put-back'> = async (context, {file, from, seal}) => {
  try {
    if (context.hasher.digest(readBytes(file)) !== seal)
      return failed(`${file} is no longer what the plan wrote: it is left alone. The copy of before lies at ${from}`)
    const text = readText(from)
    const done = rewrite(context, file, () => ({text}))
    if (done.ok) context.recordUndone(`${file} is as it was`, true)
    return done
  } catch (error) {
    return failed(`${file} cannot be put back: ${errorWords(error)}`)
  }
}

/** A backup that OpenClaw may restore holds the token in force from then on. */
export const renewBackup: StepHandler<'renew-backup'> = async (context, {file}) => {
  const {old: token, plan} = context
  if (token === null) return failed('the token in force is not known')
  const path = file.startsWith(plan.gateway.tokenFile)
    ? plan.gateway.tokenAt
    : ['gateway', 'auth', plan.gateway.secret ?? 'token']
  return rewrite(context, file, text => withToken(text, path, token.reveal().trim()))
}

/** As many asterisks as there were bytes: the lines after it stay where they are, also for whoever is appending. */
export const blankLeaks: StepHandler<'blank-leaks'> = async (context, {file}) => {
  let fd: number | null = null
  try {
    fd = fs.openSync(file, 'r+')
    const bytes = fs.readFileSync(fd)
    let count = 0
    for (const secret of leaksIn(bytes)) {
      const value = Buffer.from(JSON.stringify(secret.reveal()).slice(1, -1))
      for (let at = bytes.indexOf(value); at >= 0; at = bytes.indexOf(value, at + value.length)) {
        fs.writeSync(fd, Buffer.alloc(value.length, '*'), 0, value.length, at)
        count += 1
      }
    }
    fs.fsyncSync(fd)
    context.changed ||= count > 0
    context.say(`${count} ${count === 1 ? 'token' : 'tokens'} blotted out`)
    return fine
  } catch (error) {
    return failed(`${file} cannot be changed: ${errorWords(error)}`)
  } finally {
    if (fd !== null) fs.closeSync(fd)
  }
}

const leaksIn = (bytes: Buffer): Secret[] => [
  ...new Map(
    bytes
      .toString('utf8')
      .split('\n')
      .flatMap(leakedIn)
      .map(secret => [secret.reveal(), secret]),
  ).values(),
]

export const dropBackups: StepHandler<'drop-backups'> = async (context, {folders}) => {
  try {
    for (const folder of folders) fs.rmSync(folder, {recursive: true, force: true})
    context.say(`${folders.length} ${folders.length === 1 ? 'folder' : 'folders'} deleted`)
    return fine
  } catch (error) {
    return failed(errorWords(error))
  }
}

/** What a plan that was killed may have left beside the files and in its backups: it may hold a token, and never got a name. */
export const sweepAfter = (files: readonly string[], backups: string): void => {
  for (const file of files) clearLeftovers(file)
  try {
    fs.rmSync(path.join(backups, 'batch.json'), {force: true})
  } catch {}
}

export const sweep: StepHandler<'sweep'> = async (_, {files, backups}) => {
  sweepAfter(files, backups)
  return fine
}
