import fs from 'node:fs'
import {clean} from '../domain/clean.ts'
import {version} from '../runtime/version.ts'
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
