import {spawnSync} from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

/** What `npm run test:real` takes beside the names of files: which of them each word means. */
const ground: Readonly<Record<string, RegExp>> = {
  docker: /^docker/,
  systemd: /^systemd/,
  releases: /^(?!docker|systemd)/,
}

const files = fs.readdirSync(import.meta.dirname).filter(name => name.endsWith('.test.ts'))

const filesOf = (word: string): string[] => {
  const named = ground[word]
  const found = files.filter(name => (named ? named.test(name) : name.includes(word)))
  if (found.length === 0) {
    console.error(`test:real: nothing is called ${word}; there are ${Object.keys(ground).join(', ')}, and ${files.join(', ')}`)
    process.exit(64)
  }
  return found.map(name => path.join('test/real', name))
}

const words = process.argv.slice(2)
const chosen = words.flatMap(filesOf)
const vitest = path.join(import.meta.dirname, '../../node_modules/vitest/vitest.mjs')
const {status} = spawnSync(process.execPath, [vitest, 'run', '--config', '.vitest.config.ts', '--project', 'real', ...chosen], {
  cwd: path.join(import.meta.dirname, '../..'),
  stdio: 'inherit',
})
process.exitCode = status ?? 1
