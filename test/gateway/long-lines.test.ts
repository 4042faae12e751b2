import fs from 'node:fs'
import path from 'node:path'
import v8 from 'node:v8'
import vm from 'node:vm'
import {describe, expect, it} from 'vitest'
import {clean} from '../../src/domain/clean.ts'
import {redact} from '../../src/domain/redact.ts'
import {readLogLine} from '../../src/gateway/lines/log-line.ts'
import {captures} from '../stories/captures.ts'

const now = Date.UTC(2026, 10, 21)
const [short, long] = [25_000, 100_000]

/** Four times as much may take four times as long; what takes longer than eight times as long grows faster than its text. */
const growsTooFast = (run: (bytes: number) => void): boolean => {
  const took = (bytes: number): number => {
    const start = performance.now()
    run(bytes)
    return performance.now() - start
  }
  const isSlow = (): boolean => {
    const min = took(short)
    // So little of it could not grow to what anybody would notice; and what is slow now need not be tried with more.
    if (min < 4) return false
    return min > 400 || took(long) > 8 * min
  }
  // A machine that is busy elsewhere stalls now and then; a pattern is slow each time.
  return isSlow() && isSlow() && isSlow()
}

const filled = (piece: string, bytes: number): string => piece.repeat(Math.ceil(bytes / piece.length)).slice(0, bytes)

