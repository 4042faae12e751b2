import fs from 'node:fs'

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
