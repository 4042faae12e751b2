import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, it} from 'vitest'
import type {LogSource} from '../../src/domain/log-source.ts'
import {followDays} from '../../src/sources/log/day-follower.ts'
import {filesOf} from '../../src/sources/log/files.ts'
import {leftOut, refusalOf} from '../../src/sources/log/folder.ts'
import {followFile} from '../../src/sources/log/follower.ts'
import {followLogs} from '../../src/sources/log/live-log.ts'
import {closedAfterwards, listening, scratchFolder} from '../stress/recorder.ts'

const own = process.getuid?.() ?? 0
const untrusted = own + 1
const today = 'openclaw-2026-01-10.log'

const folderWith = (text: string, mode = 0o700): string => {
  const folder = path.join(scratchFolder(), 'openclaw')
  fs.mkdirSync(folder)
  fs.writeFileSync(path.join(folder, today), text)
  fs.chmodSync(folder, mode)
  return folder
}

const placeOf = (folder: string, owners: readonly number[] | null = [own]) =>
  ({kind: 'daily', folders: [folder], stem: 'openclaw', owners}) as const

describe('a default log folder', () => {
  it('is read when it belongs to the account of the gateway and nobody else can write into it', () => {
    const folder = folderWith('ours\n', 0o755)
    expect(refusalOf(folder, [own])).toBeNull()
    expect(filesOf(placeOf(folder))).toEqual([path.join(folder, today)])
    expect(leftOut([placeOf(folder)])).toEqual([])
  })

  it('is left out when it belongs to another account, and says to whom', () => {
    const folder = folderWith('planted\n')
    expect(refusalOf(folder, [untrusted])).toMatch(/^left out: it belongs to \S+.*, not to .*, the account of the gateway$/)
    expect(filesOf(placeOf(folder, [untrusted]))).toEqual([])
    expect(leftOut([placeOf(folder, [untrusted])])).toMatchObject([{name: folder, state: 'left-out'}])
  })

  it('is left out when it belongs to a second account that the gateway may have, and is closed to us', context => {
    const folder = folderWith('of root\n')
    expect(refusalOf(folder, [untrusted, own])).toBeNull()
    if (own === 0) context.skip('root may read every folder')
    fs.chmodSync(folder, 0o000)
    expect(refusalOf(folder, [untrusted, own])).toMatch(/^left out: it belongs to /)
    expect(refusalOf(folder, [own])).toBeNull()
    fs.chmodSync(folder, 0o700)
  })

  it.each([0o770, 0o707, 0o1777])('is left out when others can write into it (mode %o)', mode => {
    const folder = folderWith('planted\n', mode)
    expect(refusalOf(folder, [own])).toMatch(/other accounts can write into it/)
    expect(filesOf(placeOf(folder))).toEqual([])
  })

  it('is left out when it is a symbolic link', () => {
    const link = path.join(scratchFolder(), 'openclaw')
    fs.symlinkSync(folderWith('planted\n'), link)
    expect(refusalOf(link, [own])).toMatch(/symbolic link/)
    expect(filesOf(placeOf(link))).toEqual([])
  })

  it('is read whoever owns it when the operator or the config names it', () => {
    expect(filesOf(placeOf(folderWith('named\n', 0o777), null))).toHaveLength(1)
  })

  it('is asked again on each look: it is let go when it stops being safe, and read again when it is', async () => {
    const folder = folderWith('first\n')
    const result = listening()
    const follower = closedAfterwards(
      followDays({
        ...{folder, name: {prefix: 'openclaw-', suffix: '.log'}, owners: [own], from: 'start', pollMs: 20, nudge: false},
        ...{onLines: result.onLines, onState: result.onState},
      }),
    )
    await follower.caughtUp()
    expect(result.raws()).toEqual(['first'])
    fs.chmodSync(folder, 0o777)
    await follower.caughtUp()
    fs.writeFileSync(path.join(folder, 'openclaw-2026-01-11.log'), 'planted\n')
    await follower.caughtUp()
    expect(result.raws()).toEqual(['first'])
    expect(result.states.filter(({kind}) => kind === 'left-out')).toHaveLength(1)
  })

  it('shows in the list of logs with its reason', async () => {
    const folder = folderWith('planted\n', 0o777)
    let sources: readonly LogSource[] = []
    const lines: unknown[] = []
    const log = followLogs({
      ...{places: [placeOf(folder)], consoles: [], systemdUnit: null, piped: null, from: 'start'},
      onLines: more => lines.push(...more),
      onSources: now => (sources = now),
    })
    await log.caughtUp()
    log.close()
    expect(lines).toEqual([])
    expect(sources).toContainEqual(
      expect.objectContaining({name: folder, state: 'left-out', because: expect.stringContaining('other accounts can write')}),
    )
  })
})

it('a log file of another account is as if it were not there', async () => {
  const file = path.join(folderWith('planted\n'), today)
  const result = listening()
  const follower = closedAfterwards(
    followFile(file, {
      owners: [untrusted],
      from: 'start',
      pollMs: 20,
      nudge: false,
      onLines: result.onLines,
      onState: result.onState,
    }),
  )
  await follower.caughtUp()
  expect(result.raws()).toEqual([])
})
