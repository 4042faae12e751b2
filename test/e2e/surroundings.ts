import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {onTestFinished} from 'vitest'
import {compileCache} from '../compile-cache.ts'

/** A folder of its own that is gone after the test. */
export const temporaryFolder = (): string => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-e2e-'))
  onTestFinished(() => fs.rmSync(folder, {recursive: true, force: true}))
  return folder
}

/** Nothing of the machine but its tools: an empty home, no OpenClaw, no CI, no colour wishes. */
export const cleanEnvironment = (home: string): Record<string, string> => ({
  PATH: [path.dirname(process.execPath), '/usr/bin', '/bin'].join(':'),
  HOME: home,
  TMPDIR: home,
  TERM: 'xterm-256color',
  LANG: 'C.UTF-8',
  TZ: 'UTC',
  ...compileCache,
})
