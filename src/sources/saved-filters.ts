import fs from 'node:fs'
import path from 'node:path'
import type {Failure} from '../domain/failure.ts'
import {isFields} from '../gateway/json.ts'
import {codeOf, errorWords} from './error-words.ts'
import {makePrivate, type StatePlaces} from './plans/journals-folder.ts'
import {putFile} from './token/replace.ts'

/** By name. */
type Filters = Readonly<Record<string, string>>

const fileIn = ({root}: StatePlaces): string => path.join(root, 'filters.json')

const isFilters = (value: unknown): value is Filters =>
  isFields(value) && Object.values(value).every(text => typeof text === 'string')

const readFile = (file: string): Filters => {
  try {
    const value: unknown = JSON.parse(fs.readFileSync(file, 'utf8'))
    if (!isFilters(value)) throw new SyntaxError('these are no filters by name')
    return value
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return {}
    throw error
  }
}

const failureFor = (title: string, error: unknown): Failure => ({
  title,
  because: codeOf(error) === '' ? 'it does not hold what gatecrab wrote there' : errorWords(error),
  tryThis: 'look who may read and write it, or remove it; the filters of the config file count all the same',
  from: 'you',
})

/** The filters that `:filter save` kept. */
export const readSavedFilters = (places: StatePlaces): {filters: Filters} | Failure => {
  const file = fileIn(places)
  try {
    return {filters: readFile(file)}
  } catch (error) {
    return failureFor(`${file} is not read`, error)
  }
}

/** Keeps a filter by its name, or with `text` null forgets it; read again just before, for other screens keep theirs there too. */
export const writeSavedFilter = (places: StatePlaces, name: string, text: string | null): Failure | null => {
  const file = fileIn(places)
  try {
    const {[name]: _, ...others} = readFile(file)
    makePrivate(places.root)
    putFile(file, Buffer.from(`${JSON.stringify(text === null ? others : {...others, [name]: text}, null, 2)}\n`))
    return null
  } catch (error) {
    return failureFor(`${file} was not written`, error)
  }
}
