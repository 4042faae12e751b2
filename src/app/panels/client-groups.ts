import {reasonById} from '../../domain/reasons/reason.ts'
import {rank} from '../rows/client-entries.ts'
import {type ClientGroup, countOf, networkOfEntry, reasonOf, sinceOf} from '../rows/client-order.ts'
import type {Searchable} from '../rows/filter.ts'
import type {Row} from '../rows/rows.ts'
import {ago, clockOrDay, moment, plural} from '../words.ts'
import {roles, shortCount} from './client-looks.ts'
import {type Explanation, joined, type PanelInput} from './panel.ts'

const earliest = (times: readonly (number | null)[]): number | null =>
  times.reduce((first, at) => (at === null || (first !== null && first <= at) ? first : at), null)

/** What a group says is of all its clients; its state is that of the worst. */
export const groupFacts = ({entries}: ClientGroup) => ({
  count: entries.reduce((sum, entry) => sum + countOf(entry), 0),
  since: earliest(entries.map(sinceOf)),
  lastAt: entries.reduce((last, entry) => Math.max(last, entry.lastAt), 0),
})

export const searchOfGroup = ({title}: ClientGroup): Searchable => ({all: title, named: {}})

export const groupRow = (input: PanelInput, group: ClientGroup, isFolded: boolean, isAscii: boolean): Row => {
  const {count, since, lastAt} = groupFacts(group)
  const worst = group.entries.toSorted((a, b) => rank(a, input.now) - rank(b, input.now))[0]
  const state = worst?.state ?? 'out'
  const fold = isFolded ? (isAscii ? '+' : '▸') : isAscii ? '-' : '▾'
  const size = plural(group.entries.length, 'client')
  return {
    key: group.key,
    dim: worst !== undefined && rank(worst, input.now) > 3,
    search: searchOfGroup(group),
    cells: [
      {text: fold, role: roles[state]},
      {text: size, role: 'strong'},
      ...[{text: ''}, {text: ''}, {text: ''}],
      {text: group.title, role: 'strong'},
      {text: shortCount(count)},
      {text: since === null ? '' : clockOrDay(since, input.now), cut: 'silently'},
      {text: clockOrDay(lastAt, input.now), role: 'dim'},
      {text: ''},
      {text: state, role: roles[state]},
    ],
  }
}

const maxNamed = 4

/** What the clients of a network are refused for, or where those with one reason come from. */
const spread = ({by, entries}: ClientGroup): string => {
  const found = Array.from(
    Map.groupBy(entries, by === 'reason' ? networkOfEntry : reasonOf),
    ([name, own]) => [name, own.length] as const,
  )
  const sorted = found.toSorted(([, a], [, b]) => b - a)
  const more = sorted.length > maxNamed ? `, and ${sorted.length - maxNamed} more` : ''
  return `${sorted
    .slice(0, maxNamed)
    .map(([name, count]) => `${count} ${by === 'reason' ? 'from ' : ''}${name}`)
    .join(', ')}${more}`
}

export const whyGroup = (input: PanelInput, group: ClientGroup): Explanation => {
  const {count, since, lastAt} = groupFacts(group)
  const of = group.reason === null ? null : reasonById(group.reason)
  return {
    why: `${plural(group.entries.length, 'client')}: ${spread(group)}.${of ? ` ${of.means}` : ''}`,
    seen: joined([
      `${plural(count, 'attempt')}${since === null ? '' : ` since ${moment(since, input.now)}`}, last ${ago(lastAt, input.now)}`,
      'enter shows or hides its clients',
    ]),
    tryThis: of ? of.tryThis : '',
    facts: [],
  }
}
