import {namedFrom} from '../attempts/client-name.ts'
import {droppedText, recentlyDropped} from '../attempts/eviction-policy.ts'
import {adviceOf, type ReasonRow, reasonById} from '../reasons/reason.ts'
import type {LogInputs, Problem} from './problem.ts'
import {attemptsOf, beginOf, evidenceOf, onlyLeft, type RefusedClient, refusedClients} from './refused-clients.ts'

const seenText = (found: readonly RefusedClient[], dropped: number): string => {
  const who = found.slice(0, 3).map(({client}) => namedFrom(client))
  const more = found.length > 3 ? `and ${found.length - 3} more` : ''
  const parts = [who.join(', '), more, droppedText(dropped)].filter(Boolean)
  return parts.length === 0 ? '' : ` Seen: ${parts.join(' ')}.`
}

/** The pairing request, where they all are about the same. */
const onlyRequest = (found: readonly RefusedClient[]): string | null => {
  const ids = new Set(found.map(({tally}) => tally.last.requestId))
  return ids.size === 1 ? (found[0]?.tally.last.requestId ?? null) : null
}

const titleFor = ({id, inShort}: ReasonRow, clients: number, isAtMost: boolean): string => {
  const count = clients === 1 ? 'A client' : `${isAtMost ? 'Up to ' : ''}${clients} clients`
  if (inShort) return `${count} ${inShort[clients === 1 ? 0 : 1]}`
  return `${count} ${clients === 1 ? 'is' : 'are'} refused: ${id}`
}

/** Clients that are refused for one reason are one trouble, whether a row of them is left or not. */
export const refusals = (inputs: LogInputs): Problem[] => {
  const {world, now} = inputs
  const remaining = Map.groupBy(refusedClients(inputs), ({tally}) => tally.detail ?? tally.reason)
  const dropped = new Map(recentlyDropped(world.clients.dropped, now))
  return Array.from(new Set([...remaining.keys(), ...dropped.keys()]), id => {
    const found = remaining.get(id) ?? []
    const gone = dropped.get(id)
    const row = reasonById(id)
    const clients = found.length + (gone?.stuck ?? 0)
    return {
      id,
      layer: row.layer,
      harm: gone === undefined && found.every(onlyLeft) ? ('note' as const) : ('broken' as const),
      title: titleFor(row, clients, gone !== undefined),
      titleWhenGone: `${clients === 1 ? 'A client was' : `${clients} clients were`} refused before the gateway ended: ${id}`,
      because: `${row.means}${seenText(found, gone?.stuck ?? 0)}`,
      tryThis: adviceOf(row, onlyRequest(found), world.life.release),
      since: Math.min(beginOf(found), gone?.firstAt ?? Infinity),
      count: attemptsOf(found) + (gone?.attempts ?? 0),
      sure: row.sure,
      evidence: evidenceOf(found),
    }
  })
}
