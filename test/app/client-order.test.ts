import {describe, expect, test} from 'vitest'
import {viewPanel} from '../../src/app/panel-view.ts'
import {subnetOf} from '../../src/domain/address.ts'
import {admission, at, every, refusal} from '../domain/event-builders.ts'
import {countOf, having, indexOf, opened, readLines, type Session, typed} from './app-driver.ts'

/** One address refused ten times, three of a network once each for another reason, one that is in. */
const mixed = readLines(opened({now: at(200)}), [
  ...every(10, 10, (n, seconds) => refusal(n, seconds, {remote: '198.51.100.7'})),
  ...[1, 2, 3].map(n => refusal(100 + n, 120 + n, {remote: `203.0.113.${n}`, authReason: 'token_missing'})),
  admission(200, 150, {remote: '192.0.2.50'}),
])

const rowsOf = ({state}: Session) => {
  const {rows} = viewPanel(state, false)
  return Array.from({length: rows.count}, (_, i) => rows.rowAt(i).cells.map(({text}) => text))
}
const from = (session: Session) => rowsOf(session).map(cells => cells[3])

test('the default order is the calm one', () => {
  expect(mixed.state.clientOrder.sort).toBe('worst')
  expect(from(mixed).at(-1)).toBe('192.0.2.50')
})

describe('sorting the clients', () => {
  const sorted = (by: string) => from(typed(mixed, `: "sort ${by}" enter`))

  test('by the last, the first, the count, the reason, the network', () => {
    expect(sorted('last')).toEqual(['192.0.2.50', '203.0.113.3', '203.0.113.2', '203.0.113.1', '198.51.100.7'])
    expect(sorted('first')).toEqual(['198.51.100.7', '203.0.113.1', '203.0.113.2', '203.0.113.3', '192.0.2.50'])
    expect(sorted('count')[0]).toBe('198.51.100.7')
    expect(sorted('network').map(text => text?.split('.')[0])).toEqual(['192', '198', '203', '203', '203'])
    expect(rowsOf(typed(mixed, ': "sort reason" enter')).map(cells => cells[5])).toEqual([
      '',
      'token-mismatch',
      'token-missing',
      'token-missing',
      'token-missing',
    ])
  })

  test('goes on with its key, and back to the calm order', () => {
    const chosen = ['O', 'O O', 'O O O O O O'].map(keys => typed(mixed, keys).state.clientOrder.sort)
    expect(chosen).toEqual(['last', 'first', 'worst'])
  })

  test('is of the clients alone, and says what it takes', () => {
    expect(typed(mixed, '2 O').state.notice?.text).toBe('Only the clients have an order to choose: 1 shows them')
    expect(typed(mixed, '2 : "sort count" enter').state.panel).toBe('clients')
    expect(typed(mixed, ': "sort age" enter').state.notice?.text).toBe(
      'sort takes one of worst, last, first, count, reason, network',
    )
  })
})

describe('grouping the clients', () => {
  const byReason = typed(mixed, ': "group reason" enter')
  const byNetwork = typed(mixed, ': "group network" enter')

  test('by reason: a row each with its clients and its attempts, folded', () => {
    expect(
      rowsOf(byReason)
        .map(cells => [cells[0], cells[1], cells[5], cells[6]].join(' '))
        .toSorted(),
    ).toEqual(['▸ 1 client in 1', '▸ 1 client token-mismatch 10', '▸ 3 clients token-missing 3'])
    expect(countOf(byReason)).toBe(3)
  })

  test('by network, which is the /24 of an IPv4 address, the /64 of an IPv6 one, and this host', () => {
    expect(
      rowsOf(byNetwork)
        .map(cells => cells[5])
        .toSorted(),
    ).toEqual(['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'])
    expect([
      subnetOf('2001:db8:1:2::7'),
      subnetOf('::1'),
      subnetOf('127.0.0.9'),
      subnetOf('::ffff:10.1.2.3'),
      subnetOf(null),
    ]).toEqual(['2001:db8:1:2::/64', 'this host', 'this host', '10.1.2.0/24', 'unknown'])
  })

  test('enter unfolds the group under the cursor, and folds it again', () => {
    const at = rowsOf(byNetwork).findIndex(cells => cells[5]?.includes('203.0.113'))
    const open = typed(byNetwork, `${'j '.repeat(at)}enter`)
    expect([countOf(open), indexOf(open)]).toEqual([6, at])
    expect(
      from(open)
        .slice(at + 1, at + 4)
        .toSorted(),
    ).toEqual(['203.0.113.1', '203.0.113.2', '203.0.113.3'])
    expect(countOf(typed(open, 'enter'))).toBe(3)
    expect(typed(open, 'j enter').state.panel).toBe('log')
  })

  test('is filtered and left like the rest', () => {
    expect(countOf(typed(byReason, '/ "reason:token" enter'))).toBe(2)
    expect(countOf(typed(mixed, '/ "network:203.0.113.0/24" enter'))).toBe(3)
    expect(countOf(typed(byReason, ': "group none" enter'))).toBe(5)
  })

  test('says of a group who is in it, since when, and what helps', () => {
    const {rows, selectionAt} = viewPanel(byReason.state, false)
    const index = Array.from({length: rows.count}, (_, i) => i).find(i => rows.rowAt(i).cells[5]?.text === 'token-missing') ?? 0
    const explanation = selectionAt(index)?.why(byReason.state)
    expect(explanation?.why).toMatch(/^3 clients: 3 from 203\.0\.113\.0\/24\. \S/)
    expect(explanation?.seen).toMatch(/^3 attempts since \S+, last .* ago; enter shows or hides its clients$/)
    expect(explanation?.tryThis).not.toBe('')
  })
})

test('a storm of 300 clients is sorted and grouped in every order', () => {
  const storm = readLines(
    opened({now: at(700)}),
    every(3000, 0.2, (n, seconds) => refusal(n, seconds, {remote: `198.51.${100 + (n % 3)}.${n % 100}`})),
  )
  for (const keys of ['O', 'O O O', 'z', 'z z', 'O z'])
    expect(viewPanel(typed(storm, keys).state, false).rows.count).toBeGreaterThan(0)
  expect(having(storm, {type: 'clients-ordered', order: {group: 'network'}}).state.clientOrder.group).toBe('network')
})
