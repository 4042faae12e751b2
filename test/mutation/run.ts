import {spawnSync} from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

// npm run mutation -- [FILE or FOLDER…]     changes the pure middle in small ways, one at a time, and lists the changes that no test notices

const stryker = '10.1.1'
const middle = ['src/domain', 'src/gateway', 'src/app']

const root = path.join(import.meta.dirname, '../..')
const named = process.argv.slice(2)
const missing = named.find(name => !fs.existsSync(path.join(root, name)))
if (missing !== undefined) {
  process.stderr.write(`mutation: there is no ${missing}\nnpm run mutation -- [FILE or FOLDER…]     of ${middle.join(', ')}\n`)
  process.exit(64)
}
const globOf = (name: string): string => (fs.statSync(path.join(root, name)).isDirectory() ? `${name}/**/*.ts` : name)

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-mutation-'))
process.on('exit', () => fs.rmSync(folder, {recursive: true, force: true}))
const run = (command: string, args: readonly string[], cwd: string): number =>
  spawnSync(command, args, {cwd, stdio: 'inherit'}).status ?? 1

// Stryker and its 160 packages are no part of the project: they are put into a folder of their own, where they find its Vitest.
fs.writeFileSync(path.join(folder, 'package.json'), '{"private": true}')
const packages = ['core', 'vitest-runner'].map(name => `@stryker-mutator/${name}@${stryker}`)
if (run('npm', ['install', '--no-audit', '--no-fund', '--legacy-peer-deps', '--loglevel=error', ...packages], folder) !== 0)
  process.exit(1)
for (const name of ['vitest', 'vite']) {
  const link = path.join(folder, 'node_modules', name)
  fs.rmSync(link, {recursive: true, force: true})
  fs.symlinkSync(path.join(root, 'node_modules', name), link)
}
// What must notice a change. The stories notice more, and take too long to be run for each of thousands of changes.
const tests = {
  include: ['test/{domain,gateway,settings,app}/**/*.test.{ts,tsx}'],
  env: {CI: 'false', TZ: 'UTC', LC_ALL: 'C.UTF-8', NO_COLOR: '', FORCE_COLOR: ''},
  testTimeout: 20_000,
}
const vitestConfig = path.join(folder, 'vitest.config.mjs')
fs.writeFileSync(vitestConfig, `export default ${JSON.stringify({test: tests})}\n`)
const settings = {
  testRunner: 'vitest',
  plugins: [path.join(folder, 'node_modules/@stryker-mutator/vitest-runner/dist/src/index.js')],
  vitest: {configFile: vitestConfig, related: true},
  mutate: (named.length > 0 ? named : middle).map(globOf),
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  concurrency: os.availableParallelism(),
  reporters: ['clear-text', 'json'],
  clearTextReporter: {logTests: false, allowEmojis: false},
  jsonReporter: {fileName: 'node_modules/.cache/mutation.json'},
  // Not below node_modules, where Vitest looks for no test.
  tempDirName: 'dist/mutation',
  cleanTempDir: 'always',
  // Its reader of that file needs a TypeScript of before version 7.
  tsconfigFile: 'none.json',
}
const file = path.join(folder, 'stryker.json')
fs.writeFileSync(file, JSON.stringify(settings))
process.exit(run(process.execPath, [path.join(folder, 'node_modules/@stryker-mutator/core/bin/stryker.js'), 'run', file], root))
