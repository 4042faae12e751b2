import type {Problem} from '../problem.ts'
import {warnAfterMs} from './credential.ts'
import {type Check, checkOf} from './credential-check.ts'
import {fareOf} from './credential-choice.ts'
import {elsewhereOf} from './credential-elsewhere.ts'
import {hintsOf} from './credential-hints.ts'
import {isBroken, type Profile} from './credential-profile.ts'
import type {ProfileReading} from './credential-reading.ts'
import {type Row, rowsOf, shownRow} from './credential-row.ts'
import {type Rules, rulesOf} from './credential-rules.ts'
import {type Held, type View, viewOf} from './credential-view.ts'

/** How one agent fares by our judgement, and what OpenClaw's own check would say of it. */
export type AgentFare = {
  agent: string
  isRead: boolean
  exit: 0 | 1 | 2
  because: string | null
  /** Each login that is meant, or the lack of one; absent where OpenClaw judged. */
  reasons?: readonly string[]
  openclaw: Check | null
}

const maxReasons = 6

const reasonsText = (reasons: readonly string[]): string | null => {
  const more = reasons.length - maxReasons
  return reasons.length === 0 ? null : `${reasons.slice(0, maxReasons).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

export type Board = {
  now: number
  warnAfterMs: number
  release: string | null
  profiles: readonly Profile[]
  agents: readonly AgentFare[]
  problems: readonly Problem[]
  /** Something that should have been read could not be. */
  isWhole: boolean
}

type Seen = {view: View; fare: AgentFare; inUse: readonly Held[]}

const seenBy = (view: View, reading: ProfileReading, rules: Rules, now: number): Seen => {
  const {inUse, exit, reasons} = fareOf(view, reading, rules, now)
  const told = reading.told.find(({agent}) => agent === view.agent.id)
  const openclaw = told ? {exit: told.exit, because: null} : checkOf({view, reading, rules, now})
  const own = told
    ? {exit: told.exit, because: told.exit === 0 ? null : 'openclaw models status --check says so'}
    : {exit, because: reasonsText(reasons), reasons}
  return {view, inUse, fare: {agent: view.agent.id, isRead: view.agent.isRead, ...own, openclaw}}
}

const unservedIn =
  (seen: readonly Seen[]) =>
  (provider: string): string[] =>
    seen
      .filter(({view}) => view.agent.models.some(use => use.provider === provider))
      .filter(({inUse}) => !inUse.some(({credential}) => credential.provider === provider))
      .map(({view}) => view.agent.id)

const restingOrder = ['ok', 'renews', 'expiring', 'unverified', 'static', 'unknown', 'external']

const endOf = ({expiresAt, state}: Profile): number => {
  if (expiresAt !== null && state !== 'external' && state !== 'unknown') return expiresAt
  return isBroken(state) ? -Infinity : Infinity
}

/** What is gone first, then the soonest end, then what has none. */
const bySoonestEnd = (a: Profile, b: Profile): number =>
  (endOf(a) === endOf(b) ? 0 : endOf(a) - endOf(b)) ||
  restingOrder.indexOf(a.state) - restingOrder.indexOf(b.state) ||
  (a.profileId < b.profileId ? -1 : Number(a.profileId > b.profileId))

const storesOf = (rows: readonly Row[]) => [...new Set(rows.map(({held}) => held.rows))]

/** How every login stands at that moment. */
export const boardOf = (reading: ProfileReading, now: number): Board => {
  const rules = rulesOf(reading.release)
  const seen = reading.agents.map(agent => seenBy(viewOf(reading, agent, rules), reading, rules, now))
  const views = seen.map(({view}) => view)
  const inUse = new Map(seen.map(one => [one.view.agent.id, one.inUse]))
  const rows = rowsOf(reading, views)
  const shown = rows.map(row => shownRow(row, {reading, rules, now, inUse}))
  const profiles = [...shown.map(({profile}) => profile), ...elsewhereOf(reading, now, unservedIn(seen))]
  return {
    now,
    warnAfterMs,
    release: reading.release,
    profiles: profiles.toSorted(bySoonestEnd),
    agents: seen.filter(({view}) => view.agent.isConfigured).map(({fare}) => fare),
    problems: [...reading.problems, ...shown.flatMap(({problem}) => problem ?? []), ...hintsOf(storesOf(rows))],
    isWhole: reading.isWhole,
  }
}

/** 1 something in use is broken, 2 it soon will be, 3 not everything could be read; for one agent or for all. */
export const exitOf = ({agents, isWhole}: Pick<Board, 'agents' | 'isWhole'>, agent: string | null = null): 0 | 1 | 2 | 3 => {
  const counted = agents.filter(fare => agent === null || fare.agent === agent)
  if (counted.some(({exit}) => exit === 1)) return 1
  if (counted.some(({exit}) => exit === 2)) return 2
  return isWhole || (agent !== null && counted.every(({isRead}) => isRead)) ? 0 : 3
}
