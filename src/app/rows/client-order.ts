import {subnetOf} from '../../domain/address.ts'
import {addressOf} from '../../domain/attempts/attempt.ts'
import type {ClientEntry} from './client-entries.ts'

export const clientSorts = ['worst', 'last', 'first', 'count', 'reason', 'network'] as const
export const clientGroupings = ['none', 'reason', 'network'] as const
type ClientSort = (typeof clientSorts)[number]
type ClientGrouping = (typeof clientGroupings)[number]

/** How the clients are put: those of a group stand below its row where it is unfolded. */
export type ClientOrder = {sort: ClientSort; group: ClientGrouping; unfolded: ReadonlySet<string>}

export const calmOrder: ClientOrder = {sort: 'worst', group: 'none', unfolded: new Set()}

/** `reason` is what all of its clients were refused for; null where that is no one reason. */
export type ClientGroup = {
  key: string
  title: string
  by: ClientGrouping
  reason: string | null
  entries: readonly ClientEntry[]
}

export type ClientItem = {is: 'client'; entry: ClientEntry} | {is: 'group'; group: ClientGroup; isFolded: boolean}

export const countOf = ({tally, client}: Pick<ClientEntry, 'tally' | 'client'>): number =>
  tally ? tally.count + tally.hidden : client.connected

/** Since when it is refused without having got in between, or since when it is in. */
export const sinceOf = ({tally, since, state}: ClientEntry): number | null =>
  tally !== null && state !== 'back' ? tally.run.since : state === 'in' || state === 'back' ? since : null

const reasonIdOf = ({tally, state, client}: ClientEntry): string | null =>
  tally ? (tally.detail ?? tally.reason) : state === 'in' ? null : client.lastReason

export const reasonOf = (entry: ClientEntry): string => reasonIdOf(entry) ?? (entry.state === 'in' ? 'in' : 'left')

export const networkOfEntry = ({client}: Pick<ClientEntry, 'client'>): string => subnetOf(addressOf(client))

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** `worst` is the order in which they come: rows that waver keep their places in it. */
const comparisons: Record<Exclude<ClientSort, 'worst'>, (a: ClientEntry, b: ClientEntry) => number> = {
  last: (a, b) => b.lastAt - a.lastAt,
  first: (a, b) => (sinceOf(a) ?? a.client.firstAt) - (sinceOf(b) ?? b.client.firstAt),
  count: (a, b) => countOf(b) - countOf(a),
  reason: (a, b) => byText(reasonOf(a), reasonOf(b)),
  network: (a, b) => byText(networkOfEntry(a), networkOfEntry(b)),
}

const totalOf = ({entries}: ClientGroup): number => entries.reduce((sum, entry) => sum + countOf(entry), 0)

/** Groups come as their first rows do; where it is counted, by all of theirs. */
const grouped = (entries: readonly ClientEntry[], {sort, group}: ClientOrder): ClientGroup[] => {
  const titleOf = group === 'reason' ? reasonOf : networkOfEntry
  const groups = Array.from(
    Map.groupBy(entries, titleOf),
    ([title, own]): ClientGroup => ({
      ...{key: `group ${group} ${title}`, title, by: group, entries: own},
      reason: group === 'reason' && own[0] ? reasonIdOf(own[0]) : null,
    }),
  )
  return sort === 'count' ? groups.sort((a, b) => totalOf(b) - totalOf(a)) : groups
}

const itemOf = (entry: ClientEntry): ClientItem => ({is: 'client', entry})

/** The rows of the clients, who come the worst first. */
export const clientItems = (worstFirst: readonly ClientEntry[], order: ClientOrder): ClientItem[] => {
  const entries = order.sort === 'worst' ? worstFirst : worstFirst.toSorted(comparisons[order.sort])
  if (order.group === 'none') return entries.map(itemOf)
  return grouped(entries, order).flatMap((group): ClientItem[] => {
    const isFolded = !order.unfolded.has(group.key)
    return [{is: 'group', group, isFolded}, ...(isFolded ? [] : group.entries.map(itemOf))]
  })
}

export const withFold = (order: ClientOrder, key: string): ClientOrder => {
  const unfolded = new Set(order.unfolded)
  if (!unfolded.delete(key)) unfolded.add(key)
  return {...order, unfolded}
}
