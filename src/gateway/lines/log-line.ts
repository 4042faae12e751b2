import {
  type ConfigEvent,
  type GatewayEvent,
  type LifecycleEvent,
  type LineRef,
  type LogLine,
  levels,
  type PairingEvent,
} from '../../domain/attempts/event.ts'
import {clean, present} from '../../domain/clean.ts'
import {countFormless, countOdd, type LogTally, looksLikeConnection} from '../../domain/log-source.ts'
import {channelLine} from './channel.ts'
import {auditLine, connectionLine} from './connection.ts'
import {readConsoleLine} from './console.ts'
import {readJsonLine} from './json.ts'
import {providerLine} from './provider.ts'
import {type LogRecord, levelNamed, parseObject, withoutColour} from './record.ts'
import {secretsLine} from './secrets.ts'
import {isMoment} from './timestamp.ts'

type LifecycleLineEvent = LifecycleEvent | ConfigEvent | PairingEvent
type Row = readonly [RegExp, (found: RegExpExecArray) => LifecycleLineEvent]

const number = (digits: string | undefined): number | null => (digits === undefined ? null : Number(digits))

/** First match wins: what the subsystems `gateway`, `gateway/reload` and `gateway/shutdown` say of the gateway's own life. */
const rows: readonly Row[] = [
  [/^loading configuration/, () => ({kind: 'gateway-starting'})],
  [
    /^listening on ws:\/\/\S{1,100}?:(\d{1,5})(?:, .{0,400}?)? \(PID (\d+)\)/,
    ([, port, pid]) => ({kind: 'gateway-listening', port: number(port), pid: number(pid)}),
  ],
  [/^http server listening/, () => ({kind: 'gateway-listening', port: null, pid: null})],
  [/^(?:gateway )?ready$/, () => ({kind: 'gateway-ready'})],
  [/^received (SIG\w+); restarting/, ([, signal = null]) => ({kind: 'gateway-stopping', signal, restart: true})],
  [/^received (SIG\w+); shutting down/, ([, signal = null]) => ({kind: 'gateway-stopping', signal, restart: false})],
  [/^(?:(?:shutdown )?started: gateway |(?:admission )?closed: )/, () => ({kind: 'gateway-closing'})],
  [/^(?:shutdown )?completed (?:cleanly )?in \d+ms/, () => ({kind: 'gateway-stopped', clean: true})],
  [/^shutdown timed out/, () => ({kind: 'gateway-stopped', clean: false})],
  [
    /^restart mode: ([^(\n]*)(.*)$/,
    ([, how = '', more = '']) => ({
      kind: 'gateway-respawned',
      how: clean(how.trimEnd()),
      pid: number(/spawned pid (\d+)\)$/.exec(more.slice(-64))?.[1]),
    }),
  ],
  [/^config change detected; evaluating reload \((.*)\)/, ([, what = '']) => ({kind: 'config-changed', what: clean(what)})],
  [/^config hot reload applied \((.*)\)/, ([, what = '']) => ({kind: 'config-applied', what: clean(what)})],
  [/^config change requires gateway restart \((.*)\)/, ([, what = '']) => ({kind: 'config-needs-restart', what: clean(what)})],
  [/^config reload skipped \((.*?)\)(.*)/s, ([, why = '', more = '']) => ({kind: 'config-skipped', what: clean(why + more)})],
  [
    /^device pairing (auto-)?approved device=(\S+)(?: role=(\S+))?/,
    ([, auto, device = '', role]) => ({
      kind: 'device-paired',
      device: clean(device),
      role: present(role) ?? null,
      auto: auto !== undefined,
    }),
  ],
  [
    /^gateway: observed unattributable proxy-shaped traffic from ([^;\s]+)|^Proxy headers detected from untrusted address/,
    ([, remote]) => ({kind: 'proxy-suspected', remote: present(remote) ?? null}),
  ],
  [
    /^ws upgrade error from (\S+): (.*)/s,
    ([, remote, because = '']) => ({kind: 'upgrade-failed', remote: present(remote) ?? null, because: clean(because, 300)}),
  ],
]

const lifecycleLine = (text: string): LifecycleLineEvent | null => {
  for (const [pattern, create] of rows) {
    const found = pattern.exec(text)
    if (found) return create(found)
  }
  return null
}

/** Written by the process that could not start, into the running gateway's file. */
const startFailure = (text: string): LifecycleEvent | null => {
  const [, because] = /^Gateway failed to start: (.*)/s.exec(text) ?? []
  return because === undefined ? null : {kind: 'gateway-start-failed', because: clean(because, 300)}
}

