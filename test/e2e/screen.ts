import {onTestFinished} from 'vitest'
import {launcher} from './built.ts'
import {cleanEnvironment} from './environment.ts'
import {temporaryFolder} from './surroundings.ts'
import {openTerminal} from './terminal.ts'

export type Options = {
  cols?: number
  rows?: number
  env?: Record<string, string>
  /** In place of the program: what runs in the terminal. */
  command?: readonly [string, ...string[]]
}

export type Screen = ReturnType<typeof openScreen>

/** The program, or a shell, in a terminal that is closed after the test. */
export const openScreen = (args: readonly string[], {cols = 80, rows = 24, env = {}, command}: Options = {}) => {
  const home = temporaryFolder()
  const {close, ...terminal} = openTerminal({
    command: command ?? [process.execPath, launcher, ...args],
    env: {...cleanEnvironment(home), ...env},
    cwd: home,
    cols,
    rows,
  })
  onTestFinished(close)
  return {...terminal, home}
}
