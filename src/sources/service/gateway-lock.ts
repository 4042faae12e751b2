import {createHash} from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import type {HostEnv} from '../../gateway/paths.ts'
import {type GatewayLock, readGatewayLock} from '../../gateway/service/lock-file.ts'
import {textIfReadable} from '../files.ts'
import {stdoutNow} from '../run-process.ts'

const uidOf = (file: string): number | null => fs.statSync(file, {throwIfNoEntry: false})?.uid ?? null

const startField = 19

/** The name of a process may hold spaces and brackets, so fields count from the last bracket. */
const startTicks = (pid: number): number | null => {
  const stat = textIfReadable(`/proc/${pid}/stat`) ?? ''
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[startField]) || null
}

/** A number may have gone to another process, and a lock in a mounted folder counts by its container. */
const isAlive = ({pid, startTime}: GatewayLock, {platform}: HostEnv): boolean => {
  if (platform === 'linux') return startTime !== null && startTicks(pid) === startTime
  return /openclaw|clawdbot/.test(stdoutNow(['ps', '-o', 'command=', '-p', String(pid)], {env: process.env}) ?? '')
}

/** Whoever else can write a lock could send us, and a secret, to a gateway of their own. */
const isTrusted = (file: string, uids: readonly (number | null)[]): boolean =>
  [file, path.dirname(file)].every(one => uids.includes(uidOf(one)))

const namesIn = (folder: string): string[] => {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}

/** Newer releases keep it in the state folder, older ones by a hash of the config in the folder for temporary files. */
const lockFiles = (stateDir: string, configFile: string, {tmp, uid}: HostEnv): string[] => {
  const inState = path.join(stateDir, 'tmp')
  const hash = createHash('sha256').update(configFile).digest('hex').slice(0, 8)
  return [
    ...namesIn(inState)
      .filter(name => /^openclaw(?:-\d+)?$/.test(name))
      .map(name => path.join(inState, name, 'gateway.state.lock')),
    ...[...new Set([uidOf(stateDir), uid])].map(one => path.join(tmp, `openclaw-${one}`, `gateway.${hash}.lock`)),
  ]
}

/** What the gateway that runs with this state folder wrote into its lock file; null where none runs, or none says so. */
export const livingLock = (stateDir: string, configFile: string, hostEnv: HostEnv): GatewayLock | null => {
  const uids = [0, hostEnv.uid, uidOf(stateDir)]
  for (const file of lockFiles(stateDir, configFile, hostEnv)) {
    const lock = readGatewayLock(textIfReadable(file) ?? '')
    if (lock !== null && isTrusted(file, uids) && isAlive(lock, hostEnv)) return lock
  }
  return null
}
