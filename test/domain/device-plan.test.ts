import {describe, expect, test} from 'vitest'
import {
  type DeviceAction,
  type DeviceChange,
  proveChange,
  rightsOf,
  seenSince,
  whyChanged,
} from '../../src/domain/devices/change.ts'
import {describeDevices, noSightings} from '../../src/domain/devices/report.ts'
import type {DeviceFacts} from '../../src/domain/plans/devices/facts.ts'
import {devicePlan, undoApproval} from '../../src/domain/plans/devices/plan.ts'
import {isRefusal} from '../../src/domain/plans/make-plan.ts'
import type {Plan, Target} from '../../src/domain/plans/plan.ts'
import {deviceCli} from '../../src/gateway/devices/commands.ts'
import {device, minute, now, request, token} from './device-builders.ts'

const target = {key: 'k', configFile: '/h/openclaw.json', host: '127.0.0.1', port: 1, release: '2026.9.6'} as Target

type Stored = {pending?: ReturnType<typeof request>[]; paired?: ReturnType<typeof device>[]}

const factsOf = (
  [action, id, role = null]: [DeviceAction, string, (string | null)?],
  {pending = [], paired = []}: Stored,
  more: Partial<DeviceFacts> = {},
): DeviceFacts => ({
  id: `2026-${action}-device`,
  request: {action, id, role},
  target,
  release: '2026.9.6',
  report: describeDevices({pending, paired}, noSightings(now)),
  problem: null,
  cli: deviceCli(['openclaw'], more.release ?? '2026.9.6'),
  command: {elsewhere: false, configFile: ['openclaw', 'config', 'file']},
  wouldPairItself: false,
  busy: null,
  cutOff: null,
  backups: '/backups',
  ...more,
})

const planned = (...args: Parameters<typeof factsOf>): Plan => {
  const made = devicePlan(factsOf(...args))
  if (isRefusal(made)) throw new Error(made.refused.title)
  return made
}

const refused = (...args: Parameters<typeof factsOf>) => {
  const made = devicePlan(factsOf(...args))
  if (!isRefusal(made)) throw new Error(made.title)
  return {...made.refused, unknown: made.unknown}
}

const argvOf = ({steps}: Plan) => steps.flatMap(({act}) => (act.do === 'change-device' ? [act.argv.join(' ')] : []))

describe('a plan for a request', () => {
  test('names its whole id, whatever was typed, and no other; it is read again, proved and watched', () => {
    const plan = planned(['approve', 'aaaa'], {pending: [request(), request({requestId: 'bbbb', deviceId: 'other'})]})
    expect(argvOf(plan)).toEqual(['openclaw devices approve aaaa1111-request --json'])
    expect(plan.steps.map(({act}) => act.do)).toEqual([
      'look-device',
      'check-command',
      'change-device',
      'prove-device',
      'watch-device',
    ])
    expect(plan).toMatchObject({fix: 'approve-device', confirm: 'approve', cannotUndo: []})
    expect(plan.notes.join(' ')).toContain('Other requests wait as well (1)')
    expect(plan.steps.find(({id}) => id === 'change')?.undo).toContain('gatecrab undo')
  })

  test('shows what is new beside what is approved, warns of an administrator, and says that it cannot be undone', () => {
    const plan = planned(['approve', 'aaaa'], {pending: [request({scopes: ['operator.admin']})], paired: [device()]})
    expect(plan.steps.find(({id}) => id === 'change')?.change).toEqual({
      what: 'device phone-11',
      from: 'operator with operator.read',
      to: 'operator with operator.admin',
    })
    expect(plan.notes.join(' ')).toContain('operator.admin lets it')
    expect(plan.cannotUndo).toHaveLength(1)
  })

  test('is not made for an id that could mean two, or that is too short to mean one', () => {
    const pending = [request(), request({requestId: 'aaaa2222', deviceId: 'other'})]
    expect(refused(['approve', 'aaaa'], {pending})).toMatchObject({kind: 'usage', because: 'aaaa1111-request, aaaa2222'})
    expect(refused(['approve', 'aaa'], {pending}).because).toContain('4 letters or more')
    expect(refused(['approve', 'ffff'], {pending}).title).toBe('No such request: ffff')
  })

  test('is not made for one that has ended', () => {
    expect(refused(['approve', 'aaaa'], {pending: [request({requestedAt: now - 6 * minute})]}).title).toContain('has ended')
  })

  test('that was replaced leads to the one that took its place', () => {
    const report = describeDevices(
      {pending: [request()], paired: []},
      {...noSightings(now), requestsInLog: new Map([['phone-1111', ['0000-old']]])},
    )
    const problem = refused(['approve', '0000-old'], {}, {report})
    expect(problem).toMatchObject({because: expect.stringContaining('aaaa1111-request')})
    expect(problem.tryThis).toContain('gatecrab devices approve aaaa1111')
  })
})

