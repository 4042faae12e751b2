import fs from 'node:fs'
import path from 'node:path'
import {expect, test, vi} from 'vitest'
import {followFile, type StartFrom} from '../../src/sources/log/follower.ts'
import {closedAfterwards, listening, scratchFolder} from '../stress/recorder.ts'

const followed = (file: string, from: StartFrom = 'start', nudge = false) => {
  const result = listening()
  const follower = closedAfterwards(followFile(file, {from, pollMs: 20, nudge, onLines: result.onLines, onState: result.onState}))
  return {...result, follower, caughtUp: follower.caughtUp}
}

const logIn = (text?: string | Buffer): string => {
  const file = path.join(scratchFolder(), 'gateway.jsonl')
  if (text !== undefined) fs.writeFileSync(file, text)
  return file
}

test('says where each line stands', async () => {
  const file = logIn('één\ntwo\r\n\nfour\n')
  const {lines, caughtUp} = followed(file)
  await caughtUp()
  expect(lines).toEqual([
    {file, line: 1, raw: 'één', offset: 0},
    {file, line: 2, raw: 'two', offset: 6},
    {file, line: 3, raw: '', offset: 11},
    {file, line: 4, raw: 'four', offset: 12},
  ])
})

test.each<[string, StartFrom, string[], number[]]>([
  ['at the end: only what comes', 'end', ['four!', 'five'], [4, 5]],
  ['the first whole line within the last bytes', {lastBytes: 12}, ['three', 'four!', 'five'], [3, 4, 5]],
  ['not with the rest of a line', {lastBytes: 9}, ['four!', 'five'], [4, 5]],
  ['a line that begins exactly there is whole', {lastBytes: 10}, ['three', 'four!', 'five'], [3, 4, 5]],
  ['more bytes than there are: all', {lastBytes: 1_000}, ['one', 'two', 'three', 'four!', 'five'], [1, 2, 3, 4, 5]],
  ['less than the unfinished line: the whole of it', {lastBytes: 2}, ['four!', 'five'], [4, 5]],
])('begins %s', async (_what, from, raws, numbers) => {
  const file = logIn('one\ntwo\nthree\nfour')
  const result = followed(file, from)
  await result.caughtUp()
  fs.appendFileSync(file, '!\nfive\n')
  await result.caughtUp()
  expect(result.raws()).toEqual(raws)
  expect(result.numbers()).toEqual(numbers)
})

test('a character cut between two writes comes whole, an invalid byte spoils only itself', async () => {
  const file = logIn('')
  const result = followed(file)
  const bytes = Buffer.from('日本👍\n')
  for (const byte of bytes) {
    fs.appendFileSync(file, Buffer.of(byte))
    await result.caughtUp()
  }
  fs.appendFileSync(file, Buffer.from([0x61, 0xff, 0x62, 0xe6, 0x0a, 0x63, 0x0a]))
  await result.caughtUp()
  expect(result.raws()).toEqual(['日本👍', 'a\ufffdb\ufffd', 'c'])
})

test('an unfinished line waits for its newline', async () => {
  const file = logIn('ha')
  const result = followed(file)
  await result.caughtUp()
  expect(result.raws()).toEqual([])
  fs.appendFileSync(file, 'lf\n')
  await result.caughtUp()
  expect(result.raws()).toEqual(['half'])
})

test('an unfinished line is handed over when its file has lost its name and nobody writes on', async () => {
  const file = logIn('whole\nunfinished')
  const result = followed(file)
  await result.caughtUp()
  fs.renameSync(file, path.join(path.dirname(file), 'gateway.1.jsonl'))
  fs.writeFileSync(file, 'new\n')
  await vi.waitFor(() => expect(result.raws()).toEqual(['whole', 'new', 'unfinished']))
})

test('an unfinished line may still get its end after the rotation', async () => {
  const file = logIn('unfin')
  const old = fs.openSync(file, 'a')
  const result = followed(file)
  await result.caughtUp()
  fs.renameSync(file, `${file}.1`)
  fs.writeFileSync(file, 'new\n')
  await result.caughtUp()
  fs.writeSync(old, 'ished\nlate\n')
  fs.closeSync(old)
  await result.caughtUp()
  expect(result.raws()).toEqual(['new', 'unfinished', 'late'])
})

test.each([
  ['the gateway', (file: string, age: number) => file.replace('.jsonl', `.${age}.jsonl`)],
  ['logrotate', (file: string, age: number) => `${file}.${age}`],
])('reads what was rotated away unseen, by the names of %s', async (_who, archive) => {
  const file = logIn('0\n')
  fs.writeFileSync(archive(file, 1), 'read by nobody here\n')
  const result = followed(file)
  await result.caughtUp()
  for (const text of ['1\n', '2\n', '3\n']) {
    for (let age = 4; age >= 1; age -= 1)
      if (fs.existsSync(archive(file, age))) fs.renameSync(archive(file, age), archive(file, age + 1))
    fs.appendFileSync(file, 'last\n')
    fs.renameSync(file, archive(file, 1))
    fs.writeFileSync(file, text)
  }
  await result.caughtUp()
  expect(result.raws()).toEqual(['0', 'last', '1', 'last', '2', 'last', '3'])
  expect(result.states).toContainEqual({kind: 'rotated', file, between: [archive(file, 2), archive(file, 1)]})
})

