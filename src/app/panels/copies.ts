import {keyOf, type TokenCopy} from '../../domain/token/copy.ts'
import {manualStepFor, outOfReach, placeRow} from '../../domain/token/places.ts'
import type {Named} from '../rows/filter.ts'
import {type Column, filteredRows, type Role, type Row} from '../rows/rows.ts'
import {ago} from '../words.ts'
import {type Explanation, joined, type Panel, type PanelInput, panelOf} from './panel.ts'

const columns: readonly Column[] = [
  {title: '', width: 1},
  {title: 'PLACE', width: 20},
  {title: 'TOKEN', width: 10, from: 46},
  {title: 'VERDICT', width: 12},
  {title: 'MODE', width: 4, from: 100},
  {title: 'WHERE', width: 13, grow: true, from: 60},
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

const tokenText = ({place, kind, fingerprint, pointsTo}: TokenCopy): string => {
  if (outOfReach.includes(place)) return ''
  return kind === 'reference' ? (pointsTo ?? 'reference') : (fingerprint ?? kind)
}

const verdictText = ({place, wins, verdict}: TokenCopy): string => {
  if (wins && verdict !== 'differs') return 'in force'
  return outOfReach.includes(place) ? 'cannot check' : verdict
}

const whereText = ({place, path, key}: TokenCopy): string => {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return outOfReach.includes(place) ? 'gatecrab cannot see this one' : [name, key].filter(Boolean).join(' ')
}

const fields = ['place', 'verdict', 'kind', 'path', 'key'] as const

const rowOf = (copy: TokenCopy, isAscii: boolean): Row => {
  const role = roles[copy.verdict]
  const title = placeRow(copy.place).title
  const named: Named<typeof fields> = {place: title, verdict: copy.verdict, kind: copy.kind, path: copy.path, key: copy.key}
  const hasProblem = copy.problem !== null
  return {
    key: keyOf(copy),
    dim: copy.verdict === 'absent',
    search: {all: `${Object.values(named).join(' ')} ${copy.problem ?? ''}`, named},
    cells: [
      {text: signs[copy.verdict][isAscii ? 1 : 0], role: hasProblem ? 'warn' : role},
      {text: title, role: copy.wins ? 'strong' : copy.verdict === 'absent' ? 'dim' : 'plain'},
      {text: tokenText(copy), role: copy.verdict === 'absent' ? 'dim' : 'plain'},
      {text: verdictText(copy), role},
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

/** Where a person has to paste it, the token can be had on the clipboard. */
const isPasted = ({place}: TokenCopy): boolean => ['browser', 'mac-app', 'node-host', 'http-caller'].includes(place)

const copyAdvice = (copy: TokenCopy): string => {
  if (copy.verdict !== 'differs' && !outOfReach.includes(copy.place)) return 'Nothing to do.'
  return isPasted(copy) ? `${manualStepFor(copy)} Y puts the token on your clipboard, after a warning.` : manualStepFor(copy)
}

const whyCopy = (state: PanelInput, copy: TokenCopy): Explanation => {
  const row = placeRow(copy.place)
  const read = state.copies ? `read ${ago(state.copies.at, state.now)}` : ''
  const [worst] = copy.problems ?? []
  return {
    why: copy.problem ?? (copy.verdict === 'differs' ? `It is not the token in force. ${row.stale}` : row.wins),
    seen: joined([copy.wins ? 'the gateway takes this one' : null, read]),
    tryThis: worst?.cure ?? copyAdvice(copy),
    facts: [
      ['where', copy.path],
      ['key', copy.key],
      ['token', copy.fingerprint ?? copy.kind],
      ['mode', copy.mode ?? 'unknown'],
      ['read by', row.read],
    ],
  }
}

/** The one in force first, then those that are wrong, then the rest. */
const worstFirst = (copies: readonly TokenCopy[]): TokenCopy[] => copies.toSorted((a, b) => rank(a) - rank(b))

export const copies: Panel<TokenCopy> = panelOf<TokenCopy>({
  title: 'Copies',
  about: "the places the gateway's token lives in",
  fields,
  rows: (input, isAscii) =>
    filteredRows(columns, worstFirst(input.copies?.copies ?? []), copy => rowOf(copy, isAscii), input.filter),
  // A log that is named may be of any gateway: then nothing of this host is read.
  empty: input =>
    input.live === null && input.copies === null
      ? 'The copies of the token are not read with --log or in a replay: start gatecrab without it to see them.'
      : 'The copies of the token have not been read.',
  why: whyCopy,
  evidence: () => ({is: 'none', because: 'This row was read from a file: it has no lines in the log'}),
})
