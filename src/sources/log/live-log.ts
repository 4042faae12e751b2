import type {LogLine} from '../../domain/attempts/event.ts'
import type {GatewayContainer} from '../../domain/container.ts'
import {type LogSource, type LogTally, type Misread, misreadOf, type Tallies, tallyIn} from '../../domain/log-source.ts'
import {truncated} from '../../domain/timeline/timeline.ts'
import {readLogLine, recordOf} from '../../gateway/lines/log-line.ts'
import type {HostEnv, LogPlace} from '../../gateway/paths.ts'
import {type ContainerLogState, containerLogName, followContainerLog} from '../container/container-log.ts'
import {whyUnreadable} from '../error-words.ts'
import {followConsole} from './console-follower.ts'
import {followDays} from './day-follower.ts'
import {type Follower, type FollowState, followFile, type RawLine, type StartFrom} from './follower.ts'
import {pipedLines} from './piped-lines.ts'
import {followSystemdJournal} from './systemd-journal.ts'

export type LiveLogOptions = {
  places: readonly LogPlace[]
  /** Written by the service manager; what the log says already is not shown twice. */
  consoles: readonly string[]
  systemdUnit: string | null
  piped: NodeJS.ReadStream | null
  /** Its console is the gateway's log, from a moment on. */
  container?: {container: GatewayContainer; since: number; hostEnv: HostEnv} | null
  from: StartFrom
  onLines: (lines: LogLine[]) => void
  onSources: (sources: LogSource[]) => void
  onEnd?: () => void
}

export type LiveLog = {
  close: () => void
  caughtUp: () => Promise<void>
  /** Where the reading of each file began: what lies before it is history. */
  starts: ReadonlyMap<string, number>
}

const reasons: Record<string, string> = {
  EISDIR: 'it is a folder that holds no .log or .jsonl file',
  EMFILE: 'too many files are open on this host',
  EINVAL: 'it is a named pipe or a device; a pipe is read by --log - <FILE',
}

const refusedBy = (code: string): string | null => {
  const refused = whyUnreadable(code)
  return refused && `${refused.because}; ${refused.tryThis}`
}

const placeName = (place: LogPlace): string =>
  place.kind === 'file' ? place.file : `${place.folders[0] ?? ''}/${place.stem}-DATE.log`

/** Keeps the list of sources, and the state of each. */
const sourceList = (tell: (sources: LogSource[]) => void) => {
  const sources = new Map<string, LogSource>()
  const set = (name: string, state: LogSource['state'], because: string | null = null, tryThis?: string) => {
    const {lastLineAt = null, misread = null} = sources.get(name) ?? {}
    sources.set(name, {name, state, because, lastLineAt, misread, ...(tryThis === undefined ? {} : {tryThis})})
    tell([...sources.values()])
  }
  const wasRead = (name: string): boolean => sources.get(name)?.state === 'reading'
  const update = (state: FollowState) => {
    switch (state.kind) {
      case 'reading':
      case 'recovered':
        return set(state.file, 'reading')
      case 'left-out':
        return set(state.file, 'left-out', state.because)
      case 'missing':
        return set(state.file, 'missing', wasRead(state.file) ? 'is gone; waiting for it' : 'does not exist yet; waiting for it')
      case 'unreadable':
        return set(state.file, 'unreadable', refusedBy(state.code) ?? reasons[state.code] ?? state.code)
      default:
        return undefined
    }
  }
  const misread = (name: string, found: Misread | null) => {
    const source = sources.get(name)
    if (!source) return
    sources.set(name, {...source, misread: found})
    tell([...sources.values()])
  }
  const remove = (name: string) => {
    if (sources.delete(name)) tell([...sources.values()])
  }
  return {set, heard: update, misread, forget: remove}
}

/** Lines come one by one, and to say the number of each time would draw the screen again for nothing. */
const isNews = (now: Misread | null, before: Misread | null): boolean =>
  now === null || before === null
    ? now !== before
    : now.isMajority !== before.isMajority || Math.floor(Math.log2(now.count)) > Math.floor(Math.log2(before.count))

/** A log may begin with a few lines of another form. */
const minLines = 5

/** Said where the line would stand that nobody can read any more. */
const truncationLine = ({file, copies}: Extract<FollowState, {kind: 'truncated'}>, at: number): LogLine => {
  const event = {kind: 'log-truncated' as const, copies}
  return {at, level: 'warn', subsystem: 'gatecrab', text: truncated(event), writer: 'cli', from: {file, line: 1}, event}
}

