import path from 'node:path'
import {compileCache} from '../compile-cache.ts'

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
