import fs from 'node:fs'
import os from 'node:os'
import type {Failure} from '../domain/failure.ts'
import {errorWords, isMachineError} from '../sources/error-words.ts'

/** What the smallest command needs at once: files, a connection, the pipes of a child. */
const needed = 16

/** Opens and closes as many files as a command needs: with fewer, whatever it reads looks broken in its own way. */
export const descriptorProblem = (): Failure | null => {
  const openDescriptors: number[] = []
  try {
    while (openDescriptors.length < needed) openDescriptors.push(fs.openSync(os.devNull, 'r'))
    return null
  } catch (error) {
    if (!isMachineError(error)) return null
    return {
      title: 'gatecrab cannot open the files it needs',
      because: errorWords(error),
      tryThis: 'nothing was read and nothing was changed; `ulimit -n 256` before it is enough',
      from: 'gateway',
    }
  } finally {
    for (const fd of openDescriptors) fs.closeSync(fd)
  }
}