test('finds the unseen ones by their times when its own file is not among them', async () => {
  const file = logIn('0\n')
  fs.writeFileSync(file.replace('.jsonl', '.3.jsonl'), 'older than all\n')
  const long = new Date(Date.now() - 3_600_000)
  fs.utimesSync(file.replace('.jsonl', '.3.jsonl'), long, long)
  const result = followed(file)
  await result.caughtUp()
  fs.unlinkSync(file)
  fs.writeFileSync(file.replace('.jsonl', '.2.jsonl'), '1\n')
  fs.writeFileSync(file.replace('.jsonl', '.1.jsonl'), '2\n')
  fs.writeFileSync(file, '3\n')
  await result.caughtUp()
  expect(result.raws()).toEqual(['0', '1', '2', '3'])
})

test('archives that number upwards are not read again', async () => {
  const file = logIn('0\n')
  const result = followed(file)
  for (let age = 1; age <= 3; age += 1) {
    await result.caughtUp()
    fs.renameSync(file, `${file}.${age}`)
    fs.writeFileSync(file, `${age}\n`)
  }
  await result.caughtUp()
  expect(result.raws()).toEqual(['0', '1', '2', '3'])
})

test.each([
  ['shorter', 'new\n'],
  ['already longer again', 'new\n'.repeat(20)],
  ['exactly as long', 'new1\nnew2\n'],
])('a truncated file is read from its start: %s', async (_what, text) => {
  const file = logIn('old1\nold2\n')
  const result = followed(file)
  await result.caughtUp()
  fs.writeFileSync(file, text)
  await result.caughtUp()
  expect(result.raws().slice(2)).toEqual(text.trimEnd().split('\n'))
  expect(result.numbers()[2]).toBe(1)
  expect(result.kinds()).toEqual(['reading', 'truncated'])
})

test('half a line before a truncation is not glued to what follows', async () => {
  const file = logIn('one\nHALF')
  const result = followed(file)
  await result.caughtUp()
  fs.truncateSync(file)
  fs.appendFileSync(file, 'fresh\n')
  await result.caughtUp()
  expect(result.raws()).toEqual(['one', 'HALF', 'fresh'])
})

test('what a busy writer wrote before copytruncate is read from the copy, behind what was read, and where is said', async () => {
  const file = logIn('one\n')
  const result = followed(file)
  await result.caughtUp()
  fs.appendFileSync(file, 'two\nthr')
  await result.caughtUp()
  fs.appendFileSync(file, 'ee\nfour\n')
  fs.copyFileSync(file, `${file}.1`)
  fs.writeFileSync(file, 'five\n')
  await result.caughtUp()
  expect(result.lines.map(({raw, line}) => [raw, line])).toEqual([
    ['one', 1],
    ['two', 2],
    ['three', 3],
    ['four', 4],
    ['five', 1],
  ])
  expect(result.states.at(-1)).toEqual({kind: 'truncated', file, copies: [`${file}.1`]})
})

test('two copytruncates between two looks: both copies are read, and a copy of what still stands is not told twice', async () => {
  const file = logIn('one\n')
  const result = followed(file)
  await result.caughtUp()
  fs.appendFileSync(file, 'two\n')
  fs.copyFileSync(file, `${file}.3`)
  fs.writeFileSync(file, 'three\n')
  fs.copyFileSync(file, `${file}.2`)
  fs.writeFileSync(file, 'four\n')
  fs.copyFileSync(file, `${file}.1`)
  fs.appendFileSync(file, 'five\n')
  await result.caughtUp()
  expect(result.raws()).toEqual(['one', 'two', 'three', 'four', 'five'])
})

test('a file emptied without a copy: that lines may be lost is said', async () => {
  const file = logIn('one\n')
  fs.writeFileSync(`${file}.1`, 'an older archive, and longer than what was read\n')
  const result = followed(file)
  await result.caughtUp()
  fs.writeFileSync(file, 'a\n')
  await result.caughtUp()
  expect(result.raws()).toEqual(['one', 'a'])
  expect(result.states.at(-1)).toEqual({kind: 'truncated', file, copies: []})
})

test('a writer that does not append leaves a hole when its file is emptied: its lines are whole', async () => {
  const file = logIn('')
  const result = followed(file)
  const fd = fs.openSync(file, 'r+')
  const query: string[] = []
  let at = 0
  for (let n = 0; n < 40; n += 1) {
    query.push(`line ${n}`)
    at += fs.writeSync(fd, `line ${n}\n`, at)
    await result.caughtUp()
    fs.truncateSync(file)
  }
  fs.closeSync(fd)
  expect(result.raws()).toEqual(query)
})

