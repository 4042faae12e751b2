import {availableParallelism} from 'node:os'
import {defineConfig} from 'vitest/config'
import {BaseSequencer, type TestSpecification} from 'vitest/node'

const env = {CI: 'false', TZ: 'UTC', LC_ALL: 'C.UTF-8', NO_COLOR: '', FORCE_COLOR: ''}

/** Every screen at every width: as pure as the rest, and a third of their time. */
const everyWidth = 'test/tui/widths.test.ts'

type Options = {
  exclude?: string[]
  testTimeout?: number
  hookTimeout?: number
  fileParallelism?: boolean
  pool?: 'threads'
  isolate?: boolean
  maxWorkers?: number
  sequence?: {groupOrder: number}
}

const project = (name: string, include: string[], options: Options = {}) => ({
  test: {name, include, env, pool: 'forks' as const, testTimeout: 20_000, ...options},
})

const cores = availableParallelism()

/** Vitest leaves one core to itself, which on two halves the speed. These wait for processes, files and terminals more than they compute. */
const waiting = {maxWorkers: cores + 2, hookTimeout: 60_000, sequence: {groupOrder: 1}}

/** The files that take longest, so that none of them is left alone at the end. */
const longest = [
  'cli/plan-killed/',
  'cli/on-change.',
  'cli/mac.',
  'cli/foreign-listener.',
  'cli/propagate.',
  'cli/renew.',
  'sources/runner.',
  'cli/rotate.',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({moduleId}: TestSpecification): number => {
      const at = longest.findIndex(part => moduleId.includes(`/test/${part}`))
      return at === -1 ? longest.length : at
    }
    return files.toSorted((a, b) => place(a) - place(b))
  }
}

export default defineConfig({
  test: {
    sequence: {sequencer: LongestFirst},
    // Of the tests of one file that run at once: each starts several processes.
    maxConcurrency: 2,
    projects: [
      // Nothing in these is shared but what is imported, so one thread runs many files.
      project('pure', ['test/{domain,gateway,settings,app,tui,stories,pictures}/**/*.test.{ts,tsx}', 'test/*.test.ts'], {
        exclude: [everyWidth],
        pool: 'threads',
        isolate: false,
        maxWorkers: cores,
      }),
      // Their own time is measured in `npm run fuzz`, so no other file runs beside one.
      project('fuzz', ['test/fuzz/**/*.test.ts'], {
        pool: 'threads',
        isolate: false,
        maxWorkers: process.env['FUZZ_INPUTS'] === undefined ? cores : 1,
      }),
      project('world', ['test/{sources,cli,demo}/**/*.test.{ts,tsx}', everyWidth], {testTimeout: 120_000, ...waiting}),
      project('e2e', ['test/e2e/**/*.test.ts'], {testTimeout: 90_000, ...waiting}),
      project('real', ['test/real/**/*.test.ts'], {testTimeout: 600_000, fileParallelism: false}),
      project('macos', ['test/macos/**/*.test.ts'], {testTimeout: 120_000, hookTimeout: 60_000, fileParallelism: false}),
      project('stress', ['test/stress/**/*.test.ts'], {testTimeout: 900_000, fileParallelism: false}),
    ],
  },
})
