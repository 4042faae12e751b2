import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {archives, captures, readFileEvents, readFiles, twoDays} from './captures.ts'
import {storyOf} from './story.ts'

const read = (name: string): string => path.join(import.meta.dirname, 'told', `${name}.txt`)

describe('what is made of each capture', () => {
  test.each(captures)('$name', async ({name, jsonl}) => {
    await expect(storyOf(name, readFileEvents(jsonl))).toMatchFileSnapshot(read(name))
  })

  test('a log and its archives', async () => {
    await expect(storyOf('2026.9.6 size-rotation', readFiles(archives))).toMatchFileSnapshot(read('2026.9.6 size-rotation'))
  })

  test.each(['2026.2.26', '2026.9.6'])('two days of %s', async release => {
    const name = `${release} day-rollover`
    await expect(storyOf(name, readFiles(twoDays(release)))).toMatchFileSnapshot(read(name))
  })
})
