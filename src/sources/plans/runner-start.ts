import os from 'node:os'
import type {Writable} from 'node:stream'
import {setTimeout as pause} from 'node:timers/promises'
import type {Failure} from '../../domain/failure.ts'
import type {Entry} from '../../domain/plans/journal.ts'
import {type Plan, withId} from '../../domain/plans/plan.ts'
import type {Secret} from '../../domain/secret.ts'
import {errorWords, isMachineError} from '../error-words.ts'
import {type RunningProcess, startProcess} from '../run-process.ts'
import {fileErrorCode} from '../token/file.ts'
import {dropEmptyJournal, followEntries, reserveJournal} from './journals.ts'
import {makePlaces, nextPlanId, type StatePlaces} from './journals-folder.ts'

export type StartedPlan = {
  /** As it runs, with the id that it got. */
  plan: Plan
  follow: (onEntry: (entry: Entry) => void, signal?: AbortSignal) => Promise<'ended' | 'lost' | 'left'>
  /** Its process is gone, and why, in case it had not begun. A terminal that it had is ours only then: Node leaves one, when it ends, as it found it. */
  gone: Promise<string | null>
}

/** A process that could not begin its plan ends with the number of the error. */
export const exitOfError = (error: unknown): number =>
  os.constants.errno[fileErrorCode(error) as keyof typeof os.constants.errno] ?? 1

const beginFailure = (code: number | null, signal: NodeJS.Signals | null): string | null => {
  if (signal !== null) return `its process was ended by ${signal}`
  const name = Object.entries(os.constants.errno).find(([, number]) => number === code)?.[0]
  const error = Object.assign(new Error(name), {code: name})
  return isMachineError(error) ? errorWords(error) : code === 0 ? null : `its process ended with ${code}`
}

/** This program once more, however it was started. */
const ourselves = (): readonly string[] => [process.execPath, ...process.execArgv, process.argv[1] ?? '']

const cannotStart = (because: string): Failure => ({
  title: 'The plan could not be started',
  because,
  tryThis: 'nothing was changed',
  from: 'us',
})

const unwritable = (places: StatePlaces, error: unknown): Failure => ({
  title: `${places.root} cannot be written`,
  because: errorWords(error),
  tryThis:
    'nothing was changed; a plan runs only where its journal can be kept: make room, or name another folder with GATECRAB_STATE_DIR',
  from: 'you',
})

const maxTries = 1000
const maxLooks = 500

/** The plan with an id that no other plan has, and the journal of that name: two plans may be made in the same millisecond. */
const reserved = (plan: Plan, places: StatePlaces): Plan | Failure => {
  let {id} = plan
  try {
    makePlaces(places)
    for (let tries = 0; ; tries += 1) {
      try {
        reserveJournal(places, id)
        return withId(plan, id)
      } catch (error) {
        if (fileErrorCode(error) !== 'EEXIST' || tries > maxTries) throw error
        id = nextPlanId(id)
      }
    }
  } catch (error) {
    return unwritable(places, error)
  }
}

/** What a runner gets beside its plan: a secret of the person, and the terminal where a command of the plan speaks with them. */
export type RunnerInputs = {secret?: Secret | null; terminal?: {out: 'inherit' | 2} | null}

const planPipe = 3

/** The plan is the first line, a secret the second. */
const sendPlan = (pipe: Writable | null | undefined, plan: Plan, secret: Secret | null): void => {
  pipe?.on('error', () => {})
  pipe?.end(`${JSON.stringify(plan)}\n${secret === null ? '' : JSON.stringify(secret.reveal())}`)
}

/** Where it has the terminal it stays in our session, and gets its plan on a pipe of its own. */
const spawnRunner = (argv: readonly string[], places: StatePlaces, terminal: RunnerInputs['terminal']): RunningProcess => {
  if (!terminal)
    return startProcess([...argv, 'run-plan'], {detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: places.root})
  return startProcess([...argv, 'run-plan', '--terminal'], {
    stdio: ['inherit', terminal.out, 'inherit', 'pipe'],
    cwd: places.root,
  })
}

/**
 * Starts a plan in a process and a session of its own, so that it outlives the screen, the terminal and the connection. It gets the plan
 * on its standard input and has no other tie to us: what it does is in its journal.
 */
export const startPlan = (
  plan: Plan,
  places: StatePlaces,
  {secret = null, terminal = null}: RunnerInputs = {},
  argv: readonly string[] = ourselves(),
): Promise<StartedPlan | Failure> => {
  const own = reserved(plan, places)
  if ('from' in own) return Promise.resolve(own)
  return new Promise(resolve => {
    const child = spawnRunner(argv, places, terminal)
    let running = true
    const gone = new Promise<string | null>(ended => {
      child.once('exit', (code, signal) => {
        running = false
        dropEmptyJournal(places, own.id)
        ended(beginFailure(code, signal))
      })
    })
    child.once('error', error => {
      dropEmptyJournal(places, own.id)
      resolve(cannotStart(errorWords(error)))
    })
    child.once('spawn', () => {
      sendPlan(child.stdio[terminal ? planPipe : 0] as Writable | null, own, secret)
      if (!terminal) child.unref()
      resolve({
        plan: own,
        follow: async (onEntry, signal) => {
          const how = await followEntries(places, own.id, onEntry, {isWritten: () => running, ...(signal ? {signal} : {})})
          // After its own end it still writes that of the plan it continued, and gives up its lock: the next command wants both.
          for (let tries = 0; how === 'ended' && running && tries < maxLooks && !signal?.aborted; tries += 1) await pause(10)
          return how
        },
        gone,
      })
    })
  })
}
