import {describe, expect, it} from 'vitest'
import {applyLine, expirePending} from '../../src/domain/world/apply-line.ts'
import {ownPortIn} from '../../src/domain/world/whose-log.ts'
import {createWorld, type World} from '../../src/domain/world/world.ts'
import {at, conn, event, read, refusal} from './event-builders.ts'

const endpoint = (n: number, port: number): string => `127.0.0.1:${40_000 + n}->127.0.0.1:${port}`

/** A wrong token, as the gateway on this port tells of it: only the second line names the endpoint. */
const refusedAt = (n: number, port: number) => {
  const closed = refusal(n, n)
  const closedThere = {...closed, event: closed.event && {...closed.event, endpoint: endpoint(n, port)}}
  return [event(n, 'refused', {conn: conn(n)}, {remote: '127.0.0.1', authReason: 'token_mismatch'}), closedThere]
}

const lines = [1, 2, 3, 4, 5].flatMap(n => refusedAt(n, n <= 3 ? 18_789 : 19_999))

const countedFor = (ownPort: number | null): World => {
  const world = createWorld({}, [], ownPort)
  for (const line of lines) applyLine(world, line)
  expirePending(world, at(60))
  return world
}

describe('two gateways in one log', () => {
  it('only the connections of the one that is meant count, and those of the other are counted as left out', () => {
    expect(countedFor(null)).toMatchObject({refused: 5, leftOut: 0})
    expect(countedFor(18_789)).toMatchObject({refused: 3, leftOut: 2, ports: new Set([18_789, 19_999])})
    expect(countedFor(19_999)).toMatchObject({refused: 2, leftOut: 3})
  })

  it('a later line that names such a connection and no endpoint counts neither way', () => {
    const world = countedFor(18_789)
    applyLine(world, event(61, 'closed', {conn: conn(4)}, {code: 1008, handshake: 'failed'}))
    expect(world).toMatchObject({refused: 3, leftOut: 2})
  })

  it('lines that are about no connection count as before', () => {
    const world = countedFor(18_789)
    applyLine(world, read(62, {kind: 'gateway-listening', port: 18_789, pid: 7}))
    expect(world.life).toMatchObject({state: 'up', port: 18_789})
  })

  it('are parted only where a program listens at a port that has sockets of its own in the log', () => {
    const both = new Set([18_789, 19_999])
    expect(ownPortIn(both, 18_789, true)).toBe(18_789)
    expect(ownPortIn(both, 18_789, false)).toBeNull()
    expect(ownPortIn(both, 20_000, true)).toBeNull()
    expect(ownPortIn(new Set([18_789]), 18_789, true)).toBeNull()
    expect(ownPortIn(both, null, true)).toBeNull()
  })
})
