import {execFileSync, spawnSync} from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import {describe} from 'vitest'

const isMac = process.platform === 'darwin'

/** What only a Mac can prove. Elsewhere it is skipped, and the title says why. */
export const onMac = (title: string, body: () => void): void => {
  describe.skipIf(!isMac)(isMac ? title : `${title} (skipped: it takes a Mac with its launchctl, lsof, netstat and pmset)`, body)
}

const captures = path.join(import.meta.dirname, 'captures')

/** What a tool of this Mac said, kept for the fixtures: CI hands it over as an artifact. */
export const keep = (name: string, text: string): void => {
  fs.mkdirSync(captures, {recursive: true})
  fs.writeFileSync(path.join(captures, `${name}.txt`), text)
}

/** What a tool says on either stream, whatever its exit code. */
export const said = (program: string, ...args: readonly string[]): string => {
  const {stdout, stderr, status} = spawnSync(program, args, {encoding: 'utf8', maxBuffer: 64 << 20})
  return `${stdout}${stderr}exit ${status}\n`
}

/** Rights of root without a password, as on the machines of CI. */
export const hasSudo = (): boolean => isMac && spawnSync('sudo', ['-n', 'true']).status === 0

export const run = (program: string, ...args: readonly string[]): string => execFileSync(program, args, {encoding: 'utf8'})
