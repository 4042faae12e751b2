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
