import fs from 'node:fs'
import path from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {expect, onTestFinished, test, vi} from 'vitest'
import type {TimelineEvent} from '../../src/domain/timeline/timeline.ts'
import {readChanges, watchChanges} from '../../src/sources/changes.ts'
import {openJournal} from '../../src/sources/plans/journals.ts'
import {makePlaces, statePlaces} from '../../src/sources/plans/journals-folder.ts'
import {scratchFolder} from '../stress/recorder.ts'

const written = (at: string, key: string): string =>
  JSON.stringify({ts: at, event: 'config.write', pid: 7, argv: ['/opt/node', '/opt/bin/openclaw', 'config', 'set', key, 'x']})

const house = () => {
  const home = scratchFolder()
  const stateDir = path.join(home, '.openclaw')
  const configFile = path.join(stateDir, 'openclaw.json')
  const places = statePlaces({platform: 'linux', home, tmp: home, uid: null, env: {}})
  fs.mkdirSync(path.join(stateDir, 'logs'), {recursive: true})
  fs.mkdirSync(path.join(stateDir, 'state'))
  const writeConfig = (at: string): void => {
    fs.writeFileSync(configFile, '{}')
    fs.utimesSync(configFile, new Date(at), new Date(at))
  }
  return {
    place: {stateDir, configFile, places},
    writeConfig,
    log: (name: string, ...lines: string[]) => fs.appendFileSync(path.join(stateDir, 'logs', name), `${lines.join('\n')}\n`),
    store: (text: string) => {
      const db = new DatabaseSync(path.join(stateDir, 'state', 'openclaw.sqlite'))
      db.exec(
        'CREATE TABLE diagnostic_events (scope TEXT, event_key TEXT, payload_json TEXT, created_at INTEGER, sequence INTEGER)',
      )
      db.prepare("INSERT INTO diagnostic_events VALUES ('config-audit', 'k', ?, 1, 0)").run(text)
      db.prepare("INSERT INTO diagnostic_events VALUES ('config-snapshot', 'k', '{}', 2, 0)").run()
      db.close()
    },
  }
}

const byHand = 'config: config edited outside OpenClaw (no audit record)'

const read = (timeline: readonly TimelineEvent[]): string[] => timeline.map(({kind, text}) => `${kind}: ${text}`)

test('the file, the database, restarts and what gatecrab did, in the order in which it happened', async () => {
  const {place, writeConfig, log, store} = house()
  log('config-audit.jsonl', written('2026-11-21T10:00:00.000Z', 'logging.level'), 'torn {"ts"')
  store(written('2026-11-21T11:00:00.000Z', 'gateway.auth.token'))
  log(
    'gateway-restart.log',
    '[2026-11-21T11:00:05.000Z] openclaw gateway lifecycle source=cli action=restart mode=rpc pid=9 interactive=0',
  )
  writeConfig('2026-11-21T11:00:00.500Z')
  makePlaces(place.places)
  const journal = openJournal(place.places, '2026-11-21T12-00-00.000Z-rotate')
  journal.write({kind: 'planned', plan: {id: 'x', fix: 'rotate', steps: []} as never, runner: {pid: 1, startedAt: ''}})
  journal.write({kind: 'ended', outcome: 'done', changed: true, because: null, left: [], by: null, unknown: false})
  expect(read(await readChanges(place))).toEqual([
    'config: config written by openclaw config set logging.level, pid 7',
    'config: config written by openclaw config set gateway.auth.token, pid 7',
    'restart: restart (rpc) asked for by cli, pid 9',
    'plan: gatecrab rotate: done',
  ])
})

test('a write that nothing tells of was one by hand', async () => {
  const {place, writeConfig, log} = house()
  log('config-audit.jsonl', written('2026-11-21T10:00:00.000Z', 'logging.level'))
  writeConfig('2026-11-21T13:00:00.000Z')
  expect(read(await readChanges(place)).at(-1)).toBe(byHand)
})

test('a write of a plan of ours is not called one by hand', async () => {
  const {place, writeConfig} = house()
  makePlaces(place.places)
  const journal = openJournal(place.places, '2026-11-21T12-00-00.000Z-propagate')
  journal.write({kind: 'planned', plan: {id: 'x', fix: 'propagate', steps: []} as never, runner: {pid: 1, startedAt: ''}})
  const wrote = {seal: null, mark: null, from: null, to: null}
  journal.write({kind: 'step-ended', step: 'copy-1', ok: true, ms: 20, because: null, wrote})
  writeConfig(new Date().toISOString())
  expect(read(await readChanges(place))).toEqual(['plan: gatecrab propagate: began'])
})

test('an edit by hand that was seen stays, whoever writes the file next', async () => {
  const {place, writeConfig, log} = house()
  const all: TimelineEvent[][] = []
  vi.useFakeTimers({toFake: ['setInterval', 'setTimeout']})
  onTestFinished(() => void vi.useRealTimers())
  writeConfig('2026-11-21T13:00:00.000Z')
  const {close} = watchChanges(place, timeline => void all.push(timeline))
  onTestFinished(close)
  await vi.advanceTimersByTimeAsync(10)
  await vi.waitFor(() => expect(read(all.at(-1) ?? [])).toEqual([byHand]))
  writeConfig('2026-11-21T13:10:00.000Z')
  log('config-audit.jsonl', written('2026-11-21T13:10:00.500Z', 'logging.level'))
  await vi.advanceTimersByTimeAsync(8000)
  await vi.waitFor(() =>
    expect(read(all.at(-1) ?? [])).toEqual([byHand, 'config: config written by openclaw config set logging.level, pid 7']),
  )
})

test('a plan that was interrupted and finished by a later one is told as that, once', async () => {
  const {place} = house()
  makePlaces(place.places)
  const ended = {kind: 'ended', outcome: 'done', changed: true, because: null, left: [], unknown: false} as const
  for (const [id, fix, by] of [
    ['a', 'rotate', 'b'],
    ['b', 'rotate', null],
  ] as const) {
    const journal = openJournal(place.places, id)
    journal.write({kind: 'planned', plan: {id, fix, steps: []} as never, runner: {pid: 1, startedAt: ''}})
    journal.write({...ended, by})
  }
  expect(read(await readChanges(place)).toSorted()).toEqual(['plan: gatecrab rotate: done', 'plan: gatecrab rotate: interrupted'])
})

test('where nothing is kept, nothing is told', async () => {
  const {place} = house()
  expect(await readChanges(place)).toEqual([])
})

test('a new record is told while it looks on', async () => {
  const {place, log} = house()
  const all: TimelineEvent[][] = []
  vi.useFakeTimers({toFake: ['setInterval', 'setTimeout']})
  onTestFinished(() => void vi.useRealTimers())
  const {close} = watchChanges(place, timeline => void all.push(timeline))
  onTestFinished(close)
  await vi.advanceTimersByTimeAsync(10)
  await vi.waitFor(() => expect(all).toHaveLength(1))
  log('config-audit.jsonl', written('2026-11-21T10:00:00.000Z', 'logging.level'))
  await vi.advanceTimersByTimeAsync(8000)
  await vi.waitFor(() => expect(all.at(-1)).toHaveLength(1))
})
