import {beforeAll, describe, expect, test} from 'vitest'
import {built} from './built.ts'
import {another, at, captured, now, refusal} from './captured-lines.ts'
import {logOf} from './gateway-log.ts'
import {openScreen} from './screen.ts'
import {sizes} from './sizes.ts'

beforeAll(built)

const lines = captured('default-level')
const clockOf = (ms: number): string => new Date(ms).toISOString().slice(11, 19)
const mismatch = refusal(lines, 'gateway token mismatch')

describe.each(sizes)('at $cols x $rows', size => {
  test('enter shows the raw lines of the chosen client alone, and esc comes back to its row', async () => {
    const screen = openScreen(['--log', logOf('default-level').file], size)
    await screen.waitFor('token-missing')
    screen.press('s')
    screen.type('invalid-handshake')
    screen.press('enter')
    await screen.waitFor(() => screen.chosenRow()?.includes('unnamed') === true)
    const chosen = screen.chosenRow()?.slice(0, 60)
    screen.press('enter')
    await screen.waitFor('only the lines of unnamed; esc goes back')
    const shown = screen.rows().filter(row => /^\d\d:\d\d:\d\d\.\d{3} /.test(row))
    expect(shown.length).toBeGreaterThan(3)
    expect(shown.filter(row => row.includes('invalid-handshake')).length).toBeGreaterThan(1)
    screen.press('esc')
    await screen.waitForGone('esc goes back')
    expect(screen.chosenRow()?.slice(0, 60)).toBe(chosen)
  })

  test('space holds the screen still, says how many lines wait, and lets them in', async () => {
    const log = logOf()
    log.write(now(another(mismatch, 1)))
    const screen = openScreen(['--log', log.file], size)
    await screen.waitFor(/token-mismatch +1\b/)
    screen.press('space')
    await screen.waitFor('PAUSED, 0 new')
    log.write(now(another(mismatch, 2)))
    await screen.waitFor(`PAUSED, ${mismatch.length} new`)
    expect(screen.text()).toMatch(/token-mismatch +1\b/)
    screen.press('space')
    await screen.waitFor(/token-mismatch +2\b/)
    expect(screen.text()).not.toContain('PAUSED')
  })
})

test('k at the top of the Log reads further back, while other keys work, and G follows again', async () => {
  const log = logOf()
  const start = Date.now() - 3_600_000
  const old = Array.from({length: 900}, (_, n) => another(mismatch, n + 1).map(line => at(line, start + n * 1000))).flat()
  log.write(old)
  const screen = openScreen(['--log', log.file], sizes[0])
  await screen.waitFor('token-mismatch')
  screen.press('3')
  await screen.waitFor('LEVEL')
  await screen.waitFor(() => screen.row(14).startsWith(clockOf(start + 899_000)))
  const top = () => screen.row(4).slice(0, 100)
  const goToTop = async () => {
    screen.press('g')
    await screen.waitFor(() => screen.chosenRow() === screen.row(4))
  }
  await goToTop()
  const holder = top()
  expect(holder > clockOf(start + 700_000)).toBe(true)
  screen.press('k', '2')
  await screen.waitFor('OUTCOME')
  screen.press('3')
  await screen.waitFor(() => screen.text().includes('LEVEL') && top() !== holder)
  for (let step = 0; step < 6 && !screen.text().includes('This is the first line'); step += 1) {
    await goToTop()
    const last = top()
    screen.press('k')
    await screen.waitFor(text => top() !== last || text.includes('This is the first line that can be read'))
  }
  expect(screen.text()).toContain('This is the first line that can be read')
  expect(top().startsWith(clockOf(start))).toBe(true)
  log.write(now(another(mismatch, 5000)))
  screen.press('G')
  await screen.waitFor('conn=00000000-0000-4000-8000-000000005000')
  log.write(now(another(mismatch, 5001)))
  await screen.waitFor('conn=00000000-0000-4000-8000-000000005001')
})
