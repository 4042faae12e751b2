import fs from 'node:fs'
import path from 'node:path'
import type {HostEnv} from '../../gateway/paths.ts'
import {syncFolder} from '../files.ts'

/** Where gatecrab keeps what must outlive it. */
export type StatePlaces = {root: string; journals: string; backups: string; locks: string; key: string}

export const statePlaces = ({env, home}: HostEnv): StatePlaces => {
  const named = env['GATECRAB_STATE_DIR']?.trim()
  const xdg = env['XDG_STATE_HOME']?.trim()
  const base = xdg && path.isAbsolute(xdg) ? xdg : path.join(home, '.local', 'state')
  const root = named ? path.resolve(named) : path.join(base, 'gatecrab')
  return {
    root,
    journals: path.join(root, 'journals'),
    backups: path.join(root, 'backups'),
    locks: path.join(root, 'locks'),
    key: path.join(root, 'key'),
  }
}

/** For this user alone, also where a folder was there before with other rights. */
export const makePrivate = (folder: string): void => {
  const first = fs.mkdirSync(folder, {recursive: true, mode: 0o700})
  if (first !== undefined) syncFolder(path.dirname(first))
  fs.chmodSync(folder, 0o700)
}

export const makePlaces = ({root, journals, backups, locks}: StatePlaces): void => {
  for (const folder of [root, journals, backups, locks]) makePrivate(folder)
}

export const journalFile = ({journals}: StatePlaces, id: string): string => path.join(journals, `${id}.ndjson`)
export const backupFolder = ({backups}: StatePlaces, id: string): string => path.join(backups, id)

const madeAt = /^(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d\.\d{3}Z)-(.+)$/

/** The id after one that is taken: a millisecond later. */
export const nextPlanId = (id: string): string => {
  const [, hour, minute, second, fix] = madeAt.exec(id) ?? []
  return fix === undefined ? `${id}-2` : planId(fix, Date.parse(`${hour}:${minute}:${second}`) + 1)
}

/** `2026-11-21T12-41-07.123Z-rotate`: sorts by time, and is a file name everywhere. */
export const planId = (fix: string, now: number): string => `${new Date(now).toISOString().replaceAll(':', '-')}-${fix}`

/** A report of its own name, for its owner alone: it is redacted, and still tells how a gateway is built. */
export const writeReport = (text: string, {root}: StatePlaces, now: number): string => {
  const folder = path.join(root, 'reports')
  makePrivate(folder)
  const file = path.join(folder, `${new Date(now).toISOString().replaceAll(':', '-')}.md`)
  fs.writeFileSync(file, text, {mode: 0o600, flag: 'wx', flush: true})
  return file
}
