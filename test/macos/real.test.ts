import {spawnSync} from 'node:child_process'
import path from 'node:path'
import {beforeAll, describe, expect, test} from 'vitest'
import {endEntry, readEntries} from '../../src/domain/plans/journal.ts'
import {built, launcher} from '../e2e/built.ts'
import {keep, said} from './proof.ts'

/** A folder in which `npm i openclaw` was done; its gateway becomes an agent of this account, so it is for machines of CI. */
const installed = process.env['OPENCLAW_ON_MAC']
const why = process.platform === 'darwin' ? 'set OPENCLAW_ON_MAC to a folder with openclaw installed' : 'it takes a Mac'

const bin = path.join(installed ?? '', 'node_modules/.bin')
const env = {...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}`}

const gatecrab = (...argv: string[]): {status: number | null; stdout: string; stderr: string} =>
  spawnSync(process.execPath, [launcher, ...argv], {encoding: 'utf8', env, timeout: 300_000})

const outcome = (...argv: string[]): string | undefined =>
  endEntry(readEntries(gatecrab(...argv, '--yes', '--json').stdout))?.outcome

beforeAll(built)

describe.skipIf(process.platform !== 'darwin' || !installed)(`a real gateway under launchd (skipped elsewhere: ${why})`, () => {
  test('is installed as an agent, and gatecrab finds it', () => {
    const install = spawnSync(path.join(bin, 'openclaw'), ['gateway', 'install'], {encoding: 'utf8', env, timeout: 300_000})
    keep('openclaw-gateway-install', `${install.stdout}${install.stderr}`)
    const uid = process.getuid?.()
    keep('launchctl-print-openclaw', said('launchctl', 'print', `gui/${uid}/ai.openclaw.gateway`))
    const {status, stdout} = gatecrab('check', '--json')
    keep('gatecrab-check', stdout)
    expect([0, 2]).toContain(status)
    expect(JSON.parse(stdout).gateway).toMatchObject({is: 'up'})
  })

  test.each([1, 2])('restart, rotate and undo are proved, turn %i', () => {
    expect(outcome('restart')).toBe('done')
    expect(outcome('rotate')).toBe('done')
    expect(outcome('undo')).toBe('done')
  })

  test('through ssh it is the same gateway', () => {
    const remote = gatecrab('check', '--host', 'localhost', '--gatecrab', `${process.execPath} ${launcher}`, '--json')
    keep('gatecrab-check-host', `${remote.stdout}${remote.stderr}`)
    expect([0, 2]).toContain(remote.status)
  })
})
