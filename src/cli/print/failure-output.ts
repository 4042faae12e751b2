import {type Failure, formatFailure, usageFailure} from '../../domain/failure.ts'
import {whyNotRead} from '../../sources/log/files.ts'
import {type ExitCode, exit} from '../command.ts'

/** One write per line would cost more than making it; a reader that went away ends us quietly. */
export const lineWriter = (
  out: NodeJS.WritableStream,
  everyBytes = 1 << 16,
): {line: (text: string) => void; flush: () => void} => {
  let buffered = ''
  const flush = () => {
    if (buffered !== '') out.write(buffered)
    buffered = ''
  }
  return {
    flush,
    line: text => {
      buffered += `${text}\n`
      if (buffered.length > everyBytes) flush()
    },
  }
}

export const printFailure = (problem: Failure): ExitCode => {
  process.stderr.write(`gatecrab: ${formatFailure(problem)}\n`)
  return problem.kind === 'usage' ? exit.usage : exit.unknown
}

/** What is not read must not pass for what never was. */
/** Where only what to type instead is to be said. */
export const printUsage = (title: string, tryThis: string): ExitCode => printFailure(usageFailure(title, {tryThis}))

export const complainOfPacked = (files: readonly string[]): void => {
  for (const file of files) {
    const packed = whyNotRead(file)
    if (packed) printFailure(packed)
  }
}