const folders = ['src/gateway/lines', 'src/domain/reasons', 'src/domain']
const literal = /(?<=[(,=:!?&|[\s])\/(?![/*])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+)\/([dgimsuvy]*)(?=[\s.,;)\]])/g

/** Two divisions in a line look like a pattern. */
const compiled = (source: string, flags: string): RegExp | null => {
  try {
    return new RegExp(source, flags)
  } catch {
    return null
  }
}

const patterns = folders.flatMap(folder =>
  fs
    .readdirSync(folder)
    .filter(name => name.endsWith('.ts'))
    .flatMap(name =>
      Array.from(
        fs
          .readFileSync(path.join(folder, name), 'utf8')
          .replace(/^\s*(?:\/\/|\/?\*).*$/gm, '')
          .matchAll(literal),
        ([, source = '', flags = '']) => ({name: `${name} /${source}/`, source, pattern: compiled(source, flags)}),
      ),
    )
    .filter((found): found is {name: string; source: string; pattern: RegExp} => found.pattern !== null),
)

/** The texts that a pattern looks for, and what its classes might stand for. */
const piecesOf = (source: string): string[] => {
  const plain = source
    .replace(/\\[sdwSDWb]|\\u\{?[0-9a-f]+\}?|\(\?[:=!<]+|[\^$*+?|(){}]|\.\*|\[(?:\\.|[^\]])*\]/g, '\0')
    .replace(/\\(.)/g, '$1')
    .split('\0')
    .filter(text => text.length > 0)
  return [
    ...new Set([
      ...plain,
      ' ',
      'a',
      '1',
      '(',
      'a ',
      '1 ',
      '"a',
      "'",
      '\\',
      'a=',
      ' a=1',
      ' (',
      '.',
      '1.',
      ':',
      'a:',
      '-',
      '\n',
      '\t',
      '{"',
      '\u00e9',
    ]),
  ]
}

const fillings = [
  'a',
  ' ',
  ' a=1',
  ' code=1008 reason=',
  ' conn=',
  ' ua=',
  ' (',
  ':1',
  '"',
  '\\\\',
  ' durationMs=1 handshake=',
  '\u001b[31m',
]

/** One line of each kind: what its text begins with. */
const kinds = [
  ...new Map(
    captures.flatMap(({jsonl}) =>
      fs
        .readFileSync(jsonl, 'utf8')
        .trimEnd()
        .split('\n')
        .map(raw => {
          const fields = JSON.parse(raw) as Record<string, unknown>
          const text = [fields['2'], fields['1'], fields['0']].find(part => typeof part === 'string') as string
          const subsystem = /"subsystem":"([^"]*)"/.exec(String(fields['0']))?.[1] ?? 'gateway'
          return [`${subsystem} ${text.split(/[ =]/, 1)[0]}`, {subsystem, text: text.slice(0, 400)}] as const
        }),
    ),
  ).values(),
  {subsystem: 'gateway', text: 'restart mode: full process restart (spawned pid 1)'},
  {subsystem: 'gateway', text: 'listening on ws://127.0.0.1:1, ws://[::1]:1 (PID 1)'},
  {subsystem: 'gateway', text: 'config reload skipped (invalid config): x'},
  {subsystem: 'agent', text: 'OAuth token refresh failed for profile "x"'},
]

const jsonLine = (subsystem: string, text: string): string =>
  JSON.stringify({0: JSON.stringify({subsystem}), 1: text, _meta: {logLevelName: 'INFO'}, time: '2026-11-21T10:00:00.000Z'})

describe('no line, however long, takes longer than its length is worth', () => {
  it('by a pattern of the program', {timeout: 60_000}, () => {
    expect(patterns.length).toBeGreaterThan(60)
    const slow = patterns.flatMap(({name, source, pattern}) => {
      const pieces = piecesOf(source)
      const [first = ''] = pieces
      const found = pieces.find(piece =>
        ['', first].some(begin =>
          growsTooFast(bytes => {
            pattern.lastIndex = 0
            const text = `${begin}${filled(piece, bytes)}\u0001`
            if (pattern.global) text.replace(pattern, '')
            else pattern.exec(text)
          }),
        ),
      )
      return found === undefined ? [] : [`${name}: ${JSON.stringify(found)}`]
    })
    expect(slow).toEqual([])
  })

  it('by a parser', {timeout: 60_000}, () => {
    const slow: string[] = []
    for (const {subsystem, text} of kinds) {
      const cuts = [text.length, ...[text.indexOf('='), text.indexOf('(')].filter(at => at > 0).map(at => at + 1)]
      for (const filling of fillings)
        for (const cut of cuts) {
          const made = (bytes: number) => text.slice(0, cut) + filled(filling, bytes) + text.slice(cut)
          const ways: Record<string, (bytes: number) => unknown> = {
            json: bytes => readLogLine(jsonLine(subsystem, made(bytes)), {file: 'x', line: 1}, 0, now),
            console: bytes => readLogLine(`2026-11-21T10:00:00.000Z [${subsystem}] ${made(bytes)}`, {file: 'x', line: 1}, 0, now),
          }
          for (const [way, run] of Object.entries(ways))
            if (growsTooFast(run)) slow.push(`${way} ${text.slice(0, 30)} @${cut} ${JSON.stringify(filling)}`)
        }
    }
    expect(slow).toEqual([])
  })

  it('by what is done with a text', {timeout: 60_000}, () => {
    const slow = fillings.flatMap(filling =>
      [redact, clean].flatMap((use, nth) =>
        growsTooFast(bytes => void use(filled(filling, bytes))) ? [`${nth} ${JSON.stringify(filling)}`] : [],
      ),
    )
    expect(slow).toEqual([])
  })
})

describe('what is kept of a line', () => {
  const mb = 2 ** 20
  const keptBytes = (): number => {
    v8.setFlagsFromString('--expose-gc')
    vm.runInNewContext('gc')()
    const {heapUsed, external} = process.memoryUsage()
    return heapUsed + external
  }
  const refusals = fs
    .readFileSync(path.join(import.meta.dirname, '../fixtures/logs/2026.9.6/default-level.jsonl'), 'utf8')
    .split('\n')
    .filter(line => line.includes('gateway token mismatch'))

  it('does not keep the megabyte that a client put into it', () => {
    const before = keptBytes()
    // Through bytes, as it comes from a file: a text that is still in parts would be joined anew by whoever cuts it.
    const kept = Array.from({length: 40}, (_, n) => {
      const raw = (refusals[n % refusals.length] ?? '').replaceAll('ua=n/a', `ua=${'x'.repeat(mb)}`)
      return readLogLine(Buffer.from(raw).toString(), {file: 'gw.jsonl', line: n}, now, now)
    })
    expect(keptBytes() - before).toBeLessThan(25 * mb)
    expect(kept.every(({event}) => event !== null)).toBe(true)
  })
})
