import fs from 'node:fs'
import {gzipSync} from 'node:zlib'
import {describe, expect, it, test} from 'vitest'
import {begun, gatecrab, room} from './gatecrab.ts'

const jsonl = fs.readFileSync(new URL('../fixtures/logs/2026.9.6/default-level.jsonl', import.meta.url), 'utf8')
const quiet = fs
  .readFileSync(new URL('../fixtures/logs/2026.9.6/restart.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .slice(0, 8)
  .join('\n')
const renamed = jsonl.replaceAll('closed before connect', 'shut early').replaceAll('unauthorized conn', 'denied conn')

const soonAfter = new Date(Date.parse(/"time":"([^"]+)"/.exec(quiet)?.[1] ?? '') + 1_800_000).toISOString()

type Checked = {verdict: string; problems: {id: string; title: string; because: string; tryThis: string}[]}

const check = async (
  text: string | Buffer,
  now = '2026-11-21T12:00:00Z',
): Promise<{code: number | null; found: Checked; file: string}> => {
  using home = room()
  const file = home.file('gateway.log', '')
  fs.writeFileSync(file, text)
  const {code, stdout} = await gatecrab(['check', '--json', '--log', file, '--now', now])
  return {code, found: JSON.parse(stdout), file}
}

describe('a log of which no line is understood', () => {
  test.each([
    ['empty', '', 'it is empty'],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${jsonl}`, 'utf16le'), 'it is UTF-16'],
    ['UTF-16 without', Buffer.from(jsonl, 'utf16le'), 'it is UTF-16'],
    ['with carriage returns alone', jsonl.replaceAll('\n', '\r'), 'its lines end with a carriage return alone'],
    ['a program', fs.readFileSync(process.execPath).subarray(0, 100_000), 'it is no text'],
    ['a text of something else', 'Dear Sir,\nplease find enclosed\nnothing\n', '3 of 3 lines were not understood'],
    ['with phrases of another release', renamed, 'lines were not understood, first: '],
  ])('is unknown and never ok: %s', async (_what, text, because) => {
    const {code, found} = await check(text)
    expect([code, found.verdict]).toEqual([3, 'unknown'])
    expect(found.problems).toEqual([expect.objectContaining({id: 'log-unreadable', because: expect.stringContaining(because)})])
  })

  it('is said by connections, with exit 3, and by report', async () => {
    using home = room()
    const file = home.file('gateway.log', Buffer.from(jsonl, 'utf16le').toString('latin1'))
    const listed = await gatecrab(['connections', '--json', '--log', file])
    expect([listed.code, listed.stdout]).toEqual([3, ''])
    expect(listed.stderr).toContain(file)
    const reported = await gatecrab(['report', '--log', file, '--now', '2026-11-21T12:00:00Z'])
    expect(reported.stdout).toContain('cannot be read')
    expect(reported.stdout).not.toContain('Nothing that gatecrab knows of')
  })

  it('is said of a pipe', async () => {
    const listed = await gatecrab(['connections', '--json', '--log', '-'], 'what is this\n')
    expect([listed.code, listed.stdout]).toEqual([3, ''])
    expect(listed.stderr).toContain('1 of 1 lines was not understood, first: -:1')
  })
})

describe('a log that is understood', () => {
  it('and says little is ok', async () => {
    const {code, found} = await check(quiet, soonAfter)
    expect([code, found.verdict, found.problems]).toEqual([0, 'ok', []])
  })

  it('and has said nothing for an hour is no proof of a gateway that is well', async () => {
    const {code, found} = await check(quiet, '2026-11-25T12:00:00Z')
    expect([code, found.verdict]).toEqual([3, 'unknown'])
    expect(found.problems).toEqual([expect.objectContaining({id: 'log-silent'})])
  })

  it('but for a line or two is judged, and these lines are a note', async () => {
    const lines = renamed
      .split('\n')
      .filter(line => line.includes('shut early'))
      .slice(0, 2)
    const {found, file} = await check([quiet, ...lines, ''].join('\n'), soonAfter)
    expect(found.verdict).toBe('ok')
    expect(found.problems).toEqual([
      expect.objectContaining({
        id: 'log-lines-unknown',
        because: expect.stringContaining(`2 of 10 lines were not understood, first: `),
      }),
    ])
    expect(found.problems[0]?.because).toContain(file.slice(file.lastIndexOf('/')))
  })
})

it('a log that is configured and not there is a problem in check', async () => {
  const {code, stdout} = await gatecrab(['check', '--json'])
  const {verdict, problems} = JSON.parse(stdout) as Checked
  expect([code, verdict]).not.toEqual([0, 'ok'])
  expect(problems).toContainEqual(
    expect.objectContaining({
      id: 'log-unreadable',
      because: expect.stringMatching(/No gateway log was found: there is no .*no-such\.log/),
    }),
  )
})

it('check --watch says that the log is not understood as it goes', async () => {
  using home = room()
  const file = home.file('gateway.log', renamed)
  using running = begun(['check', '--watch', '--log', file], home.folder)
  const {stdout} = await running.until(({stdout}) => stdout.includes('"log-unreadable"'))
  expect(stdout).not.toContain('"verdict":"ok"')
})

it('connections names the packed archives of a log, which it does not read', async () => {
  using home = room()
  const file = home.file('gateway.log', quiet)
  fs.writeFileSync(home.file('gateway.log.2.gz'), gzipSync(jsonl))
  fs.writeFileSync(home.file('another.log.2.gz'), gzipSync(jsonl))
  const {code, stderr} = await gatecrab(['connections', '--json', '--log', file])
  expect(code).toBe(0)
  expect(stderr).toContain('gateway.log.2.gz: it is packed')
  expect(stderr).not.toContain('another')
})

const atNoon = ['--now', '2026-11-21T12:00:00Z']

it.each([['check'], ['report']])('%s names them where it is asked of a time before its oldest line', async command => {
  using home = room()
  const file = home.file('gateway.log', quiet)
  fs.writeFileSync(home.file('gateway.log.2.gz'), gzipSync(jsonl))
  const asked = [command, ...atNoon, '--log', file, '--since']
  expect((await gatecrab([...asked, '2020-01-01T00:00:00Z'])).stderr).toContain('gateway.log.2.gz: it is packed')
  const oldest = JSON.parse(quiet.split('\n')[0] ?? '').time as string
  expect((await gatecrab([...asked, new Date(Date.parse(oldest) + 1).toISOString()])).stderr).not.toContain('packed')
})
