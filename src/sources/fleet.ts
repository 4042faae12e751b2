import {minuteMs} from '../domain/durations.ts'
import type {Failure} from '../domain/failure.ts'
import type {FleetEvent} from '../domain/fleet.ts'
import {readRemoteStatus, type StatusLine} from '../gateway/remote-status.ts'
import {type SshFailure, sshArguments, sshFailure} from '../gateway/ssh-output.ts'
import {openLine, type SshLine} from './ssh-line.ts'

export type FleetOptions = {
  hosts: readonly string[]
  /** The command that is gatecrab there. */
  gatecrab: string
  onEvent: (fleetEvent: FleetEvent) => void
}

const beat = ['check', '--watch', '--every', '15s'] as const
const firstPauseMs = 1000
const maxPauseMs = minuteMs
const lastingPauseMs = 300_000
const steadyMs = minuteMs

const pauseAfter = (failures: number, isLasting: boolean): number => {
  const base = isLasting ? lastingPauseMs : Math.min(firstPauseMs * 2 ** failures, maxPauseMs)
  return Math.round(base * (0.8 + Math.random() * 0.4))
}

const notOurs = (host: string): Failure => ({
  title: `${host} says what this gatecrab does not understand`,
  because: 'another program answers there, or a gatecrab of another version',
  tryThis: 'install the same version there',
  from: 'gateway',
})

export type Fleet = {
  /** Those whose line was cut are called at once. */
  callNow: () => void
  close: () => void
}

/** Keeps a line to one machine open, and opens it again, later and later, when it was cut. */
const superviseSsh = (host: string, {gatecrab, onEvent}: FleetOptions): Fleet => {
  let line: SshLine | null = null
  let timer: NodeJS.Timeout | undefined
  let failures = 0
  let isClosed = false
  let isWaiting = false
  const lost = (problem: Failure, retryAt: number | null): void => onEvent({kind: 'lost', host, problem, retryAt, at: Date.now()})
  const onLine = (raw: string): void => {
    if (isClosed || raw.trim() === '') return
    const parsed = readRemoteStatus(raw)
    if (parsed) onEvent({kind: 'said', host, status: parsed.status, event: parsed.event, at: Date.now()})
    else lost(notOurs(host), null)
  }
  const open = (): void => {
    isWaiting = false
    const began = Date.now()
    line = openLine(sshArguments(host, gatecrab, beat), onLine, end => {
      if (isClosed) return
      const {lasting, ...problem}: SshFailure = sshFailure(host, end)
      failures = Date.now() - began > steadyMs ? 0 : failures + 1
      const pause = pauseAfter(failures, lasting)
      lost(problem, Date.now() + pause)
      isWaiting = true
      timer = setTimeout(open, pause)
    })
  }
  open()
  return {
    callNow: () => {
      if (!isWaiting || isClosed) return
      clearTimeout(timer)
      open()
    },
    close: () => {
      isClosed = true
      clearTimeout(timer)
      line?.close()
    },
  }
}

/** Watches gateways on other machines, each by the gatecrab there. */
export const watchFleet = (options: FleetOptions): Fleet => {
  const lines = options.hosts.map(host => superviseSsh(host, options))
  return {
    callNow: () => {
      for (const line of lines) line.callNow()
    },
    close: () => {
      for (const line of lines) line.close()
    },
  }
}

const timeoutMs = 30_000

/** Asks one machine once. */
export const askHost = (host: string, gatecrab: string): Promise<StatusLine | Failure> =>
  new Promise(resolve => {
    const printed: string[] = []
    const line = openLine(
      sshArguments(host, gatecrab, ['check', '--json']),
      text => printed.push(text),
      end => {
        clearTimeout(timer)
        const {lasting: _, ...problem} = sshFailure(host, end)
        resolve(readRemoteStatus(printed.join('\n')) ?? (printed.length > 0 && end.problem === null ? notOurs(host) : problem))
      },
    )
    const timer = setTimeout(() => {
      line.close()
      resolve({title: `${host} did not answer within ${timeoutMs / 1000} s`, from: 'gateway'})
    }, timeoutMs)
  })
