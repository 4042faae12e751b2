import fs from 'node:fs'
import path from 'node:path'
import type {FeedHandlers} from '../../app/effect.ts'
import {lineText} from '../../app/panels/log.ts'
import type {WrittenRows} from '../../app/rows/rows.ts'
import type {Store} from '../../app/store.ts'
import {plural} from '../../app/words.ts'
import {clean} from '../../domain/clean.ts'
import {unexpectedFailure} from '../../domain/failure.ts'
import {redact} from '../../domain/redact.ts'
import {codeOf, errorWords} from '../../sources/error-words.ts'
import {readRawLine, readRawLines} from '../../sources/log/raw-lines.ts'

const maxLineChars = 1_000_000

/** Each line for a stranger's eyes, and how many of them are no longer in their files. */
const textsOf = (rows: WrittenRows): {texts: string[]; withoutFile: number} => {
  if (rows.is === 'table') return {texts: rows.texts.map(text => redact(text, maxLineChars)), withoutFile: 0}
  const raw = readRawLines(rows.lines)
  return {
    texts: rows.lines.map(line => redact(raw.get(line) ?? lineText(line), maxLineChars)),
    withoutFile: rows.lines.filter(line => !raw.has(line)).length,
  }
}

/** What somebody wrote there before stays: the file has to be a new one. */
const writeNew = (file: string, texts: readonly string[]): void =>
  fs.writeFileSync(file, `${texts.join('\n')}\n`, {mode: 0o600, flag: 'wx', flush: true})

const refusedText = (file: string, error: unknown): string => {
  const reasons: Readonly<Record<string, string>> = {
    EEXIST: 'it exists already, and is not written over: take another name',
    ENOENT: 'its folder does not exist',
    EISDIR: 'it is a folder',
  }
  return `${clean(file, 200)} was not written: ${reasons[codeOf(error)] ?? errorWords(error)}`
}

/** Whole lines for the screen, and what it shows into a file. */
export const lineHandlers = (store: Store, home: string): Pick<FeedHandlers, 'read-line' | 'write-rows'> => ({
  'read-line': ({line}) => {
    readRawLine(line).then(
      raw => store.dispatch({type: 'line-read', id: line.id, raw}),
      error => store.dispatch({type: 'failed', problem: unexpectedFailure('The line cannot be read', error)}),
    )
  },
  'write-rows': ({file, rows}) => {
    const target = path.resolve(file.replace(/^~(?=\/)/, home))
    try {
      const {texts, withoutFile} = textsOf(rows)
      writeNew(target, texts)
      const missing = withoutFile === 0 ? '' : `; ${withoutFile} only as text: their file is gone`
      store.dispatch({
        type: 'notified',
        text: `${plural(texts.length, 'line')} written to ${clean(target, 200)}, redacted, readable by you alone${missing}`,
      })
    } catch (error) {
      store.dispatch({type: 'notified', text: refusedText(file, error)})
    }
  },
})
