import {defineConfig} from 'vitest/config'

const env = {CI: 'false', TZ: 'UTC', LC_ALL: 'C.UTF-8', NO_COLOR: '', FORCE_COLOR: ''}
const project = (name: string, include: string[], options: {testTimeout?: number; fileParallelism?: boolean} = {}) => ({
  test: {name, include, env, pool: 'forks' as const, testTimeout: 20_000, ...options},
})

export default defineConfig({
  test: {
    projects: [
      project('pure', ['test/{domain,gateway,app,tui,stories}/**/*.test.{ts,tsx}', 'test/*.test.ts']),
      project('world', ['test/{sources,cli,demo}/**/*.test.{ts,tsx}'], {testTimeout: 60_000}),
      project('e2e', ['test/e2e/**/*.test.ts'], {testTimeout: 90_000}),
      project('real', ['test/real/**/*.test.ts'], {testTimeout: 600_000, fileParallelism: false}),
      project('stress', ['test/stress/**/*.test.ts'], {testTimeout: 900_000, fileParallelism: false}),
    ],
  },
})
