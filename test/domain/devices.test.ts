import {describe, expect, test} from 'vitest'
import type {PairedDevice, PairingRequest} from '../../src/domain/devices/device.ts'
import {describeDevices, noSightings, staleAfterMs} from '../../src/domain/devices/report.ts'
import {device, minute, now, request, token} from './device-builders.ts'

const described = (pending: PairingRequest[], paired: PairedDevice[], more = {}) =>
  describeDevices({pending, paired}, {...noSightings(now), ...more})

describe('a request', () => {
  test('of a device that is not known asks for everything', () => {
    const [row] = described([request()], []).requests
    expect(row).toMatchObject({
      kind: 'new-device',
      state: 'waiting',
      approved: null,
      newRoles: ['operator'],
      newScopes: ['operator.read'],
    })
  })

  test('for more is put beside what is approved, and only what is new is named', () => {
    const [row] = described([request({scopes: ['operator.read', 'operator.write']})], [device()]).requests
    expect(row).toMatchObject({
      kind: 'more-scopes',
      newRoles: [],
      newScopes: ['operator.write'],
      approved: {scopes: ['operator.read']},
    })
  })

  test('an administrator asks for nothing new by asking to read or write', () => {
    const [row] = described([request({scopes: ['operator.read']})], [device({scopes: ['operator.admin']})]).requests
    expect(row).toMatchObject({kind: 'again', newScopes: []})
  })

  test('of a device whose token was revoked asks for its role again', () => {
    const [row] = described([request()], [device({tokens: [{...token, revokedAt: now}]})]).requests
    expect(row).toMatchObject({kind: 'other-role', newRoles: ['operator']})
  })

  test('ends five minutes after it was made or asked again', () => {
    const states = (more: Partial<PairingRequest>) => described([request(more)], []).requests[0]?.state
    expect(states({requestedAt: now - 4 * minute})).toBe('waiting')
    expect(states({requestedAt: now - 6 * minute})).toBe('expired')
    expect(states({requestedAt: now - 6 * minute, refreshedAt: now - minute})).toBe('waiting')
  })

  test('names those of the same device that it replaced', () => {
    const requestsInLog = new Map([
      ['phone-1111', ['r0', 'aaaa1111-request']],
      ['other', ['r9']],
    ])
    expect(described([request()], [], {requestsInLog}).requests[0]?.supersedes).toEqual(['r0'])
  })

  test('that waits comes before one that has ended', () => {
    const pending = [request({requestId: 'old', requestedAt: now - 60 * minute}), request({requestId: 'new'})]
    expect(described(pending, []).requests.map(({requestId}) => requestId)).toEqual(['new', 'old'])
  })
})

describe('a paired device', () => {
  const row = (more: Partial<PairedDevice>, sightings = {}) => described([], [device(more)], sightings).devices[0]

  test('is connected where a source says so, and unknown where none can tell', () => {
    expect(row({}, {connected: new Set(['phone-1111'])})).toMatchObject({state: 'connected', connected: true})
    expect(row({connected: false})).toMatchObject({state: 'paired', connected: false})
    expect(row({connected: true})).toMatchObject({state: 'connected', connected: true})
    expect(row({})).toMatchObject({state: 'paired', connected: null})
  })

  test('that nobody has seen for a month is stale, and the log counts as seeing it', () => {
    const before = now - staleAfterMs - 1
    const old = {lastSeenAt: before, approvedAt: before}
    expect(row(old)?.state).toBe('stale')
    expect(row(old, {lastInLog: new Map([['phone-1111', now - minute]])})).toMatchObject({state: 'paired', seenAt: now - minute})
  })

  test('without a token that works is revoked', () => {
    expect(row({tokens: [{...token, revokedAt: now}]})?.state).toBe('revoked')
    expect(row({tokens: []})?.state).toBe('paired')
  })

  test('that looks like the same machine as another is told, and which of them is the older one', () => {
    const {devices} = described(
      [],
      [device({deviceId: 'old', lastSeenAt: now - 10 * minute}), device(), device({deviceId: 'else', name: 'Tom'})],
    )
    const found = devices.map(({deviceId, duplicates, isOlderDuplicate}) => [deviceId, duplicates, isOlderDuplicate])
    expect(found).toEqual([
      ['phone-1111', ['old'], false],
      ['else', [], false],
      ['old', ['phone-1111'], true],
    ])
  })

  test('machines that gave no name are told apart by their addresses', () => {
    const {devices} = described(
      [],
      [device({deviceId: 'a', name: null}), device({deviceId: 'b', name: null, address: '203.0.113.10'})],
    )
    expect(devices.flatMap(({duplicates}) => duplicates)).toEqual([])
  })
})
