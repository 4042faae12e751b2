import path from 'node:path'
import type {SshEnd} from '../gateway/ssh-output.ts'
import {lendTerminalTo, type ProcessEnv, startProcess} from './run-process.ts'

export type SshLine = {close: () => void}

const maxLineLength = 256 * 1024
const maxStderrLength = 8 * 1024
const maxLines = 200
const withinMs = 10_000

/** Lets a stranger say so much and no more. */
const budget = () => {
  let since = 0
  let count = 0
  return (): boolean => {
    if (performance.now() - since > withinMs) {
      since = performance.now()
      count = 0
    }
    count += 1
    return count <= maxLines
  }
}

/** Runs ssh, or this program once more, without a shell, and hands on the lines that come; never throws. */
export const openLine = (
  argv: readonly string[],
  env: ProcessEnv,
  onLine: (line: string) => void,
  onEnd: (end: SshEnd) => void,
): SshLine => {
  const child = startProcess(argv, {env: {...env}, stdio: ['ignore', 'pipe', 'pipe']})
  const may = budget()
  let rest = ''
  let stderr = ''
  let problem: string | null = null
  const tooMuch = (): void => {
    problem = 'it said far too much'
    child.kill('SIGKILL')
  }
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    if (problem !== null) return
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > maxLineLength) return tooMuch()
    for (const line of lines) {
      if (line.length > maxLineLength || !may()) return tooMuch()
      onLine(line)
    }
  })
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    if (stderr.length < maxStderrLength) stderr += chunk
  })
  child.on('error', error => {
    const {code} = error as NodeJS.ErrnoException
    problem ??= code === 'ENOENT' ? `there is no ${path.basename(argv[0] ?? '')} on this machine` : (code ?? error.message)
    if (child.pid === undefined) onEnd({code: null, stderr: '', problem})
  })
  const killed = () => child.kill('SIGTERM')
  process.once('exit', killed)
  child.on('close', code => {
    process.off('exit', killed)
    if (child.pid === undefined) return
    if (rest !== '' && problem === null) onLine(rest)
    onEnd({code, stderr, problem})
  })
  return {close: killed}
}

/** Lends it the terminal until it ends; what it ended with. */
export const openRemoteScreen = async (argv: readonly string[], env: ProcessEnv): Promise<number | null> =>
  (await lendTerminalTo(argv, {env})).code
