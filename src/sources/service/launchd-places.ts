import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {isPrivate, mayRefusePrivate} from '../../domain/service/finding.ts'
import {launchdUid} from '../../gateway/cli.ts'
import {type HostEnv, type LocationOverrides, launchdLabel, stateDirOf} from '../../gateway/paths.ts'
import {readPlist, type StartCommand} from '../../gateway/service/files.ts'
import {readEnvFile} from '../../gateway/token/env-file.ts'
import {readBytes, readText} from '../files.ts'
import {stdoutNow} from '../run-process.ts'

/** A domain of launchd, and a folder whose plists it may have loaded. */
export type LaunchdPlace = {domain: string; folder: string}

/** Agents of the account and of the machine, what runs without a login at the console, and the machine's daemons. */
export const launchdPlaces = (hostEnv: HostEnv): LaunchdPlace[] => {
  const uid = launchdUid(hostEnv)
  const agents = path.join(hostEnv.home, 'Library/LaunchAgents')
  return [
    {domain: `gui/${uid}`, folder: agents},
    {domain: `gui/${uid}`, folder: '/Library/LaunchAgents'},
    {domain: `user/${uid}`, folder: agents},
    {domain: 'system', folder: '/Library/LaunchDaemons'},
  ]
}

export type Plist = LaunchdPlace & {file: string}

/** Where a plist of this gateway's label lies, its own agent first. */
export const plistsOf = (overrides: LocationOverrides, hostEnv: HostEnv): Plist[] => {
  const name = `${launchdLabel(overrides, hostEnv)}.plist`
  return launchdPlaces(hostEnv)
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
export const startedBy = (file: string, {env}: HostEnv): StartCommand | null => {
  try {
    const bytes = readBytes(file)
    if (!bytes.subarray(0, 6).equals(Buffer.from('bplist'))) return readPlist(bytes.toString('utf8'))
    const text = stdoutNow(['plutil', '-convert', 'xml1', '-o', '-', file], {env, timeoutMs: plutilMs})
    return text === null ? null : readPlist(text)
  } catch {
    return null
  }
}

const inEnvFile = (file: string | undefined, name: string): string | null => {
  try {
    const lines = file === undefined ? [] : readEnvFile(readText(file), 'dotenv')
    return lines.findLast(({key}) => key === name)?.value.reveal() ?? null
  } catch {
    return null
  }
}

/** Where the service of macOS has its temporary files: as its plist says, as the file its wrapper sources says, or as OpenClaw has it. */
export const serviceTmp = (overrides: LocationOverrides, hostEnv: HostEnv): string[] => {
  if (hostEnv.platform !== 'darwin') return []
  const named = plistsOf(overrides, hostEnv).flatMap(({file}) => {
    const started = startedBy(file, hostEnv)
    const envFile = started?.args.find(arg => /\/service-env\/[^/]+\.env$/.test(arg))
    return [inEnvFile(envFile, 'TMPDIR'), started?.variables.get('TMPDIR')?.reveal() ?? null]
  })
  return [...new Set([...named, path.join(stateDirOf(overrides, hostEnv), 'tmp')])].flatMap(one =>
    one !== null && path.isAbsolute(one) ? [one] : [],
  )
}
