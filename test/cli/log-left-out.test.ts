import fs from 'node:fs'
import path from 'node:path'
import {expect, it} from 'vitest'
import {begun, room} from './gatecrab.ts'

const log = new URL('../fixtures/logs/2026.9.6/default-level.jsonl', import.meta.url)

/** `/tmp/openclaw` is of the whole machine, so a profile of our own is asked for: its log has a name of its own. */
const checked = async (mode: number) => {
  using home = room()
  const folder = path.join(home.folder, `openclaw-${process.getuid?.() ?? 0}`)
  fs.mkdirSync(folder)
  fs.copyFileSync(log, path.join(folder, 'openclaw-planted-2026-01-10.log'))
  fs.chmodSync(folder, mode)
  const args = ['check', '--json', '--profile', 'planted', '--release', '2026.9.6', '--since', '2020-01-01T00:00:00Z']
  using running = begun(args, home.folder)
  running.child.stdin.end()
  const {stdout, stderr} = await running.ended
  return {
    folder,
    found: JSON.parse(stdout) as {problems: {id: string; title: string}[]; gateway: {lastLineAt: string | null}},
    stderr,
  }
}

it('check reads the default log folder when it is safe', async () => {
  const {found} = await checked(0o700)
  expect(found.gateway.lastLineAt).not.toBeNull()
  expect(found.problems.map(({id}) => id)).not.toContain('log-left-out')
})

it('check reads nothing of a log folder that others can write into, and names it', async () => {
  const {found, folder} = await checked(0o777)
  expect(found.gateway.lastLineAt).toBeNull()
  expect(found.problems).toContainEqual(expect.objectContaining({id: 'log-left-out', title: expect.stringContaining(folder)}))
})
