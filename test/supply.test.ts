import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, it, test} from 'vitest'

const root = path.join(import.meta.dirname, '..')
const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8')

type Locked = {version?: string; integrity?: string; resolved?: string}

describe('what is installed', () => {
  const {packages} = JSON.parse(read('package-lock.json')) as {packages: Record<string, Locked>}
  const installed = Object.entries(packages).filter(([name]) => name !== '')

  it('has its integrity in the lock file, the packages of other platforms too', () => {
    expect(installed.length).toBeGreaterThan(200)
    expect(
      installed.filter(([, {integrity = ''}]) => !/^sha512-[A-Za-z0-9+/]{86}==/.test(integrity)).map(([name]) => name),
    ).toEqual([])
  })

  it('comes from whatever registry the machine has: the lock file names no host', () => {
    expect(installed.filter(([, {resolved}]) => resolved !== undefined).map(([name]) => name)).toEqual([])
  })

  it('is of one exact version', () => {
    const {dependencies, devDependencies} = JSON.parse(read('package.json')) as Record<string, Record<string, string>>
    for (const version of Object.values({...dependencies, ...devDependencies})) expect(version).toMatch(/^\d+\.\d+\.\d+$/)
  })
})

test.skipIf(!process.env['NODE_OF_THE_MATRIX'])('CI runs these tests on the Node that its matrix names (only in CI)', () => {
  expect(`${process.version.slice(1)}.`).toMatch(new RegExp(`^${process.env['NODE_OF_THE_MATRIX']?.replaceAll('.', '\\.')}\\.`))
})

describe('the workflows', () => {
  const folder = '.github/workflows'
  const workflows = fs.readdirSync(path.join(root, folder)).filter(name => /\.ya?ml$/.test(name))

  it.each(workflows)('%s runs no action that its author can change under us', name => {
    const used = Array.from(read(path.join(folder, name)).matchAll(/^\s*(?:-\s+)?uses:\s*(\S+)/gm), ([, action]) => action ?? '')
    expect(used.length).toBeGreaterThan(0)
    for (const action of used) expect(action).toMatch(/^(?:\.\/.*|[\w./-]+@[0-9a-f]{40})$/)
  })

  it.each(workflows)('%s says what its token may do', name => {
    expect(read(path.join(folder, name))).toMatch(/^permissions:(?: \{\}|\n {2}contents: read\n)/m)
  })
})

it('the changelog tells of the version that the package has', () => {
  const {version} = JSON.parse(read('package.json')) as {version: string}
  expect(read('.github/CHANGELOG.md')).toContain(`\n## ${version}\n`)
})

it('no profile of V8 lies in the tree', () => {
  expect(fs.readdirSync(root).filter(name => /^isolate-.*\.log$/.test(name))).toEqual([])
  expect(read('.gitignore').split('\n')).toContain('isolate-*.log')
})
