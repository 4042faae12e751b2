import fs from 'node:fs'

/** So that a new name survives a power cut. Some file systems cannot do this, and the file itself is on the disk by then. */
export const syncFolder = (folder: string): void => {
  let fd: number | null = null
  try {
    fd = fs.openSync(folder, 'r')
    fs.fsyncSync(fd)
  } catch {
  } finally {
    if (fd !== null) fs.closeSync(fd)
  }
}

/** What a file holds; a named pipe holds nothing, and would keep whoever opens it waiting for its writer. */
export const readBytes = (file: string): Buffer => {
  const fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
  try {
    if (fs.fstatSync(fd).isFIFO()) throw Object.assign(new Error('a named pipe is no file'), {code: 'EINVAL'})
    return fs.readFileSync(fd)
  } finally {
    fs.closeSync(fd)
  }
}

export const readText = (file: string): string => readBytes(file).toString('utf8')

/** Null where it cannot be read, for whatever reason. */
export const textIfReadable = (file: string): string | null => {
  try {
    return readText(file)
  } catch {
    return null
  }
}

/** When a file was written last; 0 where there is none. */
export const changedAt = (file: string): number => fs.statSync(file, {throwIfNoEntry: false})?.mtimeMs ?? 0

/** What is another when a file was changed, replaced, removed, or may no longer be looked at. */
export const stampOf = (file: string): string => {
  try {
    const {ino, size, mtimeMs} = fs.statSync(file)
    return `${ino}:${size}:${mtimeMs}`
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code)
  }
}
