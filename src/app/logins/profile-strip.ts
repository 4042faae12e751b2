import {dayMs} from '../../domain/durations.ts'
import type {Profile} from '../../domain/logins/profile.ts'
import type {Cell} from '../rows/rows.ts'
import {ago} from '../words.ts'
import type {ProfilesRead} from './profiles-read.ts'

const days = 30

type DayKind = 'none' | 'renews' | 'ends'

const signs: Record<DayKind, readonly [string, string]> = {none: ['·', '.'], renews: ['○', 'o'], ends: ['●', '#']}

const dayKindOf = (ending: readonly Profile[]): DayKind => {
  if (ending.some(({renewsItself, from}) => !renewsItself && from !== 'external')) return 'ends'
  return ending.length > 0 ? 'renews' : 'none'
}

const endingOn = (profiles: readonly Profile[], now: number, day: number): Profile[] =>
  profiles.filter(({expiresAt}) => expiresAt !== null && expiresAt > now && Math.floor((expiresAt - now) / dayMs) === day)

/** Of a path, what tells its store from the others. */
const longPath = /(?<=\s)\/\S*\/([^/\s]+\/[^/\s]+)(?=\s|$)/

/** Stores that are unreadable or inconsistent, whatever the time; the profiles panel shows the details. */
export const storeProblemCell = (read: ProfilesRead | null): Cell | null => {
  const [first, ...more] = read?.problems ?? []
  if (first === undefined) return null
  const others = more.length > 0 ? `${more.length + 1} problems, gatecrab profiles tells all: ` : ''
  return {text: `! ${others}${first.title.replace(longPath, '…/$1')}`, role: 'warn'}
}

/** The days to come, one sign each: which of them bring an end that needs a person, and how old all this is. */
export const stripOf = (read: ProfilesRead | null, now: number, isAscii: boolean): Cell[] => {
  if (read === null) return []
  const kinds = Array.from({length: days}, (_, day) => dayKindOf(endingOn(read.profiles, now, day)))
  const count = kinds.filter(kind => kind === 'ends').length
  const row = kinds.map(kind => signs[kind][isAscii ? 1 : 0]).join('')
  const [ends, renews] = [signs.ends, signs.renews].map(sign => sign[isAscii ? 1 : 0])
  return [
    {text: `30 days |${row}|`, role: count > 0 ? 'warn' : 'dim'},
    {text: `${ends} ends ${renews} renews itself`, role: 'dim'},
    {text: `read ${ago(read.at, now)}${read.isWhole ? '' : ', not all of it'}`, role: read.isWhole ? 'dim' : 'warn'},
  ]
}
