import fs from 'node:fs'
import path from 'node:path'
import {beforeAll, describe, expect, test} from 'vitest'
import {built} from './built.ts'
import {captured} from './captured-lines.ts'
import {logOf} from './gateway-log.ts'
import {openScreen, type Screen} from './screen.ts'
import {sizes} from './sizes.ts'

beforeAll(built)

const levels = captured('default-level').map(line => /"logLevelName":"(\w+)"/.exec(line)?.[1])
const count = (...query: string[]): number => levels.filter(level => query.includes(level ?? '')).length

const started = async (size: (typeof sizes)[number]) => {
  const screen = openScreen(['--log', logOf('default-level').file], size)
  await screen.waitFor('token-missing')
  return screen
}

/** The rows of the table, without what stands around it. */
const table = (screen: Screen): string[] => {
  const rows = screen.rows().map(row => row.slice(0, 126).trimEnd())
  return rows.slice(
    4,
    rows.findIndex((row, y) => y > 3 && (row.startsWith('WHY') || row === '')),
  )
}

/** What is typed in the last line. */
const promptOf = (screen: Screen): string =>
  screen
    .rows()
    .findLast(row => row !== '')
    ?.trimEnd() ?? ''

/** Where the cursor is, at the end of the line above the keys. */
const positionOf = (screen: Screen): string => / (\S+)$/.exec(screen.rows().at(-2)?.trimEnd() ?? '')?.[1] ?? ''

const entered = async (screen: Screen, text: string) => {
  screen.press('/')
  await screen.waitFor(() => promptOf(screen) === '/')
  screen.type(text)
  await screen.waitFor(`/ ${text}`)
  screen.press('enter')
  await screen.waitFor(`filter ${text}; esc clears it`)
}

describe.each(sizes)('a filter at $cols x $rows', size => {
  test('keeps what has the word, says how many, and is cleared by esc', async () => {
    const screen = await started(size)
    const before = table(screen)
    await entered(screen, 'device-required')
    expect(positionOf(screen)).toBe('1/2')
    expect(table(screen)).toHaveLength(2)
    for (const row of table(screen)) expect(row).toContain('device-required')
    screen.press('esc')
    await screen.waitForGone('esc clears it')
    expect(table(screen)).toEqual(before)
  })

  test('narrows the rows while it is typed, with the names of the fields by Tab, and esc shows them all again', async () => {
    const screen = await started(size)
    const before = table(screen)
    screen.press('/')
    await screen.waitFor(() => promptOf(screen) === '/')
    screen.type('rea')
    screen.press('tab')
    await screen.waitFor('/ reason:')
    screen.type('device-req')
    await screen.waitFor(() => table(screen).length === 2)
    for (const row of table(screen)) expect(row).toContain('device-required')
    screen.press('esc')
    await screen.waitFor(() => table(screen).length === before.length)
    expect(table(screen)).toEqual(before)
  })

  test('understands key:value and !not together', async () => {
    const screen = await started(size)
    await entered(screen, 'reason:token-mismatch !client:cli')
    expect(table(screen)).toHaveLength(1)
    expect(table(screen)[0]).toMatch(/control-ui .*token-mismatch/)
  })

  test('takes a level for that level and worse in the Log', async () => {
    const screen = await started(size)
    screen.press('3')
    await screen.waitFor('LEVEL')
    await entered(screen, 'error')
    expect(positionOf(screen)).toBe(`${count('ERROR', 'FATAL')}/${count('ERROR', 'FATAL')}`)
    for (const row of table(screen)) expect(row).toMatch(/^\S+ +(error|fatal) /)
    screen.press('esc')
    await screen.waitForGone('esc clears it')
    await entered(screen, 'level:warn')
    expect(positionOf(screen)).toMatch(new RegExp(`/${count('WARN', 'ERROR', 'FATAL')}$`))
  })

  test('that nothing matches says so', async () => {
    const screen = await started(size)
    await entered(screen, 'no-such-thing')
    expect(screen.text()).toContain('Nothing matches the filter; esc shows everything.')
  })
})

test('a prompt is left without an effect by esc', async () => {
  const screen = await started(sizes[0])
  screen.press('/')
  await screen.waitFor(() => promptOf(screen) === '/')
  screen.type('device')
  await screen.waitFor('/ device')
  screen.press('esc')
  await screen.waitForGone('/ device')
  expect(positionOf(screen)).not.toContain('/2')
})

test('s searches, n and N go on and back, round the end', async () => {
  const screen = await started(sizes[0])
  screen.press('2', 's')
  await screen.waitFor('enter finds')
  screen.type('origin-mismatch')
  await screen.waitFor('s origin-mismatch')
  screen.press('enter')
  await screen.waitFor(() => screen.chosenRow()?.includes('origin-mismatch') === true)
  const first = screen.chosenRow()
  expect(screen.text()).toMatch(/hit 1 of 2 +\d+\/\d+/)
  screen.press('n')
  await screen.waitFor(() => screen.chosenRow()?.includes('origin-mismatch') === true && screen.chosenRow() !== first)
  const second = screen.chosenRow()
  screen.press('n')
  await screen.waitFor(() => screen.chosenRow() === first)
  screen.press('N')
  await screen.waitFor(() => screen.chosenRow() === second)
})

test('in the Log, n goes on in the direction of the search: to older lines', async () => {
  const screen = await started(sizes[1])
  screen.press('3', 's')
  await screen.waitFor('enter finds')
  screen.type('invalid-handshake')
  screen.press('enter')
  const chosenTime = () => /^\S+/.exec(screen.chosenRow() ?? '')?.[0] ?? ''
  await screen.waitFor(() => screen.chosenRow()?.includes('invalid-handshake') === true)
  const newest = chosenTime()
  screen.press('n')
  await screen.waitFor(() => screen.chosenRow()?.includes('invalid-handshake') === true && chosenTime() < newest)
})

test('a search that finds nothing says so', async () => {
  const screen = await started(sizes[0])
  screen.press('n')
  await screen.waitFor('Nothing is searched for')
  screen.press('s')
  screen.type('no-such-thing')
  screen.press('enter')
  await screen.waitFor('Nothing here matches “no-such-thing”')
})

test('enter shows a whole line of the Log, and :write keeps what is filtered', async () => {
  const screen = await started(sizes[0])
  screen.press('3')
  await screen.waitFor('LEVEL')
  await entered(screen, 'error')
  const row = screen.chosenRow()
  screen.press('enter')
  await screen.waitFor(/"logLevelName": "(ERROR|FATAL)"/)
  expect(screen.row(0)).toMatch(/\.jsonl:\d+$/)
  screen.press('w')
  await screen.waitFor('w wraps')
  screen.press('esc')
  await screen.waitFor(() => screen.chosenRow() === row)
  screen.press(':')
  screen.type('write errors.log')
  screen.press('enter')
  await screen.waitFor(`${count('ERROR', 'FATAL')} line`)
  const written = fs.readFileSync(path.join(screen.home, 'errors.log'), 'utf8').trimEnd().split('\n')
  expect(written).toHaveLength(count('ERROR', 'FATAL'))
  for (const line of written) expect(line).toMatch(/"logLevelName":"(ERROR|FATAL)"/)
})
