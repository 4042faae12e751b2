import path from 'node:path'
import {spawn} from '@lydell/node-pty'
import {type Environment, environmentIn, launcher, median, root, runPeer} from './measure.ts'
import type {Group} from './rows.ts'

const log = path.join(root, 'test/fixtures/logs/2026.9.6/default-level.jsonl')

type Start = {frame: number; rows: number}

/** Left with q, since a killed program does not keep what it compiled. */
const start = (env: Environment): Promise<Start> =>
  new Promise(resolve => {
    const began = performance.now()
    const pty = spawn(process.execPath, [launcher, '--log', log], {cols: 80, rows: 24, env})
    const found: Start = {frame: Number.NaN, rows: Number.NaN}
    let seen = ''
    pty.onData(data => {
      seen += data
      if (Number.isNaN(found.frame) && seen.includes('REASON')) found.frame = performance.now() - began
      if (!Number.isNaN(found.rows) || !seen.includes('token-missing')) return
      found.rows = performance.now() - began
      pty.write('q')
    })
    pty.onExit(() => resolve(found))
  })

/** From spawn to the first frame and to the first rows, beside the least that a program on Node takes. */
export const startup: Group = async ({isQuick, folder}, add) => {
  const warm = environmentIn(folder)
  const cold = {...warm, NODE_DISABLE_COMPILE_CACHE: '1'}
  for (const _ of Array(2)) await start(warm)
  const floors: number[] = []
  const warms: Start[] = []
  const colds: Start[] = []
  for (let round = 0; round < (isQuick ? 5 : 15); round += 1) {
    floors.push(runPeer(process.execPath, ['-e', '0'], warm) ?? Number.NaN)
    warms.push(await start(warm))
    colds.push(await start(cold))
  }
  const theirs = median(floors)
  const row = (what: string, all: readonly number[], reach: {times: number} | null) =>
    add({what, unit: 'ms', ours: median(all), peer: 'node -e 0', theirs, reach})
  row(
    'first frame',
    warms.map(({frame}) => frame),
    {times: 6},
  )
  row(
    'first rows',
    warms.map(({rows}) => rows),
    null,
  )
  row(
    'first frame, never run before',
    colds.map(({frame}) => frame),
    null,
  )
}
