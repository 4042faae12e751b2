import {PassThrough} from 'node:stream'
import {afterEach, expect, test, vi} from 'vitest'
import {type Demo, startDemo} from '../../src/demo/demo.ts'
import {deviceOf} from '../../src/demo/device.ts'
import {demoOpenclaw} from '../../src/demo/openclaw/openclaw.ts'
import {describeDevices, noSightings} from '../../src/domain/devices/report.ts'
import {readDeviceStore} from '../../src/sources/devices/reader.ts'

const demos: Demo[] = []
afterEach(async () => {
  for (const demo of demos.splice(0)) await demo.stop()
})

const phone = deviceOf('demo phone').id
const laptop = deviceOf('demo laptop').id

const reportOf = async ({folder}: Demo) => {
  const {store} = await readDeviceStore(folder, '2026.9.6')
  return describeDevices(store ?? {pending: [], paired: []}, noSightings(Date.now()))
}

const openclaw = ({folder}: Demo, ...words: string[]) => demoOpenclaw(folder, ['devices', ...words, '--json'], new PassThrough())

test('a phone waits; approved by the command of the demo it gets in, revoked it is put out, and every change stands in the store', async () => {
  const demo = await startDemo({speed: 40})
  demos.push(demo)
  const waiting = async () =>
    (await reportOf(demo)).requests.find(({deviceId, state}) => deviceId === phone && state === 'waiting')
  await vi.waitUntil(waiting, {timeout: 10_000})
  const {devices} = await reportOf(demo)
  expect(devices.find(({state}) => state === 'stale')?.name).toBe('old tablet')
  expect(devices.find(({isOlderDuplicate}) => isOlderDuplicate)?.duplicates).toEqual([laptop])
  const requestId = (await waiting())?.requestId ?? ''
  expect(await openclaw(demo, 'approve', 'nonsense')).toMatchObject({
    ok: false,
    text: expect.stringContaining('unknown requestId'),
  })
  expect(await openclaw(demo, 'approve', requestId)).toMatchObject({ok: true})
  const stored = async () => (await reportOf(demo)).devices.find(({deviceId}) => deviceId === phone)
  expect(await stored()).toMatchObject({via: 'owner', scopes: ['operator.read', 'operator.write']})
  await vi.waitUntil(async () => (await stored())?.lastSeenAt, {timeout: 10_000})
  expect(await openclaw(demo, 'revoke', '--device', phone, '--role', 'operator')).toMatchObject({ok: true})
  expect(await stored()).toMatchObject({state: 'revoked'})
  expect(await openclaw(demo, 'remove', phone)).toMatchObject({ok: true})
  expect(await stored()).toBeUndefined()
  await vi.waitUntil(waiting, {timeout: 10_000})
})
