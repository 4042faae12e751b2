import {describe, expect, it} from 'vitest'
import {createBookmark, readStamped, type StampedLine} from '../../../src/gateway/container/stamped-line.ts'

const line = (n: number, text = `line ${n}`): StampedLine => ({
  stamp: `2026-11-30T22:00:00.${String(n).padStart(9, '0')}Z`,
  text,
})

/** What an engine prints from a moment on: the first line that is not older, and all behind it. */
const from = (log: readonly StampedLine[], since: string | null): readonly StampedLine[] =>
  since === null ? log : log.slice(log.findIndex(({stamp}) => stamp >= since))

describe('a line with the stamp of an engine', () => {
  it('is its stamp and its text, with the offset of podman as well', () => {
    expect(readStamped('2026-11-30T22:10:30.344514354Z     at foo')).toEqual({
      stamp: '2026-11-30T22:10:30.344514354Z',
      text: '    at foo',
    })
    expect(readStamped('2026-11-30T22:10:30+00:00 x')?.text).toBe('x')
    expect(readStamped('2026-11-30T22:10:30.344514354Z ')?.text).toBe('')
    expect(readStamped('Error response from daemon: No such container: gw')).toBeNull()
  })
})

describe('a bookmark', () => {
  it('goes on after each cut without a line lost or doubled, however near they stand', () => {
    const log = Array.from({length: 3000}, (_, i) => line(Math.floor(i / 3), `line ${i % 7}`))
    const bookmark = createBookmark()
    const result: StampedLine[] = []
    for (const end of [0, 1, 5, 700, 701, 2500, 3000]) {
      const since = bookmark.resume()
      result.push(...from(log.slice(0, end), since).filter(bookmark.isNew))
    }
    expect(result).toEqual(log)
  })

  it('holds where two streams are stamped in another order than they are written', () => {
    const log = Array.from({length: 400}, (_, i) => line(i % 2 === 0 ? i + 3 : i))
    const bookmark = createBookmark()
    const result: StampedLine[] = []
    for (const end of [100, 101, 250, 400]) {
      const since = bookmark.resume()
      result.push(...from(log.slice(0, end), since).filter(bookmark.isNew))
    }
    expect(result).toEqual(log)
  })

  it('begins again with another container', () => {
    const bookmark = createBookmark()
    expect([bookmark.resume(), bookmark.isNew(line(1)), bookmark.resume()]).toEqual([null, true, line(1).stamp])
    bookmark.clear()
    expect([bookmark.resume(), bookmark.isNew(line(1))]).toEqual([null, true])
  })
})
