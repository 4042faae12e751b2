import {randomBytes} from 'node:crypto'
import {appendFileSync} from 'node:fs'
import {hostname} from 'node:os'

export type LogMeta = Readonly<Record<string, unknown>>

/** One line as OpenClaw 2026.9.6 writes it: to the JSONL file, and shorter to the console. */
export type Line = {
  level: 'INFO' | 'WARN' | 'ERROR'
  subsystem: string
  text: string
  meta?: LogMeta
  /** The fields that follow `message`: a trace, a session. */
  tail?: LogMeta
  /** What the console prints where it is not the text and the meta. */
  spoken?: string
  /** Where in OpenClaw an error was written from: `FILE:LINE:COLUMN`. */
  origin?: string
}

export type DemoLog = {write: (line: Line, at?: number) => void}
export type MutableLog = DemoLog & {mute: (on: boolean) => void}

const levelIds = {INFO: 3, WARN: 4, ERROR: 5}
const dist = '/opt/openclaw/node_modules/openclaw/dist'

export const newTrace = (): LogMeta => ({
  traceId: randomBytes(16).toString('hex'),
  spanId: randomBytes(8).toString('hex'),
  traceFlags: '01',
})

const pad = (n: number): string => String(n).padStart(2, '0')

const localTime = (at: number): string => {
  const minutes = -new Date(at).getTimezoneOffset()
  const ahead = Math.abs(minutes)
  const local = new Date(at + minutes * 60_000).toISOString().slice(0, -1)
  return `${local}${minutes < 0 ? '-' : '+'}${pad(Math.floor(ahead / 60))}:${pad(ahead % 60)}`
}

const sourcePath = (origin: string): LogMeta => {
  const [file = '', line = '', column = ''] = origin.split(':')
  return {
    fullFilePath: `file://${dist}/${origin}`,
    fileName: file,
    fileNameWithLine: `${file}:${line}`,
    fileColumn: column,
    fileLine: line,
    filePath: `${dist}/${file}`,
    filePathWithLine: `${dist}/${file}:${line}`,
    method: 'logToFile',
  }
}

export const jsonLine = ({level, subsystem, text, meta, tail, origin}: Line, at: number): string => {
  const name = JSON.stringify({subsystem})
  return JSON.stringify({
    '0': name,
    ...(meta ? {'1': meta, '2': text} : {'1': text}),
    _meta: {
      runtime: 'node',
      runtimeVersion: process.versions.node,
      hostname: hostname(),
      date: new Date(at).toISOString(),
      logLevelId: levelIds[level],
      logLevelName: level,
      name,
      parentNames: ['openclaw'],
      ...(origin ? {path: sourcePath(origin)} : {}),
    },
    time: localTime(at),
    hostname: hostname(),
    message: text.slice(0, 4096),
    ...tail,
  })
}

const word = (value: unknown): string => (/\s/.test(String(value)) ? JSON.stringify(value) : String(value))

const pairs = (meta: LogMeta): string =>
  Object.entries(meta)
    .flatMap(([key, value]) => (value === undefined ? [] : [` ${key}=${word(value)}`]))
    .join('')

export const consoleLine = ({level, subsystem, text, meta, spoken}: Line, at: number): string => {
  const short = subsystem.replace(/^gateway\//, '')
  const message =
    text.startsWith(`${short} `) || text.startsWith(`${short}: `) ? text.slice(short.length).replace(/^:?\s+/, '') : text
  return `${localTime(at)} [${short}] ${spoken ?? message + (meta && level !== 'INFO' ? pairs(meta) : '')}`
}

/** As with the real one, what cannot be written is lost, and the gateway goes on. */
const append = (file: string, text: string): void => {
  try {
    appendFileSync(file, `${text}\n`, {mode: 0o600})
  } catch {}
}

export const openLog = (file: string, consoleFile: string, clock: () => number): MutableLog => {
  let muted = false
  return {
    write: (line, at = clock()) => {
      if (muted) return
      append(file, jsonLine(line, at))
      append(consoleFile, consoleLine(line, at))
    },
    mute: on => {
      muted = on
    },
  }
}
