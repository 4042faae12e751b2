import type {Readable} from 'node:stream'
import {execa} from 'execa'
import type {FollowListener} from './follow-events.ts'
import {pipedLines} from './piped-lines.ts'

/** Where the service is a systemd unit, its standard output is in the journal and in no file. */
export const followSystemdJournal = (unit: string, listener: FollowListener): {close: () => void} => {
  const child = execa('journalctl', ['--user', '--unit', unit, '--follow', '--lines', '0', '--output', 'cat', '--quiet'], {
    reject: false,
    buffer: false,
    stdin: 'ignore',
    stderr: 'ignore',
  })
  const pipe = pipedLines(child.stdout as Readable, {
    ...listener,
    file: `journal of ${unit}`,
    onEnd: () => listener.onState({kind: 'missing', file: `journal of ${unit}`}),
  })
  return {
    close: () => {
      pipe.close()
      child.kill()
    },
  }
}