test('a hole of a gigabyte takes no memory', {timeout: 60_000}, async () => {
  const file = logIn('')
  const fd = fs.openSync(file, 'r+')
  fs.writeSync(fd, 'behind the hole\n', 2 ** 30)
  fs.closeSync(fd)
  const before = process.memoryUsage.rss()
  const result = followed(file)
  await result.caughtUp()
  expect(result.raws()).toEqual(['behind the hole'])
  expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 2 ** 20)
})

test('a first file that was rotated away before the first look is read from its archives', async () => {
  const file = logIn()
  const archive = (age: number): string => `${file}.${age}`
  fs.writeFileSync(archive(1), 'before us\n')
  const result = followed(file)
  await result.caughtUp()
  fs.renameSync(archive(1), archive(3))
  fs.writeFileSync(archive(2), 'one\n')
  fs.writeFileSync(archive(1), 'two\n')
  fs.writeFileSync(file, 'three\n')
  await result.caughtUp()
  expect(result.raws()).toEqual(['one', 'two', 'three'])
  expect(result.states).toContainEqual({kind: 'rotated', file, between: [archive(2), archive(1)]})
})

test('removed and back: missing in between, then read from the start', async () => {
  const file = logIn('old\n')
  const result = followed(file, 'end')
  await result.caughtUp()
  fs.unlinkSync(file)
  await vi.waitFor(() => expect(result.kinds()).toEqual(['reading', 'missing']))
  fs.writeFileSync(file, 'new\n')
  await result.caughtUp()
  expect(result.raws()).toEqual(['new'])
  expect(result.kinds()).toEqual(['reading', 'missing', 'reading'])
})

test('missing at the start is a state, said once, and what comes is read from its start', async () => {
  const file = logIn()
  const result = followed(file, 'end')
  await result.caughtUp()
  await result.caughtUp()
  fs.writeFileSync(file, 'first\n')
  await result.caughtUp()
  expect(result.raws()).toEqual(['first'])
  expect(result.kinds()).toEqual(['missing', 'reading'])
})

test('a folder recreated is found again', async () => {
  const folder = path.join(scratchFolder(), 'logs')
  const file = path.join(folder, 'gateway.jsonl')
  const result = followed(file, 'start', true)
  await result.caughtUp()
  for (const text of ['one\n', 'two\n']) {
    fs.rmSync(folder, {recursive: true, force: true})
    fs.mkdirSync(folder)
    fs.writeFileSync(file, text)
    await vi.waitFor(() => expect(result.raws()).toContain(text.trim()))
  }
  expect(result.raws()).toEqual(['one', 'two'])
})

test('an append is heard by nudge, long before the next poll', async () => {
  const file = logIn('one\n')
  const {onLines, onState, raws} = listening()
  const follower = closedAfterwards(followFile(file, {from: 'start', pollMs: 3_600_000, nudge: true, onLines, onState}))
  await follower.caughtUp()
  fs.appendFileSync(file, 'two\n')
  await vi.waitFor(() => expect(raws()).toEqual(['one', 'two']))
})

test('what cannot be read is said once, tried again, and the recovery said', async () => {
  const file = logIn()
  fs.mkdirSync(file)
  const result = followed(file)
  await result.caughtUp()
  await result.caughtUp()
  fs.rmdirSync(file)
  fs.writeFileSync(file, 'now\n')
  await result.caughtUp()
  expect(result.raws()).toEqual(['now'])
  expect(result.states.filter(({kind}) => kind === 'unreadable')).toEqual([{kind: 'unreadable', file, code: 'EISDIR'}])
  expect(result.kinds().at(-1)).toBe('recovered')
})

test('a watch that cannot be had is only slower', async () => {
  const watch = vi.spyOn(fs, 'watch').mockImplementation(() => {
    throw Object.assign(new Error('no space'), {code: 'ENOSPC'})
  })
  const file = logIn('one\n')
  const result = followed(file, 'start', true)
  await result.caughtUp()
  fs.appendFileSync(file, 'two\n')
  await vi.waitFor(() => expect(result.raws()).toEqual(['one', 'two']))
  expect(watch).toHaveBeenCalled()
  watch.mockRestore()
})

test('a line beyond 64 MB is clipped, and that is said', async () => {
  const file = logIn(`before\n${'z'.repeat(70 * 2 ** 20)}\nafter\n`)
  const result = followed(file)
  await result.caughtUp()
  expect(result.lines.map(({raw}) => raw.length)).toEqual([6, 64 * 2 ** 20, 5])
  expect(result.numbers()).toEqual([1, 2, 3])
  expect(result.states).toContainEqual({kind: 'clipped', file, line: 2, bytes: 70 * 2 ** 20})
})

test('finish hands over the unfinished line; nothing comes after close', async () => {
  const file = logIn('one\nunfinished')
  const finished = followed(file)
  await finished.follower.finish()
  expect(finished.raws()).toEqual(['one', 'unfinished'])
  const closed = followed(file)
  closed.follower.close()
  await closed.caughtUp()
  expect(closed.raws()).toEqual([])
})
