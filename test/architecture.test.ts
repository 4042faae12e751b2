import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from 'vitest'

const src = path.join(import.meta.dirname, '../src')

const inside = ['domain', 'gateway', 'settings', 'sources', 'app', 'tui', 'demo', 'runtime']

/** Who may import whom, and which packages. */
const allowed: Readonly<Record<string, {folders: readonly string[]; packages: readonly string[]}>> = {
  domain: {folders: [], packages: []},
  gateway: {folders: ['domain'], packages: ['zod', 'json5', 'yaml', 'node:path']},
  settings: {folders: ['app', 'gateway', 'domain'], packages: ['zod']},
  sources: {folders: ['gateway', 'domain'], packages: ['node:*', 'ws', 'tail', 'execa']},
  app: {folders: ['domain'], packages: []},
  tui: {folders: ['app', 'domain'], packages: ['node:*', 'ink', 'react', 'string-width']},
  runtime: {folders: ['app', 'sources', 'gateway', 'domain'], packages: ['node:*']},
  demo: {folders: ['gateway', 'domain'], packages: ['node:*', 'ws']},
  cli: {folders: inside, packages: ['node:*', 'react', 'prom-client']},
  'main.ts': {folders: [...inside, 'cli'], packages: []},
}

/** The version stands in one place, which is no source. */
const outside: Readonly<Record<string, string>> = {'runtime/version.ts': '../../package.json'}

type Source = {file: string; folder: string; text: string}

const sources: readonly Source[] = fs
  .readdirSync(src, {recursive: true, encoding: 'utf8'})
  .map(file => file.replaceAll(path.sep, '/'))
  .filter(file => /\.tsx?$/.test(file))
  .map(file => ({file, folder: file.split('/')[0] ?? '', text: fs.readFileSync(path.join(src, file), 'utf8')}))

const importing =
  /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g

const importsOf = (text: string): string[] =>
  Array.from(text.matchAll(importing), ([, from, bare, lazy]) => from ?? bare ?? lazy ?? '')

const isRelative = (name: string): boolean => name.startsWith('.')

const isAllowedPackage = (name: string, packages: readonly string[]): boolean =>
  packages.some(expected =>
    expected.endsWith('*') ? name.startsWith(expected.slice(0, -1)) : name === expected || name.startsWith(`${expected}/`),
  )

const isAllowedFile = (from: string, own: string, name: string, folders: readonly string[]): boolean => {
  if (outside[from] === name) return true
  const [folder = ''] = path.posix.join(path.posix.dirname(from), name).split('/')
  return folder === own || folders.includes(folder)
}

const wrongIn = ({file, folder, text}: Source): string[] => {
  const {folders, packages} = allowed[folder] ?? {folders: [], packages: []}
  return importsOf(text).filter(name =>
    isRelative(name) ? !isAllowedFile(file, folder, name, folders) : !isAllowedPackage(name, packages),
  )
}

const wrong = (folder: string, text: string): string[] => wrongIn({file: `${folder}/one.ts`, folder, text})

describe('who imports whom', () => {
  test('every folder has its row in the table', () => {
    const found = new Set(sources.map(({folder}) => folder))
    expect(Object.keys(allowed)).toEqual(expect.arrayContaining([...found]))
  })

  test.each(Object.keys(allowed))('%s', folder => {
    const events = sources
      .filter(source => source.folder === folder)
      .flatMap(source => wrongIn(source).map(name => `${source.file} imports ${name}`))
    expect(events).toEqual([])
  })

  test('an import across is found, however it is written', () => {
    expect(wrong('domain', "import fs from 'node:fs'")).toEqual(['node:fs'])
    expect(wrong('app', "import {\n  a,\n  b,\n} from '../gateway/config.ts'")).toEqual(['../gateway/config.ts'])
    expect(wrong('tui', "export {a} from '../sources/backlog.ts'")).toEqual(['../sources/backlog.ts'])
    expect(wrong('gateway', "const later = await import('ws')")).toEqual(['ws'])
    expect(wrong('sources', "import '../app/state.ts'\nimport {x} from '../domain/event.ts'")).toEqual(['../app/state.ts'])
    expect(
      wrong('demo', "import type {World} from '../domain/world/world.ts'\nimport ws from 'ws'\nimport {z} from 'zod'"),
    ).toEqual(['zod'])
  })
})

type Graph = ReadonlyMap<string, readonly string[]>

/** What each file imports of our own; types too. */
const files: Graph = new Map(
  sources.map(({file, text}) => [
    file,
    importsOf(text)
      .filter(isRelative)
      .map(name => path.posix.join(path.posix.dirname(file), name))
      .filter(name => sources.some(source => source.file === name)),
  ]),
)

