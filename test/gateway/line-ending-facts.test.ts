import {describe, expect, test} from 'vitest'
import {allReasons, lookUp, reasonById} from '../../src/domain/reasons/reason.ts'
import {reasonsIn} from '../../src/gateway/lines/ending-facts.ts'

const now = Date.parse('2026-11-21T12:00:00Z')
const read = (pasted: string): readonly string[] => reasonsIn(pasted, now)

/** A row that needs more than one line to be seen: a prober is one that leaves again and again. */
const needMore = ['port-probe']

test.each(allReasons.filter(({id, example}) => example !== '' && !needMore.includes(id)))(
  'the example of $id, pasted, is explained by its row',
  ({example}) => {
    const ids = read(example)
    const rows = ids.length > 0 ? ids.map(id => lookUp(id)[0] ?? reasonById(id)) : lookUp(example)
    expect(rows.map(row => row.example)).toContain(example)
  },
)

describe('what is pasted may be', () => {
  const text =
    'closed before connect conn=cb7c062d-bea4-41d0-9b67-60a18887c287 remote=127.0.0.1 fwd=n/a origin=n/a host=n/a ua=n/a code=1008 reason=device identity required phase=ws_upgrade_started'

  test.each([
    ['a line of the console', `2026-11-21T10:18:24.000+00:00 [ws] ${text}`],
    ['its text alone', text],
    ['a part of it', 'code=1008 reason=device identity required phase=ws_upgrade_started'],
    ['the meta that a console appends', 'cause=device-required durationMs=5 handshake=failed'],
  ])('%s', (_what, pasted) => {
    expect(read(pasted)[0]).toBe('device-required')
  })

  test('the end of a visit, which is no refusal', () => {
    expect(read('→ close code=1006 durationMs=5 handshake=connected endpoint=a->b')).toEqual(['connection-lost'])
    expect(read('webchat disconnected code=1006 reason=n/a cause=heartbeat-timeout conn=x')[0]).toBe('heartbeat-timeout')
  })

  test('what tells nothing', () => {
    expect(read('a log that says nothing of a connection reason=')).toEqual([])
  })
})
