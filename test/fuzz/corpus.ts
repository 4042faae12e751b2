import fs from 'node:fs'
import path from 'node:path'

const root = path.join(import.meta.dirname, '../fixtures')

const isText = (file: string): boolean => !/\.(?:md|ts|cjs|sqlite|truth\.json)$/.test(file)

/** The real outputs below a folder of the fixtures, by their paths. */
export const fixturesIn = (folder: string, isChosen: (file: string) => boolean = () => true): string[] =>
  fs
    .readdirSync(path.join(root, folder), {recursive: true, withFileTypes: true})
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name))
    .filter(file => isText(file) && isChosen(file))
    .toSorted()

export const textsIn = (folder: string, isChosen?: (file: string) => boolean): string[] =>
  fixturesIn(folder, isChosen).map(file => fs.readFileSync(file, 'utf8'))

/** Lines that differ in more than ids, times and numbers, one of each kind. */
const kindOf = (line: string): string =>
  line
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'U')
    .replace(/\d+/g, '0')
    .replace(/[0-9a-f]{6,}/g, 'H')
    .slice(0, 400)

/** What gateways of every release wrote: into their files and on their consoles. */
export const logLines = (): string[] => {
  const kinds = new Map<string, string>()
  for (const folder of ['logs', 'strangers', 'container'])
    for (const text of textsIn(folder, file => /\.(?:jsonl|log)$/.test(file)))
      for (const line of text.split('\n')) if (line !== '') kinds.set(kindOf(line), kinds.get(kindOf(line)) ?? line)
  return [...kinds.values()]
}
