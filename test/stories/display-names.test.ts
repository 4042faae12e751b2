import {describe, expect, test} from 'vitest'
import {attemptRows} from '../../src/app/panels/attempts.ts'
import {parseFilter, passes} from '../../src/app/rows/filter.ts'
import {attemptJson, clientJson} from '../../src/cli/print/attempt.ts'
import {nameOf} from '../../src/domain/attempts/client-name.ts'
import {everyClient} from '../../src/domain/attempts/clients.ts'
import {captured, eventsFrom, rawLines, readLines} from './captures.ts'

const now = Date.parse('2026-11-30T23:59:59Z')
const read = (file: string) => eventsFrom(readLines(rawLines(captured('2026.9.6', file)), file, now))

describe.each(['coloured.jsonl', 'coloured.console.log'])('the name that its owner gave a client, in %s', file => {
  const {world, attempts} = read(file)

  test('is kept beside its id, refused or let in, of several words or one', () => {
    expect(
      attempts.flatMap(({client, outcome}) =>
        client.displayName ? [[client.displayName, client.id, client.mode, outcome]] : [],
      ),
    ).toEqual([
      ['Bob the Builder', 'node-host', 'node', 'connected'],
      ['Bob the Builder', 'node-host', 'node', 'refused'],
      ['studio-mini', 'node-host', 'node', 'refused'],
    ])
  })

  test('is found by a filter, shown, and in every JSON', () => {
    const {rows, items: found} = attemptRows(attempts, parseFilter('/studio'.slice(1)), false, now)
    expect(found).toHaveLength(1)
    expect(rows.rowAt(0).cells[1]?.text).toBe('studio-mini (node-host 1.2.3)')
    expect(attemptJson(found[0]!)).toMatchObject({client: {id: 'node-host', displayName: 'studio-mini'}})
    const clients = everyClient(world.clients).filter(({identity}) => identity.id === 'node-host')
    expect(clients.map(client => nameOf(client))).toEqual(['studio-mini (node-host)'])
    expect(clients.map(client => clientJson(client, now))).toMatchObject([{id: 'node-host', displayName: 'studio-mini'}])
    expect(passes(parseFilter('client:studio'), {all: '', named: {client: nameOf(clients[0]!)}})).toBe(true)
  })
})

const one = (...texts: readonly string[]) =>
  eventsFrom(readLines(texts.map(text => `2026-11-21T10:00:00.000Z [ws] ${text}`))).attempts

const conn = '6aa31f18-6e1b-4c02-aab1-73da4815cb70'
const closed = (code: number, reason: string, phase = '') =>
  `closed before connect conn=${conn} peer=127.0.0.1:1->127.0.0.1:2 remote=127.0.0.1 fwd=n/a origin=n/a host=127.0.0.1:2 ua=n/a code=${code} reason=${reason}${phase && ` phase=${phase}`}`

describe('a console without meta', () => {
  test('names a client by its display name; no id is made of a word of it', () => {
    const [attempt] = one(
      `unauthorized conn=${conn} peer=127.0.0.1:1->127.0.0.1:2 remote=127.0.0.1 client=Bob the Builder cli v1.2.3 role=operator scopes=0 auth=token device=no platform=linux instance=n/a host=127.0.0.1:2 origin=n/a ua=n/a reason=token_mismatch`,
      closed(1008, 'unauthorized: gateway token mismatch'),
    )
    expect(attempt?.client).toEqual({id: null, displayName: 'Bob the Builder', mode: 'cli', version: '1.2.3', platform: 'linux'})
    expect(nameOf({identity: attempt!.client, deviceId: null})).toBe('Bob the Builder (cli)')
  })

  test('still names one without a display name by its id', () => {
    const [attempt] = one(`unauthorized conn=${conn} remote=127.0.0.1 client=cli cli v1.2.3 reason=token_mismatch`)
    expect(attempt?.client).toMatchObject({id: 'cli', displayName: null, mode: 'cli', version: '1.2.3'})
  })

  test("a client that closes with the gateway's words before it sent any credentials has left by itself", () => {
    expect(one(closed(1008, 'pairing required', 'ws_upgrade_started'))).toMatchObject([
      {outcome: 'left', reason: 'left-before-connect'},
    ])
    expect(one(closed(1008, 'unauthorized: gateway token mismatch', 'ws_upgrade_started'))).toMatchObject([{outcome: 'left'}])
    expect(one(closed(1008, 'pairing required', 'auth_validated'))).toMatchObject([
      {outcome: 'refused', reason: 'pairing-required'},
    ])
    expect(one(closed(1008, 'device identity required', 'ws_upgrade_started'))).toMatchObject([
      {outcome: 'refused', reason: 'device-required'},
    ])
  })
})
