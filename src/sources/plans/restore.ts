import fs from 'node:fs'
import path from 'node:path'
import {configBackup, fileBefore} from '../../domain/plans/plan.ts'
import {errorWords} from '../error-words.ts'
import {readBytes} from '../files.ts'
import {putFile} from '../token/replace.ts'
import {writePrivate} from './backup-files.ts'
import {isBroken} from './secret-place.ts'
import {failed, fine, type StepContext, type StepHandler, type StepResult} from './step-context.ts'

/** The current file may hold the operator's edits: it is saved next to the plan's backups. */
const keepBroken = (context: StepContext, file: string): void => {
  if (!fs.existsSync(file)) return
  const aside = path.join(context.plan.backups, 'config.broken')
  fs.rmSync(aside, {force: true})
  writePrivate(aside, readBytes(file))
  context.say(`what could not be parsed is kept at ${aside}`)
}

/** The whole file of before, byte for byte: where what is there cannot be parsed, no part of it can be replaced. */
const restoreWhole = (context: StepContext, file: string, backup: string): StepResult => {
  try {
    if (isBroken(backup, context.plan.gateway.form)) return failed(`its backup ${backup} cannot be read either`)
    keepBroken(context, file)
    putFile(file, readBytes(backup))
    context.changed = false
    context.recordUndone(`${file} could not be parsed any more: the whole file of before is back, from ${backup}`, true)
    return fine
  } catch (error) {
    return failed(
      `${file} cannot be parsed, and its backup could not be put back: ${errorWords(error)}. It lies whole at ${backup}`,
    )
  }
}

/** The whole file of before, where what the plan wrote is taken back as a whole. */
export const putWhole = (context: StepContext, words: string): StepResult => {
  const {gateway} = context.plan
  const backup = fileBefore(context.plan)
  try {
    if (isBroken(backup, gateway.form)) return failed(`its backup ${backup} cannot be read`)
    putFile(gateway.tokenFile, readBytes(backup))
    context.changed = false
    context.recordUndone(words, true)
    return fine
  } catch (error) {
    return failed(`${gateway.tokenFile} could not be put back: ${errorWords(error)}. It lies whole at ${backup}`)
  }
}

/** Where a command or a full disk cut the config. */
export const restoreIfBroken = (context: StepContext): StepResult => {
  const {gateway, backups} = context.plan
  const backup = configBackup(backups)
  return isBroken(gateway.tokenFile, gateway.form) && fs.existsSync(backup)
    ? restoreWhole(context, gateway.tokenFile, backup)
    : fine
}

export const restoreAct: StepHandler<'restore'> = async (context, {file, from}) =>
  isBroken(file, context.plan.gateway.form)
    ? restoreWhole(context, file, from)
    : failed(`${file} can be parsed again: somebody has mended it, and it is left alone`)
