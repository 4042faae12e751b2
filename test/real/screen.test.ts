import type {ChildProcess} from 'node:child_process'
import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest'
import type {Observed} from '../../src/domain/live/observed.ts'
import {Secret} from '../../src/domain/secret.ts'
import {observe} from '../../src/sources/live/observer.ts'
import {built} from '../e2e/built.ts'
import {openScreen} from '../e2e/screen.ts'
import {sizes} from '../e2e/sizes.ts'
import {come, kinds} from './clients.ts'
import {isOnTap, onTap, ours, type Tap} from './traffic-recorder.ts'

const release = '2026.9.6'
const inTime = 3000
const truly = 5000
/** Up for long enough that gatecrab is in, too. */
const settled = / up (?:[5-9]|\d\d)s/

/** A page is let in only with the build of the gateway that serves it. */
const buildIdOf = async (tap: Tap): Promise<string> => {
  const all: Observed[] = []
  const observer = observe({
    url: tap.url,
    token: async () => new Secret(tap.token()),
    version: '0.0.0-test',
    onChange: now => void all.push(now),
  })
  await vi.waitFor(() => expect(all.at(-1)?.hello).toBeTruthy(), {timeout: 10_000})
  observer.close()
  return all.at(-1)?.hello?.buildId ?? ''
}

describe.skipIf(!isOnTap(release))(`the screen at a real gateway, ${release}`, () => {
  let tap: Tap
  const records = new Map<string, ChildProcess>()
  const output: Record<string, number> = {}

  beforeAll(async () => {
    await built()
    tap = onTap(release)
  }, 300_000)

  afterAll(() => {
    for (const record of records.values()) record.kill('SIGKILL')
    tap?.end()
    console.info('milliseconds until it was on the screen', output)
  })

  test.each(sizes)('who is in, and how the gateway fares, at $cols x $rows', async size => {
    const screen = openScreen([], {...size, env: {HOME: tap.home, NO_COLOR: '1'}})
    const timed = async (what: string, ms: number, wait: () => Promise<void>): Promise<void> => {
      const began = performance.now()
      await wait()
      const took = Math.round(performance.now() - began)
      output[`${what}, ${size.cols}x${size.rows}`] = took
      expect([what, took < ms]).toEqual([what, true])
    }
    const shows = (what: string, query: RegExp, ms: number) => timed(what, ms, () => screen.waitFor(query, ms))
    const drops = (what: string, query: RegExp, ms: number) => timed(what, ms, () => screen.waitForGone(query, ms))

    await screen.waitFor(new RegExp(`gateway ${release} :${tap.port} pid \\d+ +up `))
    await screen.waitFor(/ 0 connected/)

    let count = 0
    for (const kind of kinds(tap.url, await buildIdOf(tap))) {
      const record = await come(tap, kind)
      records.set(kind.name, record)
      count += 1
      await shows(`in: ${kind.name}`, new RegExp(`✓ .*${kind.title} ${record.pid} .* in\\b`), inTime)
      await screen.waitFor(` ${count} connected`, inTime)
    }
    for (const [i, kind] of kinds(tap.url, '').entries()) {
      const pid = records.get(kind.name)?.pid
      records.get(kind.name)?.kill(i % 2 === 0 ? 'SIGTERM' : 'SIGKILL')
      count -= 1
      await drops(`out: ${kind.name}`, new RegExp(`✓ .*${kind.title} ${pid} `), inTime)
      await screen.waitFor(` ${count} connected`, inTime)
    }

    tap.signal('SIGSTOP')
    await shows('frozen', /FROZEN/, truly)
    tap.signal('SIGCONT')
    await shows('awake', / up /, truly)

    const fresh = (size.cols === 80 ? 'b' : 'c').repeat(48)
    tap.rotate(fresh)
    await shows('rotated', new RegExp(`token ${fresh.slice(0, 4)}`), truly)

    tap.signal('SIGUSR2')
    await shows('restarting', / restarting/, truly)
    await screen.waitFor(settled, 60_000)

    tap.signal('SIGKILL')
    await shows('killed', /GONE/, truly)
    tap.again()
    await screen.waitFor(settled, 60_000)
    tap.signal('SIGTERM')
    await shows('stopped', /stopped \d+s ago/, truly)
    tap.again()
    await screen.waitFor(settled, 60_000)

    expect(ours(tap.logFrom(0)).length).toBe(0)
  })
})
