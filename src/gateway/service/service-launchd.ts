import {clean} from '../../domain/clean.ts'
import type {Supervisor} from '../../domain/service/service.ts'

/** What `launchctl print DOMAIN/LABEL` says of a job. */
export type Job = Pick<Supervisor, 'file' | 'state' | 'isRunning' | 'pid' | 'runs' | 'lastExit' | 'hasFailed'>

/** Lines of the job itself stand behind one tab; those of its parts, with names of the same kind, stand deeper. */
const fieldsIn = (printed: string): Map<string, string> =>
  new Map(
    printed.split('\n').flatMap(line => {
      const [, name, value] = /^\t([^\t=]+?) = (.*?)\s*$/.exec(line) ?? []
      return name === undefined || value === undefined || value === '{' ? [] : [[name, clean(value, 300)] as const]
    }),
  )

const numberIn = (text: string | undefined): number | null => (/^\d+$/.test(text ?? '') ? Number(text) : null)

const neverExited = '(never exited)'

/** A signal takes the place of the exit code; a code may come with its name: `78: EX_CONFIG`. */
const exitOf = (fields: ReadonlyMap<string, string>): Pick<Job, 'lastExit' | 'hasFailed'> => {
  const signal = fields.get('last terminating signal')
  if (signal !== undefined) return {lastExit: signal, hasFailed: !/Terminated: 15|Hangup: 1/.test(signal)}
  const code = fields.get('last exit code') ?? fields.get('last exit status')
  if (code === undefined || code === neverExited) return {lastExit: null, hasFailed: false}
  return {lastExit: code, hasFailed: !/^0\b/.test(code)}
}

export const readJob = (printed: string): Job => {
  const fields = fieldsIn(printed)
  const state = fields.get('state') ?? null
  return {
    file: fields.get('path') ?? null,
    state,
    isRunning: state === 'running',
    pid: numberIn(fields.get('pid')),
    runs: numberIn(fields.get('runs')),
    ...exitOf(fields),
  }
}

export const isNotLoaded = (said: string): boolean => /could not find service|no such process/i.test(said)

/** Nobody is logged in at the console, or the domain is not to be asked by this user. */
export const hasNoDomain = (said: string): boolean => /domain does not support|could not find domain|not privileged/i.test(said)

/** `launchctl print-disabled`: only what somebody has switched on or off stands there. */
export const isEnabledIn = (printed: string, label: string): boolean => {
  const word = printed
    .split('\n')
    .map(line => line.trim())
    .find(line => line.startsWith(`"${label}" =>`))
    ?.split('=> ')[1]
  return word !== 'disabled' && word !== 'true'
}

/** Labels of gateways from before OpenClaw had its name. A profile of its own is a gateway of its own, and no rival. */
export const isLegacyLabel = (label: string): boolean =>
  /^(?:com\.(?:steipete\.)?clawdbot|bot\.molt(?:bot)?)\.[\w.-]+$/i.test(label)