describe('a plan for a device', () => {
  test('revokes and rotates for one role, which has to be named where there are several', () => {
    const paired = [device({tokens: [token, {...token, role: 'node'}]})]
    expect(refused(['revoke', 'phon'], {paired})).toMatchObject({kind: 'usage', because: 'operator, node'})
    expect(argvOf(planned(['revoke', 'phon', 'node'], {paired}))).toEqual([
      'openclaw devices revoke --device phone-1111 --role node --json',
    ])
    expect(argvOf(planned(['rotate', 'phon'], {paired: [device()]}))).toEqual([
      'openclaw devices rotate --device phone-1111 --role operator --json',
    ])
    expect(refused(['revoke', 'phon', 'admin'], {paired}).because).toBe('it has one as operator, node')
    expect(refused(['revoke', 'phon'], {paired: [device({tokens: [{...token, revokedAt: now}]})]}).because).toContain(
      'revoked already',
    )
  })

  test('removes by the whole id', () => {
    expect(argvOf(planned(['remove', 'phone-1'], {paired: [device()]}))).toEqual(['openclaw devices remove phone-1111 --json'])
  })
})

describe('no plan is made', () => {
  test.each([
    ['2026.2.19', 'remove', 'came with 2026.2.26'],
    ['2026.1.20', 'approve', 'came with 2026.1.29'],
  ] as const)('on %s for what it has no command for: %s', (release, action, because) => {
    expect(refused([action, 'phon'], {paired: [device()]}, {release}).because).toContain(because)
  })

  test('where the command would pair itself first, and it says what does it instead', () => {
    const problem = refused(['approve', 'aaaa'], {pending: [request()]}, {release: '2026.6.11', wouldPairItself: true})
    expect(problem.title).toContain('would pair itself')
    expect(problem.tryThis).toContain('`openclaw devices approve aaaa`')
  })

  test('beside another plan, without a command, or without knowing the devices', () => {
    expect(refused(['approve', 'aaaa'], {}, {busy: {id: 'x', fix: 'rotate', pid: 7}})).toMatchObject({unknown: true})
    expect(refused(['approve', 'aaaa'], {}, {cutOff: 'x'}).tryThis).toContain('--continue x')
    expect(refused(['approve', 'aaaa'], {}, {cli: null})).toMatchObject({unknown: true})
    const problem = {title: 'unread', from: 'gateway'} as const
    expect(refused(['approve', 'aaaa'], {}, {report: null, problem})).toMatchObject({title: 'unread', unknown: true})
  })
})

describe('the undoing of an approval', () => {
  const change: DeviceChange = {
    action: 'approve',
    deviceId: 'phone-1111',
    request: {requestId: 'aaaa1111-request', roles: ['operator'], scopes: ['operator.read']},
    role: null,
    before: null,
  }

  test('removes the device, as long as it stands as it was approved', () => {
    const made = undoApproval(factsOf(['remove', 'phone-1111'], {paired: [device()]}), {id: 'p1', change})
    expect(made).toMatchObject({fix: 'undo', undoes: 'p1', confirm: 'undo'})
    expect(isRefusal(undoApproval(factsOf(['remove', 'phone-1111'], {}), {id: 'p1', change}))).toBe(true)
    const narrowed = factsOf(['remove', 'phone-1111'], {paired: [device({scopes: []})]})
    expect(isRefusal(undoApproval(narrowed, {id: 'p1', change}))).toBe(true)
  })
})

