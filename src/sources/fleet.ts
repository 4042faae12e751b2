import {minuteMs} from '../domain/durations.ts'
import type {Failure} from '../domain/failure.ts'
import type {FleetEvent, FleetMember} from '../domain/fleet.ts'
import type {FleetCommands} from '../gateway/fleet.ts'
import {readRemoteStatus, type StatusLine} from '../gateway/remote-status.ts'
import {localFailure, type SshEnd, type SshFailure, sshFailure} from '../gateway/ssh-output.ts'
import type {ProcessEnv} from './run-process.ts'
import {openLine, type SshLine} from './ssh-line.ts'

export type FleetOptions = {
  gateways: readonly FleetCommands[]
  onEvent: (fleetEvent: FleetEvent) => void
}

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

/** What the shell says of one gateway is not said of the others of this machine. */
export const fleetEnv = ({kind, place}: FleetMember): ProcessEnv =>
  kind === 'host' || (kind === 'profile' && place === 'default')
    ? process.env
    : Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('OPENCLAW_')))

const failureOf = (member: FleetMember, end: SshEnd): SshFailure =>
  member.kind === 'host' ? sshFailure(member.place, end) : localFailure(member.name, end)

export type Fleet = {
  /** Those whose line was cut are called at once. */
  callNow: () => void
  close: () => void
}

/** Keeps a line to one gateway open, and opens it again, later and later, when it was cut. */
const supervise = (member: FleetCommands, onEvent: FleetOptions['onEvent']): Fleet => {
  const {name: host} = member
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
    line = openLine(member.watch, fleetEnv(member), onLine, end => {
      if (isClosed) return
      const {lasting, ...problem}: SshFailure = failureOf(member, end)
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

/** Watches several gateways: each on another machine by the gatecrab there, each of this one by a gatecrab of its own. */
export const watchFleet = (options: FleetOptions): Fleet => {
  const lines = options.gateways.map(member => supervise(member, options.onEvent))
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

/** Asks one gateway once. */
export const askGateway = (member: FleetCommands): Promise<StatusLine | Failure> =>
  new Promise(resolve => {
    const {name: host} = member
    const printed: string[] = []
    const line = openLine(
      member.check,
      fleetEnv(member),
      text => printed.push(text),
      end => {
        clearTimeout(timer)
        const {lasting: _, ...problem} = failureOf(member, end)
        resolve(readRemoteStatus(printed.join('\n')) ?? (printed.length > 0 && end.problem === null ? notOurs(host) : problem))
      },
    )
    const timer = setTimeout(() => {
      line.close()
      resolve({title: `${host} did not answer within ${timeoutMs / 1000} s`, from: 'gateway'})
    }, timeoutMs)
  })
