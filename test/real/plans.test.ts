import type {ChildProcess} from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {endEntry} from '../../src/domain/plans/journal.ts'
import {isSince} from '../../src/domain/release.ts'
import {listJournals} from '../../src/sources/plans/journals.ts'
import {statePlaces} from '../../src/sources/plans/journals-folder.ts'
import {readHostEnv} from '../../src/sources/service/host-env.ts'
import {portHolder} from '../../src/sources/service/port-holder.ts'
import {built} from '../e2e/built.ts'
import {openScreen, type Screen} from '../e2e/screen.ts'
import {askPort} from '../fixtures/stubs/home.ts'
import {sampleProcesses, writtenIn} from '../fixtures/stubs/leaks.ts'
import {arrive, type Kind, kinds} from './clients.ts'
import {isOnTap, onTap, type Tap} from './traffic-recorder.ts'

const releases = ['2026.9.6', '2026.6.11'].filter(isOnTap)
const truly = 60_000

describe.each(releases)('from the screen, at a real gateway, %s', release => {
  let tap: Tap
  let state: string
  const records = new Map<string, ChildProcess>()

  beforeAll(async () => {
    await built()
    tap = onTap(release)
    state = path.join(tap.home, 'gatecrab')
  }, 300_000)

  afterAll(async () => {
    for (const record of records.values()) record.kill('SIGKILL')
    const holder = await portHolder({host: '127.0.0.1', port: tap.port})
    tap.end()
    try {
      if (holder !== null) process.kill(holder.pid, 'SIGKILL')
    } catch {
      // It went with its group.
    }
  })

  const screen = async (size: {cols: number; rows: number}): Promise<Screen> => {
    const bin = fs.readFileSync(path.join(tap.home, 'env.sh'), 'utf8').match(/^BIN=(.*)$/m)?.[1] ?? ''
    const env = {HOME: tap.home, PATH: `${bin}:/usr/bin:/bin`, GATECRAB_STATE_DIR: state, OPENCLAW_DISABLE_BONJOUR: '1'}
    const opened = openScreen([], {...size, env})
    await opened.waitFor(/token \w{4}…\w{4}/, truly)
    return opened
  }
  const run = async (at: Screen, key: string, word: string): Promise<string> => {
    at.press(key)
    await at.waitFor(word === '' ? 'enter run' : `Type ${word} and enter to run it`, truly)
    at.type(`${word}\r`)
    await at.waitFor(/^(?:Done\b|It failed|It did not work)/m, 8 * truly)
    const text = at.text()
    at.press('esc')
    await at.waitForGone(/^(?:Done\b|It failed|It did not work)/m)
    return text
  }
  const takes = async (...tokens: string[]): Promise<number[]> => {
    const text: number[] = []
    for (const token of tokens) text.push(await askPort(tap.port, token))
    return text
  }
  const buildId = (): string => /"buildId":"([^"]+)"/.exec(fs.readFileSync(tap.log, 'utf8'))?.[1] ?? ''
  const come = async (kind: Kind, token = tap.token()): Promise<string> => {
    const {child, said: text} = await arrive(tap, token, kind)
    records.get(kind.name)?.kill('SIGKILL')
    records.set(kind.name, child)
    return text
  }

  test('six clients are in; one key, one word, and the board says who is back', async () => {
    const old = tap.token()
    const all = kinds(tap.url, buildId()).filter(({name}) => name !== 'openclaw-control-ui')
    const six = [...all, {...all[1]!, name: 'second-bridge', title: 'second-bridge'}]
    for (const kind of six) expect([kind.name, await come(kind)]).toEqual([kind.name, 'in'])
    const at = await screen({cols: 120, rows: 50})
    await at.waitFor(/ [6-9] connected/, truly)
    const sampling = sampleProcesses()
    expect(await run(at, 't', 'rotate')).toMatch(/Done\b/)
    const fresh = tap.token()
    expect([fresh !== old, await takes(fresh, old, fresh)]).toEqual([true, [400, 401, 400]])
    await at.waitFor(/new token at \d\d:\d\d:\d\d: 0 stuck, \d waiting/, truly)
    const [late, ...others] = six
    for (const kind of others) expect([kind.name, await come(kind, fresh)]).toEqual([kind.name, 'in'])
    expect(await come(late!, old)).toBe('refused')
    await at.waitFor(/new token at \S+ \d+ stuck, \d+ waiting, [4-9] back/, truly)
    await at.waitFor(/new token at \S+ 1 stuck, \d+ waiting, [4-9] back/, 3 * truly)
    const {argv, environ, looks} = sampling.stop()
    expect(looks).toBeGreaterThan(100)
    for (const [where, text] of Object.entries({argv, environ, screen: at.raw(), written: writtenIn(state)}))
      expect([where, text.includes(old), text.includes(fresh)]).toEqual([where, false, false])
    expect(argv).toContain('run-plan')
    expect(at.text()).toMatch(/stuck +cli/)
    at.press('q')
    await at.exited
  })

  test('verify, propagate, undo and restart, each by its key, at 80 columns', async () => {
    const at = await screen({cols: 80, rows: 24})
    const token = tap.token()
    expect(await run(at, 'v', '')).toMatch(/Done\b/)
    fs.writeFileSync(path.join(tap.home, '.openclaw/.env'), `OPENCLAW_GATEWAY_TOKEN=${'9'.repeat(48)}\n`, {mode: 0o600})
    expect(await run(at, 'p', 'propagate')).toMatch(/Done\b/)
    expect(fs.readFileSync(path.join(tap.home, '.openclaw/.env'), 'utf8')).toBe(`OPENCLAW_GATEWAY_TOKEN=${token}\n`)
    const restarted = await run(at, 'r', 'restart')
    expect(restarted).toContain(isSince(release, '2026.7.0') ? 'Done' : 'not-loaded')
    expect(await takes(token)).toEqual([400])
    expect(await run(at, 't', 'rotate')).toMatch(/Done\b/)
    const fresh = tap.token()
    expect(await run(at, 'u', 'undo')).toMatch(/Done\b/)
    expect([tap.token(), await takes(token, fresh, token)]).toEqual([token, [400, 401, 400]])
    const journals = listJournals(statePlaces({...readHostEnv(), env: {GATECRAB_STATE_DIR: state}}))
    expect(journals.every(({entries}) => endEntry(entries) !== null)).toBe(true)
    at.press('q')
    await at.exited
  })
})