const change = (action: DeviceAction, more: Partial<DeviceChange> = {}): DeviceChange => ({
  action,
  deviceId: 'phone-1111',
  request: {requestId: 'aaaa1111-request', roles: ['operator'], scopes: ['operator.read']},
  role: null,
  before: null,
  ...more,
})
const ofDevice = (action: DeviceAction, role: string | null = 'operator') =>
  change(action, {request: null, role, before: rightsOf(device())})

describe('just before it runs', () => {
  const why = (store: Stored, of = change('approve')) => whyChanged(of, {pending: [], paired: [], ...store}, now)

  test('the request must be the one that was shown', () => {
    expect(why({pending: [request()]})).toBeNull()
    expect(why({pending: [request({scopes: ['operator.admin']})]})).toContain('asks for something else')
    expect(why({pending: [request({deviceId: 'other'})]})).toContain('is gone')
    expect(why({pending: [request({requestedAt: now - 6 * minute})]})).toContain('has ended')
    expect(why({})).toContain('is gone')
    expect(why({pending: [request()], paired: [device()]})).toContain('the rights of device phone-11 have changed')
  })

  test('one that was replaced is refused with the id of the new one', () => {
    const newer = request({requestId: 'bbbb2222', scopes: ['operator.admin']})
    expect(why({pending: [newer]})).toBe(
      'request aaaa1111-request was replaced by bbbb2222, which asks for operator with operator.admin: look at a plan for that one',
    )
  })

  test('one that somebody else has answered is told as that', () => {
    expect(why({paired: [device()]})).toContain('somebody has answered it')
  })

  test('the device must be as it was shown', () => {
    expect(why({paired: [device()]}, ofDevice('revoke'))).toBeNull()
    expect(why({paired: [device({scopes: ['operator.admin']})]}, ofDevice('revoke'))).toContain('has changed')
    expect(why({paired: [device({tokens: [{...token, rotatedAt: 5}]})]}, ofDevice('rotate'))).toContain('has changed')
    expect(why({}, ofDevice('remove'))).toContain('not paired any more')
  })
})

describe('afterwards', () => {
  const wrong = (of: DeviceChange, store: Stored) =>
    proveChange(of, {pending: [], paired: [], ...store}).flatMap(({what, ok}) => (ok ? [] : [what]))

  test('an approval gave what was shown, and nothing else', () => {
    expect(wrong(change('approve'), {paired: [device()]})).toEqual([])
    expect(wrong(change('approve'), {paired: [device({scopes: ['operator.read', 'operator.admin']})]})).toEqual([
      'it was also given operator.admin',
    ])
    expect(wrong(change('approve'), {paired: [device({tokens: [{...token, revokedAt: 1}]})]})).toHaveLength(1)
    expect(wrong(change('approve'), {pending: [request()]})).toHaveLength(2)
  })

  test('a rejection took the request away and left the rest', () => {
    expect(wrong(change('reject'), {})).toEqual([])
    expect(wrong(change('reject'), {pending: [request()]})).toHaveLength(1)
    expect(wrong(change('reject'), {paired: [device()]})).toEqual(['device phone-11 is not paired'])
  })

  test('a token is revoked, another one, or gone with its device', () => {
    const revoked = device({tokens: [{...token, revokedAt: 9}]})
    const rotated = device({tokens: [{...token, rotatedAt: 9}]})
    expect(wrong(ofDevice('revoke'), {paired: [revoked]})).toEqual([])
    expect(wrong(ofDevice('revoke'), {paired: [device()]})).toHaveLength(1)
    expect(wrong(ofDevice('rotate'), {paired: [rotated]})).toEqual([])
    expect(wrong(ofDevice('rotate'), {paired: [device()]})).toHaveLength(1)
    expect(wrong(ofDevice('remove', null), {})).toEqual([])
    expect(wrong(ofDevice('remove', null), {paired: [device()]})).toHaveLength(1)
  })

  test('the next connection is told by when the gateway last saw the device', () => {
    const store = {pending: [], paired: [device({lastSeenAt: 100})]}
    expect(seenSince(store, 'phone-1111', 100)).toBe(100)
    expect(seenSince(store, 'phone-1111', 101)).toBeNull()
    expect(seenSince(store, 'other', 0)).toBeNull()
  })
})
