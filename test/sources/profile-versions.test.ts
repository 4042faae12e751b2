import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {buildProfileReport, type ProfileReport} from '../../src/domain/logins/profile-report.ts'
import type {ProfileReading} from '../../src/domain/logins/reading.ts'
import {fixtures, folder, json, named, put, read, scenario} from './profile-host.ts'

type Summary = {
  openclaw: string
  capturedAtMs: number
  unusableProfiles: {profileId: string; until: number; reason?: string}[]
  statuses: Record<string, string>
  checkExitSingle: Record<string, number>
}

const versions = fs.readdirSync(path.join(fixtures, 'versions'))

const config = {agents: {defaults: {model: {primary: 'anthropic/claude-opus-4-6'}}}}

/** The store of that release where it was captured; the shared one of 8.2 and 9.6 is the same as in 04. */
const readingOf = async (version: string): Promise<{reading: ProfileReading; summary: Summary; now: number}> => {
  const summary: Summary = json(fixtures, 'versions', version, 'summary.json')
  const from = path.join(fixtures, 'versions', version)
  const files = fs.readdirSync(from).filter(file => /^auth-|sqlite$/.test(file))
  const found = files.length === 0 ? scenario('04-garbage') : {stateDir: folder(), now: summary.capturedAtMs, env: {}}
  put(found.stateDir, 'openclaw.json', config)
  const agentDir = path.join(found.stateDir, 'agents/main/agent')
  if (files.length > 0) fs.mkdirSync(agentDir, {recursive: true})
  for (const file of files) fs.copyFileSync(path.join(from, file), path.join(agentDir, file))
  return {reading: await read({...found, release: version}), summary, now: found.now}
}

const variant = (profileId: string): string => profileId.replace(/^anthropic:/, '')

const onlyOne = (reading: ProfileReading, name: string): ProfileReading => {
  const {shared} = reading
  if (!shared) throw new Error('no store was read')
  const credentials = shared.rows.credentials.filter(({profileId}) => variant(profileId) === name)
  return {...reading, shared: {...shared, rows: {...shared.rows, credentials, order: {}, usage: {}}}}
}

const checkExit = (board: ProfileReport): number | undefined => board.agents[0]?.openclaw?.exit

describe.each(versions)('%s', version => {
  test('each of the 44 variants has the status that this release gave it', async () => {
    const {reading, summary, now} = await readingOf(version)
    const ours = buildProfileReport(reading, now).profiles.map(({profileId, openclawSays}) => [
      variant(profileId),
      openclawSays ?? 'absent',
    ])
    const theirs = Object.entries(summary.statuses).map(([name, text]) => [name, text.split(/[ /]/)[0]])
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs))
  })

  test('alone in the store, each ends --check as it did', async () => {
    const {reading, summary, now} = await readingOf(version)
    const names = Object.keys(summary.checkExitSingle)
    const ours = names.map(name => [name, checkExit(buildProfileReport(onlyOne(reading, name), now))])
    expect(Object.fromEntries(ours)).toEqual(summary.checkExitSingle)
    expect(names.length).toBeGreaterThan(12)
  })
})

const hasOwnStore = (version: string): boolean =>
  fs.readdirSync(path.join(fixtures, 'versions', version)).some(file => /^auth-|sqlite$/.test(file))

test.each(versions.filter(hasOwnStore))('%s: order and blocks are read from where it keeps them', async version => {
  const {reading, summary, now} = await readingOf(version)
  const board = buildProfileReport(reading, now)
  for (const {profileId, until, reason} of summary.unusableProfiles) {
    expect(named(board, profileId).blocked?.until, profileId).toBe(until)
    if (reason !== undefined) expect(named(board, profileId).blocked?.reason).toBe(reason)
  }
  expect(board.profiles.filter(({blocked}) => blocked !== null)).toHaveLength(summary.unusableProfiles.length)
  expect(reading.shared?.rows.order).toEqual({anthropic: ['anthropic:api-ok', 'anthropic:tok-365d']})
})

test('9.6 alone in the store, all 44', async () => {
  const {reading, now} = await readingOf('2026.9.6')
  const {rows} = json(fixtures, 'versions/2026.9.6/matrix-single-profile.json')
  for (const row of rows) {
    const board = buildProfileReport(onlyOne(reading, row.variant), now)
    expect([row.variant, board.profiles[0]?.openclawSays ?? '(absent)', checkExit(board)]).toEqual([
      row.variant,
      row.status,
      row.check,
    ])
  }
  expect(rows).toHaveLength(44)
})

test('what a person must mend is the same under every release that can tell', async () => {
  for (const version of versions) {
    const {reading, now} = await readingOf(version)
    const board = buildProfileReport(reading, now)
    const state = (name: string) => named(board, `anthropic:${name}`).state
    expect([version, state('oau-fence-failed')]).toEqual([version, 'login-lost'])
    expect([state('tok-past'), state('oau-past'), state('oau-past-norefresh'), state('api-blank'), state('oau-nothing')]).toEqual(
      ['expired', 'renews', 'expired', 'missing', 'missing'],
    )
  }
})
