import {execFileSync} from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {isPrivate, mayRefusePrivate} from '../../domain/service/plist-mode.ts'
import {launchdUid} from '../../gateway/cli.ts'
import {launchdLabel, type Surroundings, type Wanted} from '../../gateway/paths.ts'
import {readPlist, type Started} from '../../gateway/service/service-files.ts'

/** A domain of launchd, and a folder whose plists it may have loaded. */
export type LaunchdPlace = {domain: string; folder: string}

/** Agents of the account and of the machine, what runs without a login at the console, and the machine's daemons. */
export const launchdPlaces = (around: Surroundings): LaunchdPlace[] => {
  const uid = launchdUid(around)
  const agents = path.join(around.home, 'Library/LaunchAgents')
  return [
    {domain: `gui/${uid}`, folder: agents},
    {domain: `gui/${uid}`, folder: '/Library/LaunchAgents'},
    {domain: `user/${uid}`, folder: agents},
    {domain: 'system', folder: '/Library/LaunchDaemons'},
  ]
}

export type Plist = LaunchdPlace & {file: string}

/** Where a plist of this gateway's label lies, its own agent first. */
export const plistsOf = (wanted: Wanted, around: Surroundings): Plist[] => {
  const name = `${launchdLabel(wanted, around)}.plist`
  return launchdPlaces(around)
    .filter(({domain}) => !domain.startsWith('user/'))
    .map(place => ({...place, file: path.join(place.folder, name)}))
    .filter(({file}) => fs.existsSync(file))
}

/** A plist that others may not read, where launchd is or may be one that refuses those. */
export const isRefusedPlist = (file: string): boolean => {
  const mode = fs.statSync(file, {throwIfNoEntry: false})?.mode
  return mode !== undefined && isPrivate(mode) && mayRefusePrivate(os.release())
}

const plutilMs = 2000

/** What a plist starts; plutil reads one that is binary. Null where it cannot be read. */
export const startedBy = (file: string, {env}: Surroundings): Started | null => {
  try {
    const bytes = fs.readFileSync(file)
    if (!bytes.subarray(0, 6).equals(Buffer.from('bplist'))) return readPlist(bytes.toString('utf8'))
    const args = ['-convert', 'xml1', '-o', '-', file]
    return readPlist(
      execFileSync('plutil', args, {env: {...env}, timeout: plutilMs, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']}),
    )
  } catch {
    return null
  }
}
