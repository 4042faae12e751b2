import {type AcceptedToken, keyOf, type TokenCopy} from '../../domain/token/copy.ts'
import {outOfReach, placeRow} from '../../domain/token/places.ts'
import type {TokenProblem} from '../../domain/token/token-problems.ts'
import {type Filter, passes} from '../rows/filter.ts'
import type {Column, Role, Row} from '../rows/rows.ts'

/** What was read of the token's copies, and when. */
export type CopiesView = {
  enforced: AcceptedToken
  copies: readonly TokenCopy[]
  tokenProblems: readonly TokenProblem[]
  at: number
}

export const copyColumns: readonly Column[] = [
  {title: '', width: 1},
  {title: 'PLACE', width: 20},
  {title: 'TOKEN', width: 10},
  {title: 'VERDICT', width: 12},
  {title: 'MODE', width: 4, from: 100},
  {title: 'WHERE', width: 20, grow: true},
]

const roles: Record<TokenCopy['verdict'], Role> = {
  agrees: 'good',
  differs: 'bad',
  absent: 'dim',
  'not-a-secret': 'warn',
  unknown: 'note',
}
const signs: Record<TokenCopy['verdict'], readonly [string, string]> = {
  agrees: ['✓', '+'],
  differs: ['●', '*'],
  absent: ['·', '-'],
  'not-a-secret': ['▲', '!'],
  unknown: ['?', '?'],
}

const tokenText = ({kind, fingerprint, pointsTo}: TokenCopy): string =>
  kind === 'reference' ? (pointsTo ?? 'reference') : (fingerprint ?? kind)

const whereText = ({place, path, key}: TokenCopy): string => {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return outOfReach.includes(place) ? 'out of reach of any tool' : [name, key].filter(Boolean).join(' ')
}

const rowOf = (copy: TokenCopy, isAscii: boolean): Row => {
  const role = roles[copy.verdict]
  const title = placeRow(copy.place).title
  const named = {place: title, verdict: copy.verdict, kind: copy.kind, path: copy.path, key: copy.key}
  const hasProblem = copy.problem !== null
  return {
    key: keyOf(copy),
    dim: copy.verdict === 'absent',
    search: {all: `${Object.values(named).join(' ')} ${copy.problem ?? ''}`, named},
    cells: [
      {text: signs[copy.verdict][isAscii ? 1 : 0], role: hasProblem ? 'warn' : role},
      {text: title, role: copy.wins ? 'strong' : copy.verdict === 'absent' ? 'dim' : 'plain'},
      {text: tokenText(copy), role: copy.verdict === 'absent' ? 'dim' : 'plain'},
      {text: copy.wins && copy.verdict !== 'differs' ? 'in force' : copy.verdict, role},
      {text: copy.mode ?? '', role: 'dim'},
      {text: whereText(copy), role: 'dim'},
    ],
  }
}

const rank = (copy: TokenCopy): number =>
  copy.wins
    ? 0
    : copy.verdict === 'differs' || copy.verdict === 'not-a-secret'
      ? 1
      : copy.problem !== null
        ? 2
        : copy.verdict === 'unknown'
          ? 3
          : copy.verdict === 'agrees'
            ? 4
            : 5

/** The one in force first, then those that are wrong, then the rest. */
export const copyRows = (read: CopiesView | null, filter: Filter, isAscii: boolean): {rows: Row[]; copies: TokenCopy[]} => {
  const sorted = [...(read?.copies ?? [])].sort((a, b) => rank(a) - rank(b))
  const all = sorted.map(copy => ({copy, row: rowOf(copy, isAscii)})).filter(({row}) => passes(filter, row.search))
  return {rows: all.map(({row}) => row), copies: all.map(({copy}) => copy)}
}
