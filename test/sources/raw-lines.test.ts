import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {expect, onTestFinished, test, vi} from 'vitest'
import {openingState} from '../../src/app/state.ts'
import {createStore, type Store} from '../../src/app/store.ts'
import {readLogLine} from '../../src/gateway/lines/log-line.ts'
import {lineHandlers} from '../../src/runtime/watchers/lines.ts'
import {readRawLine, readRawLines} from '../../src/sources/log/raw-lines.ts'

const written = (n: number): string =>
  JSON.stringify({
    0: `line ${n} of ops@mini.local from 203.0.113.9`,
    time: `2026-11-21T10:00:${String(n).padStart(2, '0')}.000Z`,
    _meta: {logLevelName: 'INFO'},
  })

const noticed = ({store}: {store: Store}, text: string) =>
  vi.waitFor(() => expect(store.state().notice?.text).toContain(text), {timeout: 10_000})

const story = () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-raw-'))
  onTestFinished(() => fs.rmSync(folder, {recursive: true}))
  const file = path.join(folder, 'gw.jsonl')
  const raw = [1, 2, 3, 4].map(written)
  fs.writeFileSync(file, `${raw.join('\n')}\n`)
  const lines = raw.map((text, i) => ({...readLogLine(text, {file, line: i + 1}, 0, 0), id: i + 1}))
  const store = createStore(
    openingState({kind: 'live', host: 'vm', release: null, port: null, now: 0, readonly: false}),
    () => {},
  )
  return {folder, file, raw, lines, store, handlers: lineHandlers(store, folder)}
}

test('a line is read as it stands in its file, one or many', async () => {
  const {raw, lines} = story()
  expect(await Promise.all(lines.map(readRawLine))).toEqual(raw)
  const some = await readRawLines([lines[3]!, lines[1]!])
  expect([...some.values()].toSorted()).toEqual([raw[1], raw[3]])
})

test('another line that stands there now is not taken for it, nor is a file that is gone', async () => {
  const {file, lines} = story()
  fs.writeFileSync(file, `${written(40)}\n${written(41)}\n`)
  expect([await readRawLine(lines[0]!), (await readRawLines(lines)).size]).toEqual([null, 0])
  fs.rmSync(file)
  expect([await readRawLine(lines[0]!), (await readRawLines(lines)).size]).toEqual([null, 0])
})

test('lines are written redacted, for their owner alone, and never over a file that is there', async () => {
  const {folder, lines, store, handlers} = story()
  const file = path.join(folder, 'out.log')
  handlers['write-rows']({type: 'write-rows', file: '~/out.log', rows: {is: 'lines', lines}})
  await noticed({store}, `4 lines written to ${file}, redacted, readable by you alone`)
  const text = fs.readFileSync(file, 'utf8')
  expect(text.split('\n')).toHaveLength(5)
  expect(text).toContain('[account]@[host].local from 203.0.113.x')
  expect(fs.statSync(file).mode & 0o777).toBe(0o600)
  handlers['write-rows']({type: 'write-rows', file, rows: {is: 'table', texts: ['other']}})
  await noticed({store}, 'it exists already, and is not written over')
  expect(fs.readFileSync(file, 'utf8')).toBe(text)
})

test('a folder that does not exist is said, and a line whose file is gone is written as text', async () => {
  const {folder, file, lines, store, handlers} = story()
  handlers['write-rows']({type: 'write-rows', file: path.join(folder, 'no/out.log'), rows: {is: 'lines', lines}})
  await noticed({store}, 'its folder does not exist')
  fs.rmSync(file)
  handlers['write-rows']({type: 'write-rows', file: path.join(folder, 'out.log'), rows: {is: 'lines', lines}})
  await noticed({store}, '; 4 only as text: their file is gone')
  expect(fs.readFileSync(path.join(folder, 'out.log'), 'utf8')).toContain('2026-11-21T10:00:01.000Z info line 1 of')
})
