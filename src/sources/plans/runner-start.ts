import {type ChildProcess, spawn} from 'node:child_process'
import type {Writable} from 'node:stream'
import type {Entry} from '../../domain/plans/journal.ts'
import type {Plan} from '../../domain/plans/plan.ts'
import type {Problem} from '../../domain/problem.ts'
import type {Secret} from '../../domain/secret.ts'
import {followEntries} from './journals.ts'
import {makePlaces, type StatePlaces} from './journals-place.ts'

export type Started = {
  pid: number
  follow: (onEntry: (entry: Entry) => void, signal?: AbortSignal) => Promise<'ended' | 'lost' | 'left'>
  /** Its process is gone. A terminal that it had is ours only then: Node leaves one, when it ends, as it found it. */
  gone: Promise<void>
}

/** This program once more, however it was started. */
const ourselves = (): readonly string[] => [process.execPath, ...process.execArgv, process.argv[1] ?? '']

const cannotStart = (because: string): Problem => ({
  title: 'The plan could not be started',
  because,
  tryThis: 'nothing was changed',
  from: 'us',
})

const isWritable = (places: StatePlaces): Problem | null => {
  try {
    makePlaces(places)
    return null
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error)
    return {
      title: `${places.root} cannot be written`,
      because: code === 'ENOSPC' ? 'the disk is full' : code,
      tryThis: 'a plan runs only where its journal can be kept; GATECRAB_STATE_DIR names another folder',
      from: 'you',
    }
  }
}

/** What a runner gets beside its plan: a secret of the person, and the terminal where a command of the plan speaks with them. */
export type Handed = {secret?: Secret | null; terminal?: {out: 'inherit' | 2} | null}

const planPipe = 3

/** The plan is the first line, a secret the second. */
const handOver = (pipe: Writable | null | undefined, plan: Plan, secret: Secret | null): void => {
  pipe?.on('error', () => {})
  pipe?.end(`${JSON.stringify(plan)}\n${secret === null ? '' : JSON.stringify(secret.reveal())}`)
}

/** Where it has the terminal it stays in our session, and gets its plan on a pipe of its own. */
const launched = (argv: readonly string[], places: StatePlaces, terminal: Handed['terminal']): ChildProcess => {
  const [program = '', ...args] = argv
  if (!terminal)
    return spawn(program, [...args, 'run-plan'], {detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: places.root})
  return spawn(program, [...args, 'run-plan', '--terminal'], {
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
  {secret = null, terminal = null}: Handed = {},
  argv: readonly string[] = ourselves(),
): Promise<Started | Problem> => {
  const problem = isWritable(places)
  if (problem) return Promise.resolve(problem)
  return new Promise(resolve => {
    const child = launched(argv, places, terminal)
    let running = true
    const gone = new Promise<void>(ended => {
      child.once('exit', () => {
        running = false
        ended()
      })
    })
    child.once('error', error => resolve(cannotStart(error.message)))
    child.once('spawn', () => {
      handOver(child.stdio[terminal ? planPipe : 0] as Writable | null, plan, secret)
      if (!terminal) child.unref()
      resolve({
        pid: child.pid ?? 0,
        follow: (onEntry, signal) =>
          followEntries(places, plan.id, onEntry, {isWritten: () => running, ...(signal ? {signal} : {})}),
        gone,
      })
    })
  })
}
