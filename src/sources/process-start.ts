import fs from 'node:fs'
import type {ProcessIdentity} from '../domain/plans/journal.ts'
import {stdoutNow} from './run-process.ts'

const startField = 19

/** The name of a process may hold spaces and brackets, so fields count from the last bracket. */
const linuxStart = (pid: number): string | null => {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const isDead = fields[0] === 'Z' || fields[0] === 'X'
    return isDead ? null : `${bootId()} ${fields[startField]}`
  } catch {
    return null
  }
}

const bootId = (): string => {
  try {
    return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return 'boot'
  }
}

/** ps writes the local time, and who compares two of them may have another zone than who took the first. */
const oneClock = {LC_ALL: 'C', TZ: 'UTC'}

const otherStart = (pid: number): string | null =>
  stdoutNow(['ps', '-o', 'lstart=', '-p', String(pid)], {env: {...process.env, ...oneClock}})?.trim() || null

/** When a process began, in whatever form its system tells it; null where there is none. */
export const processStartOf = (pid: number): string | null => (process.platform === 'linux' ? linuxStart(pid) : otherStart(pid))

export const isAlive = ({pid, startedAt}: ProcessIdentity): boolean => processStartOf(pid) === startedAt

export const processIdentityOf = (pid: number): ProcessIdentity => ({pid, startedAt: processStartOf(pid) ?? 'unknown'})
