import fs from 'node:fs'
import {expect, test} from 'vitest'
import {keymap} from '../src/app/actions.ts'
import {allReasons} from '../src/domain/reasons/reason.ts'

const file = new URL('../README.md', import.meta.url)

const keys = (): string =>
  ['| key | |', '| --- | --- |', ...keymap.map(row => `| \`${row.keys.join('` `')}\` | ${row.about} |`)].join('\n')

const between = (text: string, name: string): string =>
  text.split(`<!-- ${name} -->`)[1]?.split(`<!-- /${name} -->`)[0]?.trim() ?? ''

test('the keys in the README are the keys of the program (UPDATE_README=1 writes them)', () => {
  const text = fs.readFileSync(file, 'utf8')
  if (process.env['UPDATE_README'])
    fs.writeFileSync(file, text.replace(/<!-- keys -->[\s\S]*<!-- \/keys -->/, `<!-- keys -->\n\n${keys()}\n\n<!-- /keys -->`))
  expect(between(fs.readFileSync(file, 'utf8'), 'keys')).toBe(keys())
})

test('the README counts the reasons that there are', () => {
  expect(fs.readFileSync(file, 'utf8')).toContain(`a table of ${allReasons.length} reasons`)
})
