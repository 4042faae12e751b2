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
