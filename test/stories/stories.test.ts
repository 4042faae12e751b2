import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {archives, captures, toldByFile, toldByFiles, twoDays} from './captures.ts'
import {storyOf} from './story.ts'

const told = (name: string): string => path.join(import.meta.dirname, 'told', `${name}.txt`)

describe('what is made of each capture', () => {
  test.each(captures)('$name', async ({name, jsonl}) => {
    await expect(storyOf(name, toldByFile(jsonl))).toMatchFileSnapshot(told(name))
  })

  test('a log and its archives', async () => {
    await expect(storyOf('2026.9.6 size-rotation', toldByFiles(archives))).toMatchFileSnapshot(told('2026.9.6 size-rotation'))
  })

  test.each(['2026.2.26', '2026.9.6'])('two days of %s', async release => {
    const name = `${release} day-rollover`
    await expect(storyOf(name, toldByFiles(twoDays(release)))).toMatchFileSnapshot(told(name))
  })
})
