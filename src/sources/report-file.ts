import fs from 'node:fs'
import path from 'node:path'
import {makePrivate, type StatePlaces} from './plans/journals-folder.ts'

/** A report of its own name, for its owner alone: it is redacted, and still tells how a gateway is built. */
export const writeReport = (text: string, {root}: StatePlaces, now: number): string => {
  const folder = path.join(root, 'reports')
  makePrivate(folder)
  const file = path.join(folder, `${new Date(now).toISOString().replaceAll(':', '-')}.md`)
  fs.writeFileSync(file, text, {mode: 0o600, flag: 'wx', flush: true})
  return file
}
