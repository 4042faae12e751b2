import fs from 'node:fs'
import {expect, test} from 'vitest'
import {keymap} from '../src/app/actions.ts'
import {filterFields, filterForms} from '../src/app/filter-help.ts'
import {allReasons} from '../src/domain/reasons/reason.ts'

const file = new URL('../README.md', import.meta.url)

const keys = (): string =>
  ['| key | |', '| --- | --- |', ...keymap.map(row => `| \`${row.keys.join('` `')}\` | ${row.about} |`)].join('\n')

const filters = (): string =>
  [
    [
      '| `/` takes | |',
      '| --- | --- |',
      ...filterForms.map(([form, about]) => `| \`${form.replaceAll('|', '\\|')}\` | ${about} |`),
    ],
    ['', '| panel | fields |', '| --- | --- |', ...filterFields.map(([panel, fields]) => `| ${panel} | ${fields} |`)],
  ]
    .flat()
    .join('\n')

const written = (text: string, name: string, table: string): string =>
  text.replace(
    new RegExp(`<!-- ${name} -->[\\s\\S]*<!-- /${name} -->`),
    () => `<!-- ${name} -->\n\n${table}\n\n<!-- /${name} -->`,
  )

const between = (text: string, name: string): string =>
  text.split(`<!-- ${name} -->`)[1]?.split(`<!-- /${name} -->`)[0]?.trim() ?? ''

test('the keys and the filters in the README are those of the program (UPDATE_README=1 writes them)', () => {
  const text = fs.readFileSync(file, 'utf8')
  if (process.env['UPDATE_README']) fs.writeFileSync(file, written(written(text, 'keys', keys()), 'filters', filters()))
  const now = fs.readFileSync(file, 'utf8')
  expect(between(now, 'keys')).toBe(keys())
  expect(between(now, 'filters')).toBe(filters())
})

test('the README counts the reasons that there are', () => {
  expect(fs.readFileSync(file, 'utf8')).toContain(`a table of ${allReasons.length} reasons`)
})