/** The room of a file: a folder below one of the layers. What lies loose in a layer is used by its rooms, and uses them. */
const roomOf = (file: string): string | null => {
  const [layer, room, more] = file.split('/')
  return more === undefined ? null : `${layer}/${room}`
}

const roomsOf = (graph: Graph): Graph => {
  const rooms = new Map<string, string[]>()
  for (const [file, imported] of graph) {
    const room = roomOf(file)
    if (room === null) continue
    const others = imported.map(roomOf).filter(other => other !== null && other !== room)
    rooms.set(room, [...(rooms.get(room) ?? []), ...(others as string[])])
  }
  return rooms
}

/** One circle of these, as the way around it; null where there is none. */
const circleIn = (graph: Graph): string[] | null => {
  const done = new Set<string>()
  const visit = (node: string, way: readonly string[]): string[] | null => {
    const at = way.indexOf(node)
    if (at >= 0) return [...way.slice(at), node]
    if (done.has(node)) return null
    for (const next of graph.get(node) ?? []) {
      const circle = visit(next, [...way, node])
      if (circle) return circle
    }
    done.add(node)
    return null
  }
  for (const node of graph.keys()) {
    const circle = visit(node, [])
    if (circle) return circle
  }
  return null
}

describe('no circle', () => {
  test('of files, types included', () => expect(circleIn(files)).toBeNull())

  test('of the folders of a layer', () => expect(circleIn(roomsOf(files))).toBeNull())

  test('is overlooked', () => {
    const ring: Graph = new Map([
      ['domain/a/x.ts', ['domain/b/y.ts']],
      ['domain/b/y.ts', ['domain/c/z.ts']],
      ['domain/c/z.ts', ['domain/a/x.ts']],
    ])
    expect(circleIn(ring)).toEqual(['domain/a/x.ts', 'domain/b/y.ts', 'domain/c/z.ts', 'domain/a/x.ts'])
    expect(circleIn(roomsOf(ring))).toHaveLength(4)
  })
})

test('every process is started by one module, and the systemd journal is followed by execa', () => {
  const starters = sources.filter(({text}) => /['"]node:child_process['"]|['"]execa['"]/.test(text)).map(({file}) => file)
  expect(starters.toSorted()).toEqual(['sources/log/systemd-journal.ts', 'sources/run-process.ts'])
})

test('what looks again and again has one helper; the screen and the demo, which import no sources, have timers', () => {
  const repeating = sources.filter(({text}) => /\bsetInterval\(/.test(text)).map(({file}) => file)
  expect(repeating.filter(file => !file.startsWith('demo/')).toSorted()).toEqual([
    'sources/every.ts',
    'tui/terminal/terminal-session.ts',
  ])
})

test('the fast reader of long logs has two doors: as lines, and packed for another thread', () => {
  const fast = 'gateway/lines/fast/'
  const doors = [`${fast}history-reader.ts`, `${fast}packing.ts`]
  const others = Array.from(files)
    .filter(([file]) => !file.startsWith(fast))
    .flatMap(([file, imported]) =>
      imported.filter(name => name.startsWith(fast) && !doors.includes(name)).map(name => `${file} imports ${name}`),
    )
  expect(others).toEqual([])
})

describe('how files are written', () => {
  const offenders = (wrongs: (source: Source) => boolean): string[] => sources.filter(wrongs).map(({file}) => file)

  test('no default export, but the one that stands in for a package', () => {
    expect(offenders(({text}) => /^\s*export default\b|\bas default\b/m.test(text))).toEqual(['sources/no-devtools.ts'])
  })

  test('no barrel', () => {
    expect(offenders(({file}) => /(?:^|\/)index\.tsx?$/.test(file))).toEqual([])
    expect(offenders(({text}) => /^export \* from/m.test(text))).toEqual([])
  })

  test('no folder for what has no name', () => {
    expect(offenders(({file}) => /(?:^|\/)(?:utils?|helpers?|types?|common|shared|misc)(?:\/|\.tsx?$)/.test(file))).toEqual([])
  })

  test('every relative import says what kind of file it is', () => {
    const bare = sources.flatMap(({file, text}) =>
      importsOf(text)
        .filter(name => isRelative(name) && !/\.(?:tsx?|json)$/.test(name))
        .map(name => `${file} imports ${name}`),
    )
    expect(bare).toEqual([])
  })

  test('no state at the level of a module, but the zone of all clocks, which is set once at the start', () => {
    expect(offenders(({text}) => /^(?:export )?(?:let|var)\b/m.test(text))).toEqual(['app/zone.ts'])
  })
})