const dockerFile = '{"log":"'
const journalJson = /^\{"_{0,2}[A-Z]/

/** Docker's own file of a console (json-file), and `journalctl -o json`, have each line inside one of theirs. */
const unwrapped = (raw: string): string => {
  if (!raw.startsWith('{"') || raw.startsWith('{"0"')) return raw
  const isDocker = raw.startsWith(dockerFile)
  if (!isDocker && !journalJson.test(raw)) return raw
  const inner = parseObject(raw)?.[isDocker ? 'log' : 'MESSAGE']
  return typeof inner === 'string' ? inner.replace(/\r?\n$/, '') : raw
}

const printed = new RegExp(
  `^(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:Z|[+-]\\d\\d:\\d\\d)) (${levels.join('|')}) (?:([a-z][\\w./-]{0,80}) )?(.*)$`,
  's',
)

/** A line as `openclaw logs` prints it: time, level, subsystem, text. */
const readPrintedLine = (line: string): LogRecord | null => {
  const [, time = '', level, subsystem = '', text = ''] = printed.exec(withoutColour(line)) ?? []
  if (level === undefined) return null
  return {at: Date.parse(time), level: levelNamed(level), subsystem, text, meta: null, writer: 'gateway'}
}

const eventIn = ({subsystem, text, meta, writer}: LogRecord): GatewayEvent | null => {
  if (subsystem === 'gateway/ws') return connectionLine(text, meta) ?? lifecycleLine(text)
  if (writer === 'cli' || subsystem === '') return startFailure(text)
  if (subsystem === 'gateway/secrets' || subsystem === 'secrets') return secretsLine(text)
  const ofChannel = channelLine(subsystem, text, meta)
  if (ofChannel) return ofChannel
  if (subsystem === 'gateway' || subsystem.startsWith('gateway/')) return auditLine(text) ?? lifecycleLine(text)
  return providerLine(subsystem, text, meta)
}

const maxTextLength = 4096

/** What is cut off is told of, for a line of a megabyte is news by itself. */
const shown = (text: string): string =>
  text.length > maxTextLength ? `${clean(text, maxTextLength)} [clipped: ${text.length} characters]` : clean(text)

/** A stack trace's lines have no time of their own: they belong to the line before. */
const createLogEvent = (raw: string, from: LineRef, lastAt: number): LogLine => ({
  at: lastAt,
  level: 'info',
  subsystem: '',
  text: shown(raw),
  writer: 'cli',
  from,
  event: startFailure(raw),
})

/** A terminal in a container, and a pipe of Windows, end a line with both; two of them behind each other with two returns. */
const withoutReturns = (raw: string): string => {
  let end = raw.length
  while (raw[end - 1] === '\r') end -= 1
  return raw.slice(0, end)
}

export const recordOf = (given: string, now: number): LogRecord | null => {
  const raw = withoutReturns(unwrapped(given))
  if (raw.startsWith('{')) return readJsonLine(raw)
  return (
    readConsoleLine(raw, now) ?? readPrintedLine(raw) ?? (raw.includes('{"') ? readJsonLine(raw.slice(raw.indexOf('{"'))) : null)
  )
}

/** A log whose lines end with a carriage return alone is one line to us, of which only the beginning would be read. */
const isManyLines = (raw: string): boolean => {
  const first = raw.indexOf('\r')
  const second = first < 0 ? -1 : raw.indexOf('\r', first + 2)
  return second >= 0 && second < raw.length - 1
}

/** A line of the gateway about a connection that tells nothing, since its words are not known. */
export const isOdd = ({text, writer}: Pick<LogLine, 'text' | 'writer'>, event: GatewayEvent | null): boolean =>
  event === null && writer === 'gateway' && looksLikeConnection(text)

/** Two records on one line, of which the first alone is read: inside a text of JSON no quote stands without its backslash. */
const isTwoRecords = (raw: string): boolean => raw.startsWith('{') && raw.includes('}{"')

export const countLine = (
  tally: LogTally,
  raw: string,
  found: LogRecord | null,
  event: GatewayEvent | null,
  line: number,
): void => {
  if (/^\s*$/.test(raw)) return
  tally.lines += 1
  if (isTwoRecords(raw)) countOdd(tally, line)
  else if (event && 'facts' in event) tally.connections += 1
  else if (found ? isOdd(found, event) : looksLikeConnection(raw, raw.length)) countOdd(tally, line)
  if (!found || isManyLines(raw)) countFormless(tally, line)
}

const parse = (given: string, from: LineRef, lastAt: number, now: number, tally?: LogTally): LogLine => {
  const raw = withoutReturns(unwrapped(given))
  const found = recordOf(raw, now)
  const event = found && eventIn(found)
  if (tally) countLine(tally, raw, found, event, from.line)
  if (!found) return createLogEvent(raw, from, lastAt)
  const {at, level, subsystem, text, writer} = found
  return {
    at: isMoment(at) ? at : lastAt,
    level,
    subsystem: clean(subsystem, 80),
    text: shown(text),
    writer,
    from,
    event,
  }
}

/** What is cut out of a text keeps all of it in memory. */
const minDetachedLength = 8192

/** Parses a raw line. No line is lost: one that is not understood becomes a note, and is counted where a tally is kept. */
export const readLogLine = (given: string, from: LineRef, lastAt: number, now: number, tally?: LogTally): LogLine => {
  const line = parse(given, from, lastAt, now, tally)
  return given.length < minDetachedLength ? line : {...structuredClone(line), from}
}