export const followLogs = (options: LiveLogOptions): LiveLog => {
  const starts = new Map<string, number>()
  const lastAt = new Map<string, number>()
  const sources = sourceList(options.onSources)
  /** Lines too long to be kept whole, by where they stand, until they come. */
  const clipped = new Map<string, number>()

  const parseLine = ({file, line, raw}: RawLine, tally?: LogTally): LogLine => {
    const found = readLogLine(raw, {file, line}, lastAt.get(file) ?? Date.now(), Date.now(), tally)
    lastAt.set(file, found.at)
    const bytes = clipped.get(`${file}:${line}`)
    if (bytes === undefined) return found
    clipped.delete(`${file}:${line}`)
    return {...found, text: `${found.text} [of ${bytes} bytes]`}
  }
  const tallies: Tallies = new Map()
  const onLines = (lines: RawLine[]) => {
    const tally = tallyIn(tallies, lines[0]?.file ?? '')
    const before = misreadOf(tally, minLines)
    options.onLines(lines.map(line => parseLine(line, tally)))
    const misread = misreadOf(tally, minLines)
    if (isNews(misread, before)) sources.misread(tally.file, misread)
  }
  const onState = (state: FollowState) => {
    if (state.kind === 'truncated') options.onLines([truncationLine(state, Date.now())])
    if (state.kind === 'clipped') clipped.set(`${state.file}:${state.line}`, state.bytes)
    if (state.kind === 'reading' && !starts.has(state.file)) starts.set(state.file, state.offset)
    sources.heard(state)
  }

  const followPlace = (place: LogPlace): Follower[] => {
    if (place.kind === 'file') return [followFile(place.file, {from: options.from, onLines, onState})]
    sources.set(placeName(place), 'missing', 'does not exist yet; waiting for it, or name one by --log')
    const found = (folder: string) => (state: FollowState) => {
      if (state.kind === 'reading') sources.forget(placeName(place))
      // A folder that is trusted again is no log: its files speak for themselves.
      if (state.kind === 'recovered' && state.file === folder) return sources.forget(folder)
      if (state.kind !== 'missing') onState(state)
    }
    return place.folders.map(folder =>
      followDays({
        ...{folder, name: {prefix: `${place.stem}-`, suffix: '.log'}, owners: place.owners},
        ...{from: options.from, onLines, onState: found(folder)},
      }),
    )
  }

  const followConsoleOf = ({container, since, hostEnv}: NonNullable<LiveLogOptions['container']>): {close: () => void} => {
    const file = containerLogName(container)
    const ending = new AbortController()
    const tell = (state: ContainerLogState) =>
      state.kind === 'reading'
        ? sources.set(file, 'reading')
        : sources.set(file, state.kind, state.because, 'tryThis' in state ? state.tryThis : undefined)
    sources.set(file, 'reading')
    const stream = followContainerLog(container, {since, hostEnv, signal: ending.signal, onState: tell})
    const lines = pipedLines(stream, {file, onLines, onState, onEnd: () => {}})
    const close = () => {
      ending.abort()
      lines.close()
    }
    return {close}
  }

  const isRepeat = ({raw}: RawLine): boolean => options.places.length > 0 && recordOf(raw, Date.now()) !== null
  /** What stands there beside the log may be anything, and is no line that is not understood. */
  const onNews = (lines: RawLine[]) => options.onLines(lines.filter(line => !isRepeat(line)).map(line => parseLine(line)))
  const consoles = options.consoles.map(file =>
    followConsole(file, {
      from: options.from,
      onLines: onNews,
      onState: state => state.kind !== 'missing' && onState(state),
    }),
  )
  const systemdJournal =
    options.systemdUnit === null ? null : followSystemdJournal(options.systemdUnit, {onLines: onNews, onState: () => {}})
  const followers = [...options.places.flatMap(followPlace), ...consoles]
  const pipe =
    options.piped &&
    pipedLines(options.piped, {
      file: 'standard input',
      onLines,
      onState,
      onEnd: () => {
        sources.set('standard input', 'ended')
        options.onEnd?.()
      },
    })
  if (options.piped) sources.set('standard input', 'reading')
  const inside = options.container ? followConsoleOf(options.container) : null

  return {
    starts,
    close: () => {
      for (const follower of followers) follower.close()
      pipe?.close()
      inside?.close()
      systemdJournal?.close()
    },
    caughtUp: async () => {
      await Promise.all(followers.map(follower => follower.caughtUp()))
    },
  }
}
