import {beforeAll, describe, expect, test} from 'vitest'
import {built} from './built.ts'
import {another, captured, now, refusal} from './captured-lines.ts'
import {logOf} from './gateway-log.ts'
import {openScreen} from './screen.ts'
import {narrow, sizes, wide} from './sizes.ts'

beforeAll(built)

const lines = captured('default-level')
const begin = lines.slice(
  0,
  lines.findIndex(line => line.includes('gateway/ws')),
)
const mismatch = refusal(lines, 'gateway token mismatch')
const outdated = refusal(lines, 'Control UI updated')

describe.each(sizes)('a live log at $cols x $rows', size => {
  test('refusals are folded as they are written, judged and explained', async () => {
    const log = logOf()
    log.write(now(begin))
    const screen = openScreen(['--log', log.file], size)
    await screen.waitFor('no refusals in the last 5 min')
    expect(screen.row(0)).toMatch(/^gatecrab {2}\S+ {2}gateway {2}up /)
    expect(screen.text()).toContain('No connection attempts')

    log.write(now(another(mismatch, 1)))
    await screen.waitFor(/● cli .*127\.0\.0\.1 +(1008 )?token-mismatch +1 /)
    expect(screen.row(0)).toContain('gateway :18810  up')
    await screen.waitFor(/● refusing 1 client {2}1 refused\/5m/)
    expect(screen.text()).toMatch(/(?:^| )WHY {2}The client sent a gateway token, but not the one/m)
    expect(screen.text()).toMatch(/(?:^| )SEEN once, (?:now|\d+s ago)/m)
    expect(screen.text()).toMatch(/(?:^| )DO {3}Give it the current token/m)
    expect(screen.styleOf('● refusing')?.colour).not.toBeNull()

    for (const n of [2, 3]) log.write(now(another(mismatch, n)))
    await screen.waitFor(/cli .*token-mismatch +3 /)
    await screen.waitFor(/3 times since [^,]+, last/)
    log.write(now(another(outdated, 4)))
    await screen.waitFor(/control-ui .*control-ui-build-mi\S+ +1 /)
    await screen.waitFor('refusing 2 clients  4 refused/5m')
    expect(screen.rows().filter(row => row.includes('token-mismatch'))).toHaveLength(1)
  })

  test('a file that is rotated away loses nothing', async () => {
    const log = logOf()
    log.write(now(begin))
    const screen = openScreen(['--log', log.file], size)
    await screen.waitFor('no refusals in the last 5 min')
    log.write(now(another(mismatch, 1)))
    await screen.waitFor(/token-mismatch +1\b/)
    log.write(now(another(mismatch, 2)))
    log.rotate()
    log.write(now(another(mismatch, 3)))
    await screen.waitFor(/token-mismatch +3\b/)
    log.rotate()
    log.write(now(another(mismatch, 4)))
    await screen.waitFor(/token-mismatch +4\b/)
    expect(screen.text()).not.toContain('gateway.1.jsonl:')
  })
})

test('a narrow screen keeps the sign, the reason, the count, since when and the state', async () => {
  const log = logOf('default-level')
  const screen = openScreen(['--log', log.file], narrow)
  await screen.waitFor('token-missing')
  expect(screen.row(3)).toMatch(/CLIENT +FROM +REASON +N SINCE +LAST +STATE/)
})

test('a wide screen adds the version, the minutes, the facts and the raw lines of the chosen row', async () => {
  const log = logOf()
  log.write(now(begin))
  log.write(now(another(mismatch, 1)))
  const screen = openScreen(['--log', log.file], wide)
  await screen.waitFor('LINES')
  expect(screen.row(3)).toMatch(/CLIENT +VERSION +FROM +CODE +REASON +N +SINCE +LAST +12 MIN +STATE +WHY {2}The client sent/)
  expect(screen.text()).toMatch(/ FACTS$/m)
  expect(screen.text()).toContain('conn      00000000-0000-4000-8000-000000000001')
  expect(screen.text()).toMatch(/\d\d:\d\d:\d\d\.\d{3} unauthorized conn=00000000-0000-4000-8000-000000000001/)
})
