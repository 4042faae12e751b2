import fs from 'node:fs'
import path from 'node:path'
import {captured, recent} from './captured-lines.ts'
import {temporaryFolder} from './surroundings.ts'

/** A live log of its own, begun with a captured story. */
export const logOf = (story?: string) => {
  const file = path.join(temporaryFolder(), 'gateway.jsonl')
  const write = (lines: readonly string[]) => fs.appendFileSync(file, lines.map(line => `${line}\n`).join(''))
  write(story === undefined ? [] : recent(captured(story)))
  return {
    file,
    write,
    /** As the gateway does at its size limit. */
    rotate: () => {
      fs.renameSync(file, file.replace(/\.jsonl$/, '.1.jsonl'))
      write([])
    },
  }
}
