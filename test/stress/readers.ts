import {spawn} from 'node:child_process'
import path from 'node:path'
import {followConsole} from '../../src/sources/log/console-follower.ts'
import {followDays} from '../../src/sources/log/day-follower.ts'
import {followFile, type RawLine} from '../../src/sources/log/follower.ts'
import {pipedLines} from '../../src/sources/log/piped-lines.ts'
import type {Scenario} from './scenarios.ts'

type OnLine = (raw: string, line: number | null) => void
export type Reader = (folder: string, scenario: Scenario, apply: OnLine) => {caughtUp(): Promise<void>; close(): void}

/** gatecrab's own, from the start of the file. */
export const followers: Reader = (folder, {reader, files, nudge = true}, apply) => {
  const options = {
    from: 'start' as const,
    nudge,
    onLines(lines: RawLine[]) {
      for (const {raw, line} of lines) apply(raw, line)
    },
    onState() {},
  }
  const open = {
    days: () => [followDays({...options, folder, name: {prefix: 'openclaw-', suffix: '.log'}})],
    console: () => files.map(name => followConsole(path.join(folder, name), options)),
    file: () => files.map(name => followFile(path.join(folder, name), options)),
  }
  const all = open[reader]()
  return {
    async caughtUp() {
      await Promise.all(all.map(follower => follower.caughtUp()))
    },
    close() {
      for (const follower of all) follower.close()
    },
  }
}

/** `tail -F` of the system, told all the names beforehand: it does not find new days by itself. */
export const systemTail: Reader = (folder, {files, nudge = true}, apply) => {
  const polling = nudge ? [] : ['---disable-inotify', '-s', '0.25']
  const args = ['-q', '-n', '+1', '-F', ...polling, ...files.map(name => path.join(folder, name))]
  const child = spawn('tail', args, {stdio: ['ignore', 'pipe', 'ignore']})
  const piped = pipedLines(child.stdout, {
    file: '-',
    onLines(lines) {
      for (const {raw} of lines) apply(raw, null)
    },
    onState() {},
    onEnd() {},
  })
  return {
    async caughtUp() {},
    close() {
      piped.close()
      child.kill()
    },
  }
}
