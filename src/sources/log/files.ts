import fs from 'node:fs'
import path from 'node:path'
import type {Failure} from '../../domain/failure.ts'
import {shellWord} from '../../domain/shell.ts'
import type {LogPlace} from '../../gateway/paths.ts'
import {whyUnreadable} from '../error-words.ts'
import {refusalOf} from './folder.ts'
import {errorCodeOf} from './follow-events.ts'
import {isNamedPipe} from './pipe.ts'

const isLog = (name: string): boolean => /\.(?:log|jsonl|ndjson)(?:\.\d+)?$/.test(name)

const inFolder = (folder: string, isIncluded: (name: string) => boolean): string[] => {
  try {
    return fs
      .readdirSync(folder)
      .filter(isIncluded)
      .map(name => path.join(folder, name))
      .toSorted()
  } catch {
    return []
  }
}

const archived = (file: string): string[] => {
  const {dir, name, ext} = path.parse(file)
  const own = [1, 2, 3, 4, 5].flatMap(n => [path.join(dir, `${name}.${n}${ext}`), path.join(dir, `${name}${ext}.${n}`)])
  return own.filter(older => fs.existsSync(older)).reverse()
}

/** `.5` is older than `.1`, and the plain name is the newest. */
const byAge = (a: string, b: string): number => {
  const [dayA = '', archiveA = '0'] = a.split(/(?:\.(\d))?\.log$/)
  const [dayB = '', archiveB = '0'] = b.split(/(?:\.(\d))?\.log$/)
  return dayA < dayB ? -1 : dayA > dayB ? 1 : Number(archiveB) - Number(archiveA)
}

const dayFiles = (folder: string, stem: string): string[] => {
  const name = new RegExp(`^${stem}-\\d{4}-\\d\\d-\\d\\d(?:\\.\\d)?\\.log$`)
  return inFolder(folder, found => name.test(found)).toSorted(byAge)
}

/** The files of a place that exist now, archives included, oldest first. */
export const filesOf = (place: LogPlace): string[] =>
  place.kind === 'file'
    ? [...archived(place.file), place.file].filter(file => fs.existsSync(file))
    : place.folders.filter(folder => refusalOf(folder, place.owners) === null).flatMap(folder => dayFiles(folder, place.stem))

const because: {readonly [code: string]: string} = {
  ENOENT: 'there is no such file',
}

const unreadable = (file: string, error: unknown): Failure => {
  const code = errorCodeOf(error)
  const refused = whyUnreadable(code)
  return {
    title: `Cannot read ${file}`,
    because: refused?.because ?? because[code] ?? code,
    tryThis: refused?.tryThis ?? 'check its path',
    from: 'gateway',
  }
}

/** How a packed file begins, and what unpacks it. */
const packers: readonly (readonly [begin: string, unpack: string])[] = [
  ['1f8b', 'gunzip -c'],
  ['28b52ffd', 'zstdcat'],
  ['fd377a585a00', 'xzcat'],
  ['425a68', 'bzcat'],
]

const firstBytes = (file: string): string => {
  const fd = fs.openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(6)
    return bytes.toString('hex', 0, fs.readSync(fd, bytes, 0, bytes.length, 0))
  } finally {
    fs.closeSync(fd)
  }
}

const packed = (file: string): Failure | null => {
  const begin = firstBytes(file)
  const [, unpack] = packers.find(([packer]) => begin.startsWith(packer)) ?? []
  return unpack === undefined
    ? null
    : {
        title: `Cannot read ${file}`,
        because: 'it is packed',
        tryThis: `\`${unpack} ${shellWord(file)} | gatecrab … --log -\``,
        from: 'gateway',
      }
}

const namedPipe = (file: string): Failure => ({
  title: `Cannot read ${file}`,
  because: 'it is a named pipe, and to open it is to wait for its writer',
  tryThis: `\`gatecrab … --log - <${shellWord(file)}\``,
  from: 'gateway',
})

/** Why a file cannot be read as a log, if so. The pipe of a shell is left alone, for what is read of it is gone. */
export const whyNotRead = (file: string): Failure | null => {
  try {
    const stats = fs.statSync(file)
    if (isNamedPipe(file, stats)) return namedPipe(file)
    return stats.isFile() ? packed(file) : null
  } catch (error) {
    return unreadable(file, error)
  }
}

const isFolder = (file: string): boolean => fs.statSync(file, {throwIfNoEntry: false})?.isDirectory() === true

/** A file or a folder that the operator named. */
export const namedFiles = (file: string): string[] | Failure => {
  try {
    if (!fs.statSync(file).isDirectory()) return [file]
    fs.accessSync(file, fs.constants.R_OK)
  } catch (error) {
    return unreadable(file, error)
  }
  const found = inFolder(file, isLog).filter(one => !isFolder(one))
  return found.length > 0 ? found : {title: `No log in ${file}`, because: 'it holds no .log or .jsonl file', from: 'gateway'}
}

/** Archives of these logs that were packed after they were rotated. They are not read, but must not pass for what never was. */
export const packedArchives = (files: readonly string[]): string[] => {
  const packedName = /^(.+?)(?:[.-]\d[\d-]*)?(?:\.(?:log|jsonl|ndjson))?\.(?:gz|zst|xz|bz2)$/
  const own = new Set(
    files.map(file => path.join(path.dirname(file), path.basename(file).replace(/\.(?:log|jsonl|ndjson)$/, ''))),
  )
  const folders = [...new Set(files.map(file => path.dirname(file)))]
  return folders.flatMap(folder =>
    inFolder(folder, name => {
      const base = packedName.exec(name)?.[1]?.replace(/\.(?:log|jsonl|ndjson)$/, '')
      return base !== undefined && own.has(path.join(folder, base))
    }),
  )
}
