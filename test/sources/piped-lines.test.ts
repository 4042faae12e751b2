import {PassThrough, Readable} from 'node:stream'
import {expect, test, vi} from 'vitest'
import {pipedLines} from '../../src/sources/log/piped-lines.ts'
import {listening} from '../stress/recorder.ts'

const piped = (stream: Readable) => {
  const result = listening()
  let close = () => {}
  const ended = new Promise<void>(onEnd => {
    close = pipedLines(stream, {file: '-', onLines: result.onLines, onState: result.onState, onEnd}).close
  })
  return {...result, ended, close: () => close()}
}

test('whole lines, whatever the chunks, and the unfinished last one at the end', async () => {
  const bytes = Buffer.from('日本👍\r\ntwo\n\nunfinished')
  const {lines, ended} = piped(Readable.from([...bytes].map(byte => Buffer.of(byte))))
  await ended
  expect(lines).toEqual([
    {file: '-', line: 1, raw: '日本👍', offset: 0},
    {file: '-', line: 2, raw: 'two', offset: 12},
    {file: '-', line: 3, raw: '', offset: 16},
    {file: '-', line: 4, raw: 'unfinished', offset: 17},
  ])
})

test('lines come before the end does', async () => {
  const stream = new PassThrough()
  const {raws} = piped(stream)
  stream.write('one\ntw')
  await vi.waitFor(() => expect(raws()).toEqual(['one']))
})

test('asks for no more than it has handed over: the writer is held back', async () => {
  let made = 0
  let handed = 0
  let worst = 0
  const stream = new Readable({
    highWaterMark: 64 * 1024,
    read() {
      made += 1
      this.push(made > 500 ? null : Buffer.from('x'.repeat(16_383).concat('\n')))
    },
  })
  await new Promise<void>(onEnd => {
    const onLines = (lines: unknown[]): void => {
      handed += lines.length
      worst = Math.max(worst, made - handed)
    }
    pipedLines(stream, {file: '-', onLines, onState() {}, onEnd})
  })
  expect(handed).toBe(500)
  expect(worst).toBeLessThan(10)
})

test('a stream that breaks off is said, and what came is handed over', async () => {
  const stream = new PassThrough()
  const {raws, states, ended} = piped(stream)
  stream.write('one\nunfinished')
  await vi.waitFor(() => expect(raws()).toEqual(['one']))
  stream.destroy(Object.assign(new Error('broken'), {code: 'ECONNRESET'}))
  await ended
  expect(raws()).toEqual(['one', 'unfinished'])
  expect(states).toEqual([{kind: 'unreadable', file: '-', code: 'ECONNRESET'}])
})

test('nothing comes after close', async () => {
  const stream = new PassThrough()
  const {raws, states, close} = piped(stream)
  stream.write('one\nunfinished')
  await vi.waitFor(() => expect(raws()).toEqual(['one']))
  close()
  await vi.waitFor(() => expect(stream.closed).toBe(true))
  expect(raws()).toEqual(['one'])
  expect(states).toEqual([])
})
