import fs from 'node:fs'
import path from 'node:path'
import type {Problem} from '../domain/problem.ts'
import type {LogPlace} from '../gateway/paths.ts'

const isLog = (name: string): boolean => /\.(?:log|jsonl|ndjson)$/.test(name)

const inFolder = (folder: string, wanted: (name: string) => boolean): string[] => {
  try {
    return fs
      .readdirSync(folder)
      .filter(wanted)
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

const dayFiles = (folder: string, stem: string): string[] => {
  const name = new RegExp(`^${stem}-\\d{4}-\\d\\d-\\d\\d(?:\\.\\d)?\\.log$`)
  return inFolder(folder, found => name.test(found))
}

/** The files of a place that exist now, archives included, oldest first. */
export const filesOf = (place: LogPlace): string[] =>
  place.kind === 'file'
    ? [...archived(place.file), place.file].filter(file => fs.existsSync(file))
    : place.folders.flatMap(folder => dayFiles(folder, place.stem))

/** A file or a folder that the operator named. */
export const namedFiles = (file: string): string[] | Problem => {
  try {
    if (!fs.statSync(file).isDirectory()) {
      fs.accessSync(file, fs.constants.R_OK)
      return [file]
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    return {
      title: `Cannot read ${file}`,
      because: code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'this user may not read it' : String(code),
      tryThis: code === 'EACCES' ? "run gatecrab as the gateway's user" : 'check the path that --log names',
      from: 'you',
    }
  }
  const found = inFolder(file, isLog)
  return found.length > 0 ? found : {title: `No log in ${file}`, because: 'it holds no .log or .jsonl file', from: 'you'}
}
