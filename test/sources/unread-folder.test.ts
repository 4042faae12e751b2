import fs from 'node:fs'
import path from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import type {LogSource} from '../../src/domain/log-source.ts'
import {followLogs} from '../../src/sources/log/live-log.ts'
import {scratchFolder} from '../stress/recorder.ts'

const stateOf = async (file: string): Promise<LogSource | undefined> => {
  let last: readonly LogSource[] = []
  const log = followLogs({
    places: [{kind: 'file', file}],
    consoles: [],
    systemdUnit: null,
    piped: null,
    from: 'start',
    onLines: () => {},
    onSources: sources => {
      last = sources
    },
  })
  onTestFinished(log.close)
  await log.caughtUp()
  return last[0]
}

test('a folder without logs is told as that', async () => {
  expect(await stateOf(scratchFolder())).toMatchObject({
    state: 'unreadable',
    because: 'it is a folder that holds no .log or .jsonl file',
  })
})

test('a folder that may not be listed is told by its permission, not as a folder', async context => {
  if (process.getuid?.() === 0) context.skip('root may list every folder')
  const folder = path.join(scratchFolder(), 'closed')
  fs.mkdirSync(folder, {mode: 0o000})
  onTestFinished(() => fs.chmodSync(folder, 0o700))
  expect((await stateOf(folder))?.because).toContain('may not read it')
})
