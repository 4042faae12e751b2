import fs from 'node:fs'
import {expect, test} from 'vitest'
import {type ActionGroup, actionGroups, keymap} from '../src/app/actions.ts'
import {filterForms} from '../src/app/filter-help.ts'
import {panelIds, panels} from '../src/app/panels/panels.ts'
import {allReasons} from '../src/domain/reasons/reason.ts'

const file = new URL('../README.md', import.meta.url)

const rowsOf = (group: ActionGroup): string[] =>
  keymap.filter(row => row.group === group).map(({keys, about}) => `\`${keys.join('` `')}\` | ${about}`)

/** The panels in a line, then what is looked at beside what is mended; the rest is in `?` and `gatecrab help keys`. */
const keys = (): string => {
  const [looks, fixes] = [rowsOf('look'), rowsOf('fix')]
  const rows = Array.from({length: Math.max(looks.length, fixes.length)}, (_, i) => `| ${looks[i] ?? '|'} | ${fixes[i] ?? '|'} |`)
  return [
    `Panels: ${panelIds.map((panel, i) => `\`${i + 1}\` ${panels[panel].title}`).join(' · ')}`,
    '',
    `| ${actionGroups.look} | | ${actionGroups.fix} | |`,
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    `\`/\` takes ${filterForms.map(([form]) => `\`${form}\``).join(' · ')}`,
    '(`gatecrab help filters`). `?` and `gatecrab help keys` have all keys.',
  ].join('\n')
}

const written = (text: string, name: string, table: string): string =>
  text.replace(new RegExp(`<!-- ${name} -->[\\s\\S]*<!-- /${name} -->`), () => `<!-- ${name} -->\n${table}\n<!-- /${name} -->`)

const between = (text: string, name: string): string =>
  text.split(`<!-- ${name} -->`)[1]?.split(`<!-- /${name} -->`)[0]?.trim() ?? ''

test('the keys and the filters in the README are those of the program (UPDATE_README=1 writes them)', () => {
  const text = fs.readFileSync(file, 'utf8')
  if (process.env['UPDATE_README']) fs.writeFileSync(file, written(text, 'keys', keys()))
  expect(between(fs.readFileSync(file, 'utf8'), 'keys')).toBe(keys())
})

test('the README is read in one go: less than 150 lines, and of text none that is long', () => {
  const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n')
  expect(lines.length).toBeLessThan(150)
  expect(lines.filter(line => line.length > 140 && !/^[<|]/.test(line))).toEqual([])
})

test('the README counts the reasons that there are', () => {
  expect(fs.readFileSync(file, 'utf8')).toContain(`a table of ${allReasons.length} reasons`)
})
