import {clean} from '../../domain/clean.ts'
import {hourMs} from '../../domain/durations.ts'
import type {Failure} from '../../domain/failure.ts'
import {runProcess} from '../../sources/run-process.ts'
import {toJson} from '../print/json.ts'
import {type ChangeJson, changeVariables} from './document.ts'

export type OnChange = {
  run: (change: ChangeJson) => void
  /** Resolves when all that was asked for has run. */
  drained: () => Promise<void>
  end: () => Promise<void>
}

type OnChangeOptions = {
  command: string
  onFailure: (failure: Failure) => void
  timeoutMs?: number
}

const defaultTimeoutMs = 30_000
const maxWaiting = 20
const repeatMs = hourMs
const maxBytes = 16 * 1024

const ownEnv = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined))

const lastLine = (text: string): string => clean(text.trim().split('\n').at(-1) ?? '', 200)

const failed = (because: string): Failure => ({
  title: 'The command of --on-change failed',
  because,
  tryThis:
    'Run it by hand with the variables of `gatecrab help on-change`; its failure is told again in an hour, or after a success.',
  from: 'you',
})

const dropped = (count: number): Failure => ({
  title: `${count === 1 ? 'A change was' : `${count} changes were`} not passed to --on-change`,
  because: `more than ${maxWaiting} waited for its command, which runs once at a time`,
  tryThis: 'Make the command faster; `gatecrab check` says how things stand.',
  from: 'you',
})

export const watchingText = 'Each change from now on runs the command of --on-change'

/** Runs the operator's command once for each change, one at a time and in order; a failure is told once. */
export const createOnChange = ({command, onFailure, timeoutMs = defaultTimeoutMs}: OnChangeOptions): OnChange => {
  const ending = new AbortController()
  const waiting: ChangeJson[] = []
  const complainedAt = new Map<'failed' | 'dropped', number>()
  let droppedCount = 0
  let working: Promise<void> | null = null

  const complain = (kind: 'failed' | 'dropped', failure: Failure): void => {
    const last = complainedAt.get(kind)
    if (last !== undefined && performance.now() - last < repeatMs) return
    complainedAt.set(kind, performance.now())
    onFailure(failure)
  }
  const runOne = async (change: ChangeJson): Promise<void> => {
    const began = performance.now()
    const missed = droppedCount
    droppedCount = 0
    const {code, stderr} = await runProcess(['/bin/sh', '-c', command], {
      stdin: `${toJson({...change, dropped: missed})}\n`,
      env: {...ownEnv(), ...changeVariables(change)},
      ...{timeoutMs, maxBytes, signal: ending.signal},
    })
    if (ending.signal.aborted) return
    if (code === 0) return void complainedAt.delete('failed')
    const line = lastLine(stderr)
    const isLate = performance.now() - began >= timeoutMs
    if (isLate) complain('failed', failed(`it took longer than ${timeoutMs / 1000} s, and was ended`))
    else if (code === null) complain('failed', failed('it was ended by a signal, or /bin/sh cannot be started'))
    else complain('failed', failed(`it ended with ${code}${line === '' ? '' : `: ${line}`}`))
  }
  const work = async (): Promise<void> => {
    for (let change = waiting.shift(); change && !ending.signal.aborted; change = waiting.shift()) await runOne(change)
    working = null
  }
  return {
    run: change => {
      if (ending.signal.aborted) return
      waiting.push(change)
      if (waiting.length > maxWaiting) {
        waiting.shift()
        droppedCount += 1
        complain('dropped', dropped(droppedCount))
      }
      working ??= work()
    },
    drained: async () => void (await working),
    end: async () => {
      ending.abort()
      await working
    },
  }
}
