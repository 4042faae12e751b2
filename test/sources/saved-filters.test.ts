import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {statePlaces} from '../../src/sources/plans/journals-folder.ts'
import {readSavedFilters, writeSavedFilter} from '../../src/sources/saved-filters.ts'

const placesIn = () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-filters-'))
  onTestFinished(() => fs.rmSync(root, {recursive: true, force: true}))
  return statePlaces({
    env: {GATECRAB_STATE_DIR: path.join(root, 'state')},
    home: root,
    platform: 'linux',
    uid: 0,
    defaultUser: '',
  } as never)
}

test('keeps filters by name for the next screen, readable by this account alone', () => {
  const places = placesIn()
  expect(readSavedFilters(places)).toEqual({filters: {}})
  expect(writeSavedFilter(places, 'nodes', 'mode:node !in')).toBeNull()
  expect(writeSavedFilter(places, '__proto__', 'x')).toBeNull()
  expect(writeSavedFilter(places, 'storms', 'state:storm')).toBeNull()
  expect(readSavedFilters(places)).toMatchObject({filters: {nodes: 'mode:node !in', storms: 'state:storm'}})
  expect(fs.statSync(path.join(places.root, 'filters.json')).mode & 0o777).toBe(0o600)
  expect(fs.statSync(places.root).mode & 0o777).toBe(0o700)
  expect(writeSavedFilter(places, 'nodes', null)).toBeNull()
  expect(readSavedFilters(places)).not.toHaveProperty('filters.nodes')
})

test('says why a file that it did not write is not read, and leaves it as it is', () => {
  const places = placesIn()
  writeSavedFilter(places, 'nodes', 'mode:node')
  const file = path.join(places.root, 'filters.json')
  fs.writeFileSync(file, '{"nodes": 5}')
  expect(readSavedFilters(places)).toMatchObject({because: 'it does not hold what gatecrab wrote there'})
  expect(writeSavedFilter(places, 'x', 'y')).toMatchObject({title: `${file} was not written`})
  expect(fs.readFileSync(file, 'utf8')).toBe('{"nodes": 5}')
})
