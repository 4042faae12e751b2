import {readdir} from 'node:fs/promises'
import path from 'node:path'
import {statIfThere} from './archives.ts'
import {isMissing} from './follow-events.ts'

export type DayName = ((date: string) => string) | {readonly prefix: string; readonly suffix: string}
export type Day = {readonly date: string; readonly file: string}

export const dayFileName =
  (name: DayName) =>
  (date: string): string =>
    typeof name === 'function' ? name(date) : name.prefix + date + name.suffix

export const localDate = (time: Date): string =>
  [time.getFullYear(), time.getMonth() + 1, time.getDate()].map(part => String(part).padStart(2, '0')).join('-')

/** The date in a file's name, if the name is that of our log and not of another profile's, nor of an archive. */
export const dateIn = (entry: string, name: DayName): string | null =>
  entry.match(/\d{4}-\d{2}-\d{2}/g)?.find(date => dayFileName(name)(date) === entry) ?? null

export async function daysIn(folder: string, name: DayName): Promise<Day[]> {
  try {
    const dates = (await readdir(folder)).map(entry => dateIn(entry, name)).filter(date => date !== null)
    return dates.sort().map(date => ({date, file: path.join(folder, dayFileName(name)(date))}))
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

export const writtenAt = async (file: string): Promise<number> => Number((await statIfThere(file))?.mtimeMs ?? 0)
