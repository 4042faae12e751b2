import fs from 'node:fs'
import {fileURLToPath} from 'node:url'
import type {Message} from '../../src/app/message.ts'
import {openingState, type State} from '../../src/app/state.ts'
import {update} from '../../src/app/update.ts'
import {readLogLine} from '../../src/gateway/lines/log-line.ts'

const linesOf = (story: string): string[] =>
  fs
    .readFileSync(fileURLToPath(new URL(`../fixtures/logs/2026.9.6/${story}.jsonl`, import.meta.url)), 'utf8')
    .split('\n')
    .filter(Boolean)

const file = '/var/log/openclaw/gateway.jsonl'

export const having = (state: State, ...messages: readonly Message[]): State =>
  messages.reduce((so, message) => update(so, message)[0], state)

/** The screen's state when a captured story has been read, looked at some seconds having its last line. */
export const read = (story: string, {until = '', laterMs = 3000}: {until?: string; laterMs?: number} = {}): State => {
  const raw = linesOf(story)
  const end = until === '' ? raw.length : raw.findIndex(line => line.includes(until))
  const lines = raw.slice(0, end).map((line, i) => readLogLine(line, {file, line: i + 1}, 0, 0))
  const now = (lines.at(-1)?.at ?? 0) + laterMs
  const opened = openingState({kind: 'live', host: 'mini.local', release: '2026.9.6', port: null, now, readonly: false})
  const result = having(
    opened,
    {type: 'sources-changed', sources: [{name: file, state: 'reading', because: null, lastLineAt: null}]},
    {type: 'lines-received', lines},
    {type: 'ticked', now},
  )
  return having(result, {type: 'history-read', world: result.world, since: now - 86_400_000})
}

export const at = (state: State, columns: number, rows: number): State => having(state, {type: 'resized', columns, rows})
