import fs from 'node:fs'
import os from 'node:os'
import {clean} from '../domain/clean.ts'
import type {Failure} from '../domain/failure.ts'
import {version} from '../runtime/version.ts'
import {errorWords, isMachineError} from '../sources/error-words.ts'
import {exit} from './command.ts'
import {wrapped} from './print/word-wrap.ts'

const paragraph = (error: unknown): string => {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const frames =
    error instanceof Error
      ? (error.stack ?? '')
          .split('\n')
          .slice(1, 6)
          .map(line => clean(line.trim(), 200))
      : []
  const sentence = wrapped(
    `gatecrab ${version} has a bug and stopped: ${clean(what, 400)}. Nothing of the gateway was touched. Please report it with these lines:`,
  )
  return [sentence, ...frames.map(line => `  ${line}`), ''].join('\n')
}

/** Printed after the screen was left, so that it stays in the shell. */
export const crash = (error: unknown): void => {
  process.exitCode = exit.bug
  process.once('exit', () => fs.writeSync(2, paragraph(error)))
  process.exit(exit.bug)
}

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
