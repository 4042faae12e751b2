import {minuteMs} from '../domain/durations.ts'
import type {Tiding} from '../domain/fleet.ts'
import type {Problem} from '../domain/problem.ts'
import {readWord, type Said} from '../gateway/distant-word.ts'
import {sshArguments, sshTrouble, type Trouble} from '../gateway/ssh-said.ts'
import {openLine, type SshLine} from './ssh-line.ts'

export type FleetOptions = {
  hosts: readonly string[]
  /** The command that is gatecrab there. */
  gatecrab: string
  onTiding: (tiding: Tiding) => void
}

const beat = ['check', '--watch', '--every', '15s'] as const
const firstPauseMs = 1000
const mostPauseMs = minuteMs
const lastingPauseMs = 300_000
const steadyMs = minuteMs

const pauseAfter = (failures: number, isLasting: boolean): number => {
  const base = isLasting ? lastingPauseMs : Math.min(firstPauseMs * 2 ** failures, mostPauseMs)
  return Math.round(base * (0.8 + Math.random() * 0.4))
}

const notOurs = (host: string): Problem => ({
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
const keepLine = (host: string, {gatecrab, onTiding}: FleetOptions): Fleet => {
  let line: SshLine | null = null
  let timer: NodeJS.Timeout | undefined
  let failures = 0
  let isClosed = false
  let isWaiting = false
  const lost = (problem: Problem, retryAt: number | null): void =>
    onTiding({kind: 'lost', host, problem, retryAt, at: Date.now()})
  const heard = (raw: string): void => {
    if (isClosed || raw.trim() === '') return
    const said = readWord(raw)
    if (said) onTiding({kind: 'said', host, word: said.word, event: said.event, at: Date.now()})
    else lost(notOurs(host), null)
  }
  const open = (): void => {
    isWaiting = false
    const began = Date.now()
    line = openLine(sshArguments(host, gatecrab, beat), heard, end => {
      if (isClosed) return
      const {lasting, ...problem}: Trouble = sshTrouble(host, end)
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
  const lines = options.hosts.map(host => keepLine(host, options))
  return {
    callNow: () => {
      for (const line of lines) line.callNow()
    },
    close: () => {
      for (const line of lines) line.close()
    },
  }
}

const patienceMs = 30_000

/** Asks one machine once. */
export const askHost = (host: string, gatecrab: string): Promise<Said | Problem> =>
  new Promise(resolve => {
    const printed: string[] = []
    const line = openLine(
      sshArguments(host, gatecrab, ['check', '--json']),
      text => printed.push(text),
      end => {
        clearTimeout(timer)
        const {lasting: _, ...problem} = sshTrouble(host, end)
        resolve(readWord(printed.join('\n')) ?? (printed.length > 0 && end.problem === null ? notOurs(host) : problem))
      },
    )
    const timer = setTimeout(() => {
      line.close()
      resolve({title: `${host} did not answer within ${patienceMs / 1000} s`, from: 'gateway'})
    }, patienceMs)
  })
