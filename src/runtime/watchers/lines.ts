import fs from 'node:fs'
import path from 'node:path'
import {setImmediate as turn} from 'node:timers/promises'
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

/** What is written, and how many of the lines are no longer in their files. */
const textsOf = async (rows: WrittenRows): Promise<{texts: readonly string[]; withoutFile: number}> => {
  if (rows.is === 'table') return {texts: rows.texts, withoutFile: 0}
  const raw = await readRawLines(rows.lines)
  return {
    texts: rows.lines.map(line => raw.get(line) ?? lineText(line)),
    withoutFile: rows.lines.filter(line => !raw.has(line)).length,
  }
}

const linesATurn = 500

const writeTexts = async (fd: number, texts: readonly string[]): Promise<void> => {
  for (let from = 0; from < texts.length; from += linesATurn) {
    const redacted = texts.slice(from, from + linesATurn).map(text => `${redact(text, maxLineChars)}\n`)
    fs.writeFileSync(fd, redacted.join(''))
    await turn()
  }
  fs.fsyncSync(fd)
}

/** What somebody wrote there before stays: the file has to be a new one. Half a file is none. */
const writeNew = async (file: string, rows: WrittenRows): Promise<{count: number; withoutFile: number}> => {
  const fd = fs.openSync(file, 'wx', 0o600)
  try {
    const {texts, withoutFile} = await textsOf(rows)
    await writeTexts(fd, texts)
    return {count: texts.length, withoutFile}
  } catch (error) {
    fs.rmSync(file, {force: true})
    throw error
  } finally {
    fs.closeSync(fd)
  }
}

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
    writeNew(target, rows).then(
      ({count, withoutFile}) => {
        const missing = withoutFile === 0 ? '' : `; ${withoutFile} only as text: their file is gone`
        const text = `${plural(count, 'line')} written to ${clean(target, 200)}, redacted, readable by you alone${missing}`
        store.dispatch({type: 'notified', text})
      },
      error => store.dispatch({type: 'notified', text: refusedText(file, error)}),
    )
  },
})
