import {execFileSync} from 'node:child_process'
import os from 'node:os'
import path from 'node:path'
import {expect, test} from 'vitest'
import {readPowerLog} from '../../src/gateway/service/power-log.ts'
import {makePlaces, statePlaces} from '../../src/sources/plans/journals-folder.ts'
import {acquireLock, isLock, lockHolder} from '../../src/sources/plans/lock.ts'
import {processStartOf} from '../../src/sources/process-start.ts'
import {recentSleeps} from '../../src/sources/service/host.ts'
import {readHostEnv} from '../../src/sources/service/host-env.ts'
import {scratchFolder} from '../stress/recorder.ts'
import {keep, onMac, run, said} from './proof.ts'

onMac('processes and power', () => {
  test('a process began at one time, whatever zone who asks is in', () => {
    const script = `import('${path.join(import.meta.dirname, '../../src/sources/process-start.ts')}').then(m => console.log(m.processStartOf(${process.pid})))`
    const inZone = (TZ: string): string =>
      execFileSync(process.execPath, ['-e', script], {encoding: 'utf8', env: {...process.env, TZ}}).trim()
    keep('ps-lstart', said('ps', '-o', 'pid=,lstart=,comm=', '-p', String(process.pid)))
    expect(inZone('Asia/Tokyo')).toBe(processStartOf(process.pid))
    expect(inZone('America/New_York')).toBe(processStartOf(process.pid))
  })

  test('a process that is gone began at no time', () => expect(processStartOf(99_999_999)).toBeNull())

  test('a lock whose owner lives is kept', () => {
    const places = statePlaces({...readHostEnv(), env: {GATECRAB_STATE_DIR: scratchFolder()}})
    makePlaces(places)
    const plan = {id: 'x', fix: 'rotate'}
    const got = acquireLock(places, 'gateway', plan)
    expect(isLock(got)).toBe(true)
    expect(lockHolder(places, 'gateway')).toMatchObject({id: 'x'})
    expect(isLock(acquireLock(places, 'gateway', {...plan, id: 'y'}))).toBe(false)
  })

  test.each(['en_US', 'de_DE', 'th_TH', 'ar_EG'])('every sleep and wake of pmset is read, also in %s', locale => {
    const printed = execFileSync('pmset', ['-g', 'log'], {
      encoding: 'utf8',
      maxBuffer: 256 << 20,
      env: {...process.env, LANG: `${locale}.UTF-8`, LC_ALL: `${locale}.UTF-8`},
    })
    const told = printed.split('\n').filter(line => /^\S+ \S+ [+-]\d{4}\s+(?:Sleep|Wake|DarkWake)(?:\s*\t|\s{2})/.test(line))
    keep(`pmset-log-${locale}`, printed.slice(-200_000))
    expect(readPowerLog(printed).length).toBe(told.filter(line => !line.includes('Entering DarkWake')).length)
  })

  test('a sleep has a beginning that is no later than its end', async () => {
    for (const {at, until} of await recentSleeps()) expect(at).toBeLessThanOrEqual(until ?? at)
  })

  test('which system it is', () => keep('system', `${os.release()}\n${run('sw_vers')}`))
})
