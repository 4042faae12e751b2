import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, it} from 'vitest'

const root = path.join(import.meta.dirname, '..')
const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8')

const documents = [
  'src/README.md',
  'src/DECISIONS.md',
  '.github/CONTRIBUTING.md',
  '.github/SECURITY.md',
  'src/gateway/lines/fast/README.md',
]

const baseNames = new Set(
  fs.readdirSync(path.join(root, 'src'), {recursive: true, encoding: 'utf8'}).map(file => path.basename(file)),
)

const namings = [
  /`((?:[a-z][\w-]*\/)*[\w-]+(?:\.[\w-]+)*\.(?:tsx?|m?js|md|yml))`/gi,
  /`((?:src|test|bin|domain|gateway|sources|app|runtime|tui|cli|demo)(?:\/[\w.-]+)*\/?)`/g,
  /\b(test\/[\w/-]+\.tsx?)/g,
]

const isPlaceholder = (name: string): boolean => /\b[A-Z]+\//.test(name)

/** Files and folders of ours that a text names; a package or a home is none. */
const pathsIn = (text: string): string[] => {
  const names = namings.flatMap(naming => Array.from(text.matchAll(naming), ([, name]) => name ?? ''))
  return Array.from(new Set(names)).filter(name => !isPlaceholder(name))
}

const exists = (document: string, name: string): boolean =>
  ['.', 'src', path.dirname(document)].some(folder => fs.existsSync(path.join(root, folder, name))) ||
  (!name.includes('/') && baseNames.has(name))

describe.each(documents)('%s', document => {
  it('names only files and folders that are there', () => {
    expect(pathsIn(read(document)).filter(name => !exists(document, name))).toEqual([])
  })

  it('links only to pages that are there', () => {
    const links = Array.from(read(document).matchAll(/\]\((?!https?:)([^)#]*)(?:#[^)]*)?\)/g), ([, to]) => to ?? '')
    expect(links.filter(to => !fs.existsSync(path.join(root, path.dirname(document), to)))).toEqual([])
  })
})

it('a path that is gone is found', () => {
  expect(
    pathsIn(
      'see `app/gone.ts`, `gone.tsx`, `domain/gone/` and `node test/gone/it.ts 5`; not `@lydell/node-pty`, `ws://`, `test/RELEASE/it.ts`',
    ),
  ).toEqual(['app/gone.ts', 'gone.tsx', 'domain/gone/', 'test/gone/it.ts'])
  expect(exists('src/README.md', 'app/gone.ts')).toBe(false)
  expect(exists('src/README.md', 'gone.tsx')).toBe(false)
})

it('a decision has at most five lines', () => {
  const [, ...decisions] = read('src/DECISIONS.md').split(/^## /m)
  const long = decisions.filter(text => text.split('\n').slice(1).filter(Boolean).length > 5)
  expect(decisions.length).toBeGreaterThan(30)
  expect(long.map(text => text.split('\n')[0])).toEqual([])
})

it('every script that a page names is in package.json', () => {
  const {scripts} = JSON.parse(read('package.json')) as {scripts: Record<string, string>}
  const named = [...documents, 'README.md'].flatMap(document =>
    Array.from(read(document).matchAll(/\bnpm run ([a-z][\w:-]*)/g), ([, script]) => script ?? ''),
  )
  expect(named.filter(script => !Object.hasOwn(scripts, script))).toEqual([])
})
