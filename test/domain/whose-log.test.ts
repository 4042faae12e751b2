import fs from 'node:fs'
import {describe, expect, it} from 'vitest'
import {createLogWriters, type LogWriters, recordWriter, whyOfAnother} from '../../src/domain/world/whose-log.ts'
import {readLogLine} from '../../src/gateway/lines/log-line.ts'

const at = (time: string): number => Date.parse(`2026-11-30T${time}Z`)
const now = at('23:00:00')
const writersOf = (...lines: string[]): LogWriters => {
  const writers = createLogWriters()
  for (const [i, line] of lines.entries())
    recordWriter(writers, readLogLine(`2026-11-30T${line}`, {file: 'a.log', line: i + 1}, 0, now))
  return writers
}
const [captured = ''] = fs
  .readFileSync(new URL('../fixtures/container/console.log', import.meta.url), 'utf8')
  .split('\n')
  .filter(line => line.includes('closed before connect'))
const socket = (time: string, port: number): string => captured.replace(/^\S+/, `${time}+00:00`).replaceAll('18789', String(port))
const starting = '21:00:03.000+00:00 [gateway] loading configuration…'
const running = {port: 18789, pid: 42, since: at('21:00:00')}

describe('a log in a default folder', () => {
  it('is of another gateway where its sockets are of other ports alone', () => {
    const why = whyOfAnother(writersOf(socket('21:30:00.000', 19999)), running, at('20:00:00'))
    expect(why).toBe('it was written by a gateway on port 19999, and this one listens on 18789')
  })

  it('may be ours where one socket of ours is in it, whoever else writes there', () => {
    const writers = writersOf(socket('21:30:00.000', 19999), socket('21:30:01.000', 18789))
    expect(whyOfAnother(writers, running, at('20:00:00'))).toBeNull()
  })

  it('is not ours where it goes back before our start and has no start of that time', () => {
    expect(whyOfAnother(createLogWriters(), running, at('20:00:00'))).toBe(
      'the gateway that listens (pid 42) began at 2026-11-30T21:00:00.000Z, and no start of that time is in it',
    )
    expect(whyOfAnother(writersOf(starting), running, at('20:00:00'))).toBeNull()
  })

  it('may be ours where it does not go back that far, and where nobody says since when ours runs', () => {
    expect(whyOfAnother(createLogWriters(), running, at('22:00:00'))).toBeNull()
    expect(whyOfAnother(createLogWriters(), {...running, since: null}, at('20:00:00'))).toBeNull()
    expect(whyOfAnother(createLogWriters(), running, null)).toBeNull()
  })
})
