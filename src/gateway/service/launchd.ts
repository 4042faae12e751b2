import {clean} from '../../domain/clean.ts'
import type {Supervisor} from '../../domain/service/service.ts'

/** What `launchctl print DOMAIN/LABEL` says of a job. */
export type Job = Pick<
  Supervisor,
  'file' | 'state' | 'isRunning' | 'pid' | 'runs' | 'lastExit' | 'hasFailed' | 'phase' | 'endedBy'
>

/** Lines of the job itself stand behind one tab; those of its parts, with names of the same kind, stand deeper. */
const fieldsIn = (printed: string): Map<string, string> =>
  new Map(
    printed.split('\n').flatMap(line => {
      const [, name, written = ''] = /^\t([^\t=]+?) = (.*)$/.exec(line) ?? []
      const value = written.trimEnd()
      return name === undefined || value === '{' ? [] : [[name, clean(value, 300)] as const]
    }),
  )

const numberIn = (text: string | undefined): number | null => (/^\d+$/.test(text ?? '') ? Number(text) : null)

const neverExited = '(never exited)'

type Ended = Pick<Job, 'lastExit' | 'hasFailed' | 'endedBy'>

/** Signals by which launchd, a command or a person ends a job in good order. */
const orderly = /\b(?:Terminated: 15|Hangup: 1|Interrupt: 2)\b/

/** What macOS itself held against the program: it will do so again at the next start. */
const refusals = /OS_REASON_(?:CODESIGNING|DYLD|EXEC|TCC|LIBXPC|AMFI)|spawn failed/
const shortage = /OS_REASON_JETSAM|JETSAM_|memory limit/i

const byWhom = (word: string): Pick<Ended, 'endedBy'> => {
  if (shortage.test(word)) return {endedBy: 'memory'}
  return refusals.test(word) ? {endedBy: 'system'} : {}
}

/** A reason of macOS or a signal takes the place of the exit code; a code may come with its name: `78: EX_CONFIG`. */
const exitOf = (fields: ReadonlyMap<string, string>): Ended => {
  const reason = fields.get('last exit reason')
  if (reason !== undefined) return {lastExit: reason, hasFailed: true, ...byWhom(reason)}
  if (fields.get('job state') === 'spawn failed')
    return {lastExit: fields.get('last exit code') ?? 'spawn failed', hasFailed: true, endedBy: 'system'}
  const signal = fields.get('last terminating signal')
  if (signal !== undefined) return {lastExit: signal, hasFailed: !orderly.test(signal)}
  const code = fields.get('last exit code') ?? fields.get('last exit status')
  if (code === undefined || code === neverExited) return {lastExit: null, hasFailed: false}
  return {lastExit: code, hasFailed: !/^0\b/.test(code)}
}

/** launchd on its way to start a job or to end it: SIGKILLed too is said before the process is gone. */
const phaseOf = (state: string | null, {hasFailed}: Ended): 'starting' | 'stopping' | null => {
  if (/^SIG(?:TERM|KILL)ed$/.test(state ?? '')) return 'stopping'
  if (state === 'xpcproxy' || state === 'spawning') return 'starting'
  return state === 'spawn scheduled' && !hasFailed ? 'starting' : null
}

export const readJob = (printed: string): Job => {
  const fields = fieldsIn(printed)
  const state = fields.get('state') ?? null
  const ended = exitOf(fields)
  const phase = phaseOf(state, ended)
  return {
    file: fields.get('path') ?? null,
    state,
    isRunning: state === 'running',
    pid: numberIn(fields.get('pid')),
    runs: numberIn(fields.get('runs')),
    ...ended,
    ...(phase === null ? {} : {phase}),
  }
}

export const isNotLoaded = (output: string): boolean => /could not find service|no such process/i.test(output)

/** No user is logged in at the console, or this user may not query the domain. */
export const hasNoDomain = (output: string): boolean =>
  /domain does not support|could not find domain|not privileged|not permitted/i.test(output)

/** `launchctl print-disabled` lists only services that were explicitly enabled or disabled. */
export const isEnabledIn = (printed: string, label: string): boolean => {
  const word = printed
    .split('\n')
    .map(line => line.trim())
    .find(line => line.startsWith(`"${label}" =>`))
    ?.split('=> ')[1]
  return word !== 'disabled' && word !== 'true'
}

/** Labels of gateways from before OpenClaw had its name. Another profile is a gateway of its own, and no rival. */
export const isLegacyLabel = (label: string, profile: string | null = null): boolean => {
  const name = /^(?:com\.(?:steipete\.)?clawdbot|bot\.molt(?:bot)?)\.([\w.-]+)$/i.exec(label)?.[1]
  return name !== undefined && (name === 'gateway' || name === profile)
}

/** `launchctl list`: pid, status and label of each job of the account; a dash for a pid that is none. */
export const labelOf = (printed: string, pid: number): string | null => {
  const label = printed
    .split('\n')
    .map(line => line.split('\t'))
    .find(([first]) => first === String(pid))?.[2]
  return label === undefined ? null : clean(label, 300)
}
