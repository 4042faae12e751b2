import {Readable} from 'node:stream'
import {setTimeout as pause} from 'node:timers/promises'
import type {GatewayContainer} from '../../domain/container.ts'
import {logsArgv, refusalIn} from '../../gateway/container/engine-command.ts'
import {createBookmark, readStamped, type StampedLine} from '../../gateway/container/stamped-line.ts'
import type {HostEnv} from '../../gateway/paths.ts'
import {openProcess} from '../run-process.ts'
import {containerNow, type RunningContainer} from './container-now.ts'
import {childEnv} from './engine.ts'

/** Why the log of a container is not read, and what helps. */
export type LogFailure = {because: string; tryThis: string}

export type ContainerLogState = {kind: 'reading'} | {kind: 'missing'; because: string} | ({kind: 'unreadable'} & LogFailure)

/** How a container's log is called where a file would be named. */
export const containerLogName = ({engine, name}: Pick<GatewayContainer, 'engine' | 'name'>): string =>
  `${engine.command} logs ${name}`

const maxLineBytes = 1 << 20

/** Whole lines, as many at a time as came. */
async function* linesOf(output: Readable): AsyncGenerator<string[]> {
  let rest = ''
  output.setEncoding('utf8')
  for await (const chunk of output) {
    const lines = (rest + chunk).split('\n')
    rest = (lines.pop() ?? '').slice(0, maxLineBytes)
    yield lines
  }
  if (rest !== '') yield [rest]
}

const failureOf = ({engine, name}: GatewayContainer, message: string): LogFailure => {
  const refusal = refusalIn(engine.command, message)
  if (refusal) return refusal
  const because = message.replace(/^Error(?: response from daemon)?: /, '').trim()
  return {
    because: because === '' ? `\`${engine.command} logs ${name}\` failed` : because,
    tryThis: /logging driver|does not support reading/.test(message)
      ? 'Give the container a logging driver that can be read (json-file or local), or name the file of its log with --log.'
      : `Look at what \`${engine.command} logs ${name}\` says.`,
  }
}

const maxReported = 500

type Reading = {container: GatewayContainer; hostEnv: HostEnv; signal: AbortSignal}
type Wish = {since: string | null; until?: string | null; follow: boolean; maxLines?: number | null}

/** One run of the engine's command: its lines, then null or why it failed. */
async function* oneRun({container, hostEnv, signal}: Reading, wish: Wish): AsyncGenerator<StampedLine[], LogFailure | null> {
  const {output, ended, stop} = openProcess(logsArgv(container, wish), childEnv(hostEnv))
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  let message = ''
  try {
    for await (const lines of linesOf(output)) {
      const stamped = lines.map(readStamped)
      const others = lines.filter((line, i) => stamped[i] === null && line.trim() !== '')
      if (others.length > 0) message = `${message}${others.join(' ')}`.slice(-maxReported)
      const stampedLines = stamped.filter(line => line !== null)
      if (stampedLines.length > 0) yield stampedLines
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
  const {code, problem} = await ended
  return signal.aborted || (code === 0 && problem === null) ? null : failureOf(container, problem ?? message)
}

const inText = (lines: readonly StampedLine[]): string => lines.map(({text}) => `${text}\n`).join('')

export type OnceRead = {stream: Readable; failure: () => LogFailure | null}

/** What one look has patience for: some hundred megabytes. */
const maxLinesOnce = 500_000

const isoOrNull = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

type LogSpan = {since: number | null; until?: number | null; signal?: AbortSignal}

/** A part of a container's log, once. */
export const readContainerLog = (container: GatewayContainer, span: LogSpan, hostEnv: HostEnv): OnceRead => {
  let failure: LogFailure | null = null
  const {since, until = null, signal = new AbortController().signal} = span
  const wish = {since: isoOrNull(since), until: isoOrNull(until), follow: false, maxLines: maxLinesOnce}
  const texts = async function* (): AsyncGenerator<string> {
    const run = oneRun({container, hostEnv, signal}, wish)
    let next = await run.next()
    for (; !next.done; next = await run.next()) yield inText(next.value)
    failure = next.value
  }
  return {stream: Readable.from(texts(), {objectMode: true}), failure: () => failure}
}

const firstPauseMs = 250
const maxPauseMs = 2000

export type ContainerLogOptions = {
  since: number | null
  hostEnv: HostEnv
  signal: AbortSignal
  onState: (state: ContainerLogState) => void
}

/** Each state once, until another comes. */
const onceEach = (tell: (state: ContainerLogState) => void) => {
  let last = ''
  return (state: ContainerLogState): void => {
    const key = JSON.stringify(state)
    if (key !== last) tell(state)
    last = key
  }
}

/** The log of a container as a stream that outlives restarts and the container itself: no line is lost, none comes twice. */
export const followContainerLog = (container: GatewayContainer, options: ContainerLogOptions): Readable => {
  const {since, hostEnv, signal} = options
  const tell = onceEach(options.onState)
  const bookmark = createBookmark()
  let from = isoOrNull(since)
  let current: RunningContainer | null = null

  const isEnded = (now: RunningContainer): boolean =>
    current?.id === now.id && current.startedAt === now.startedAt && !current.isRunning && !now.isRunning

  async function* readRun(now: RunningContainer): AsyncGenerator<string, boolean> {
    if (current !== null && current.id !== now.id) {
      bookmark.clear()
      from = null
    }
    current = now
    const wish = {since: bookmark.resume() ?? from, follow: true}
    const run = oneRun({container: {...container, name: now.name}, hostEnv, signal}, wish)
    let isRead = false
    let next = await run.next()
    for (; !next.done; next = await run.next()) {
      isRead = true
      tell({kind: 'reading'})
      const lines = next.value.filter(bookmark.isNew)
      if (lines.length > 0) yield inText(lines)
    }
    if (next.value) tell({kind: 'unreadable', ...next.value})
    else if (!signal.aborted) tell({kind: 'reading'})
    return isRead
  }

  const texts = async function* (): AsyncGenerator<string> {
    let pauseMs = firstPauseMs
    while (!signal.aborted) {
      const now = await containerNow(container, hostEnv)
      if (signal.aborted) return
      if (now === null) tell({kind: 'missing', because: `there is no container ${container.name}; waiting for it`})
      else if ('because' in now) tell({kind: 'unreadable', because: now.because, tryThis: now.tryThis})
      else if (!isEnded(now) && (yield* readRun(now))) pauseMs = firstPauseMs
      await pause(pauseMs, undefined, {signal}).catch(() => {})
      pauseMs = Math.min(maxPauseMs, 2 * pauseMs)
    }
  }
  return Readable.from(texts(), {objectMode: true})
}
