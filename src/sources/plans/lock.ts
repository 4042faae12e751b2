import fs from 'node:fs'
import path from 'node:path'
import type {ProcessIdentity} from '../../domain/plans/journal.ts'
import {codeOf, isMachineError} from '../error-words.ts'
import {readText} from '../files.ts'
import {isAlive, processIdentityOf} from '../process-start.ts'
import type {StatePlaces} from './journals-folder.ts'

export type LockHolder = {owner: ProcessIdentity; id: string; fix: string}

export type Lock = {isOurs: () => boolean; release: () => void}

const fileOf = ({locks}: StatePlaces, key: string): string => path.join(locks, `${key}.lock`)

const read = (file: string): {text: string; holder: LockHolder | null} | null => {
  let text: string
  try {
    text = readText(file)
  } catch {
    return null
  }
  try {
    const {owner, id, fix} = JSON.parse(text) as LockHolder
    return {text, holder: typeof owner?.pid === 'number' ? {owner, id: String(id), fix: String(fix)} : null}
  } catch {
    return {text, holder: null}
  }
}

/** Who runs a plan on this gateway now; a dead owner holds nothing. */
export const lockHolder = (places: StatePlaces, key: string): LockHolder | null => {
  const holder = read(fileOf(places, key))?.holder ?? null
  return holder !== null && isAlive(holder.owner) ? holder : null
}

/** exFAT and some shares of SMB know no links. */
const isWithoutLinks = (error: unknown): boolean => ['ENOTSUP', 'EOPNOTSUPP', 'EPERM', 'ENOSYS'].includes(codeOf(error))

/** Whole or not at all: a link is made to a file that is complete. Where there are no links the file itself is made, by one alone. */
const linkOrWrite = (temp: string, file: string, text: string): void => {
  try {
    fs.linkSync(temp, file)
  } catch (error) {
    if (!isWithoutLinks(error)) throw error
    fs.writeFileSync(file, text, {mode: 0o600, flag: 'wx'})
  }
}

const place = (file: string, text: string): boolean => {
  const temp = `${file}.${process.pid}`
  try {
    fs.writeFileSync(temp, text, {mode: 0o600})
    linkOrWrite(temp, file, text)
    return true
  } catch (error) {
    if (isMachineError(error)) throw error
    return false
  } finally {
    fs.rmSync(temp, {force: true})
  }
}

/** Removes the lock of a dead process. If a live one took it in between, it is restored. */
const clear = (file: string, dead: string): void => {
  const aside = `${file}.dead.${process.pid}`
  try {
    fs.renameSync(file, aside)
  } catch {
    return
  }
  if (readText(aside) !== dead) {
    try {
      fs.linkSync(aside, file)
    } catch {}
  }
  fs.rmSync(aside, {force: true})
}

/** One plan at a time on one gateway, whatever it is about. */
export const acquireLock = (places: StatePlaces, key: string, plan: {id: string; fix: string}): Lock | LockHolder => {
  const file = fileOf(places, key)
  const text = JSON.stringify({owner: processIdentityOf(process.pid), ...plan})
  for (let tries = 0; tries < 5; tries += 1) {
    if (place(file, text)) {
      const isOurs = (): boolean => read(file)?.text === text
      return {isOurs, release: () => isOurs() && fs.rmSync(file, {force: true})}
    }
    const found = read(file)
    if (found?.holder && isAlive(found.holder.owner)) return found.holder
    if (found) clear(file, found.text)
  }
  return lockHolder(places, key) ?? {owner: {pid: 0, startedAt: ''}, id: 'unknown', fix: 'unknown'}
}

export const isLock = (got: Lock | LockHolder): got is Lock => 'release' in got
