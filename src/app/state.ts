import {type AlertState, initialAlertState} from '../domain/alerts/transitions.ts'
import type {LogLine} from '../domain/attempts/event.ts'
import {type Assessment, assess} from '../domain/diagnosis/assessment.ts'
import type {ConfigValidation} from '../domain/diagnosis/config-problems.ts'
import type {PlansState} from '../domain/diagnosis/plan-problems.ts'
import type {Failure} from '../domain/failure.ts'
import type {Reach} from '../domain/live/listener.ts'
import type {ServiceFacts} from '../domain/service/service.ts'
import {createWorld, type World} from '../domain/world/world.ts'
import type {PanelInput} from './panels/panel.ts'
import {type PanelId, panelIds} from './panels/panels.ts'
import type {PlanShown} from './plans/plan-shown.ts'
import {calmOrder} from './rows/client-order.ts'
import {emptyFilter, type Filter} from './rows/filter.ts'
import {emptyLogLines} from './rows/rows.ts'
import type {WholeLine} from './whole-line.ts'

/** The line at the bottom in which something is typed. */
export type Prompt = {
  kind: 'filter' | 'search' | 'command'
  text: string
  at: number
  /** The filter that esc brings back: rows are narrowed while it is typed. */
  before: Filter
  /** How many entries back in what was typed earlier, and what was being typed when that was asked for. */
  recalled: number
  draft: string
}

export type Overlay =
  | {kind: 'help'; top: number}
  | {kind: 'explain'; word: string; top: number}
  | {kind: 'login'; top: number}
  | {kind: 'token'; top: number}
  | {kind: 'journals'; lines: readonly string[]; top: number}
  | WholeLine
  | {kind: 'problems'; top: number; chosen: string | null}

/** Where a panel is: on a row by its key, so many rows down the screen, or on the newest. */
export type Place = {key: string | null; index: number; offset: number}

export type Replay = {from: number; to: number; at: number; speed: number; playing: boolean}

/** A time that the log is read back to, and what is still being read for it. */
export type SoughtTime = {at: number; awaits: ReadonlySet<'lines' | 'history'>}

/** The lines behind a row, what they are called, and the panel that esc goes back to. */
type ShownEvidence = NonNullable<PanelInput['evidence']> & {title: string; back: PanelId}

export type HistoryProgress = {share: number; leftMs: number}

export type State = PanelInput & {
  host: string
  /** It is the demo because no gateway was found. */
  foundNone: boolean
  release: string | null
  port: number | null
  /** When something last happened that is worth a clock with seconds. */
  lastActivityAt: number
  /** How far back the counts go, and whether that history is still being read. */
  since: number | null
  readingHistory: boolean
  /** How much of a history that takes its time has been read, from 0 to 1, and how long the rest will take. */
  historyProgress: HistoryProgress | null
  size: {columns: number; rows: number}
  panel: PanelId
  /** Counts the changes of the world, which is changed in place. */
  worldRevision: number
  hasEarlier: boolean
  readingEarlier: boolean
  soughtTime: SoughtTime | null
  /** Archives of the logs that are packed, and so not read. */
  packedArchives: number
  places: Record<PanelId, Place>
  search: Filter
  /** Which of the rows that were searched for the cursor was put on, and where that is. */
  hit: {place: Place; number: number; of: number} | null
  prompt: Prompt | null
  /** What was typed earlier, oldest first. */
  typedEarlier: Readonly<Record<Prompt['kind'], readonly string[]>>
  /** Filters that have a name. */
  savedFilters: ReadonlyMap<string, string>
  overlay: Overlay | null
  evidence: ShownEvidence | null
  /** Lines that came while the screen was held still. */
  paused: {at: number; waiting: readonly LogLine[]} | null
  /** Problems of which the operator knows, and until when nobody need be told of them. */
  muted: ReadonlyMap<string, number>
  /** When the last alert was raised, by topic. */
  alerted: ReadonlyMap<string, number>
  /** What was told without being looked at, and what is not told again. */
  alerts: AlertState
  /** Lines of before are history, and history rings no bell. */
  openedAt: number
  /** Who runs the gateway, as it was read last and before that. */
  service: {facts: ServiceFacts; before: ServiceFacts | null} | null
  /** OpenClaw's validation of its config file; null if it was not needed. */
  config: ConfigValidation | null
  /** The outcome of our own plans on this gateway; null if not read. */
  plansState: PlansState | null
  /** What the gateway's port answered; null where nobody asked it. */
  reach: Reach | null
  /** What is true, as it was judged last: nothing on the screen judges for itself. */
  assessment: Assessment
  plan: PlanShown | null
  /** One that runs and was put away. */
  backgroundPlan: PlanShown | null
  rotatedAt: number | null
  notice: {text: string; until: number} | null
  problem: Failure | null
  problemUntil: number
  replay: Replay | null
  readonly: boolean
  /** Whether a click selects a row or a tab, rather than text. */
  hasMouse: boolean
  ended: boolean
}

export const startPlace: Place = {key: null, index: 0, offset: 0}

export type Opening = Pick<State, 'kind' | 'host' | 'release' | 'port' | 'now' | 'readonly'> &
  Partial<Pick<State, 'replay' | 'since' | 'foundNone' | 'problem' | 'readingHistory' | 'live'>> & {
    trustedProxies?: readonly string[]
  }

const unassessed = (opening: Opening, world: World): Assessment =>
  assess({
    ...{world, now: opening.now, sources: [], live: opening.live ?? null, service: null, copies: null, agents: []},
    ...{hasNoLog: false, isReading: true},
  })

const openField = ({trustedProxies = [], ...opening}: Opening): Omit<State, 'assessment'> => ({
  since: null,
  foundNone: false,
  readingHistory: false,
  historyProgress: null,
  size: {columns: 80, rows: 24},
  panel: 'clients',
  world: createWorld({}, trustedProxies),
  worldRevision: 0,
  log: emptyLogLines,
  hasEarlier: true,
  readingEarlier: false,
  soughtTime: null,
  packedArchives: 0,
  places: Object.fromEntries(panelIds.map(panel => [panel, startPlace])) as State['places'],
  filter: emptyFilter,
  search: emptyFilter,
  hit: null,
  hidesExpected: false,
  clientOrder: calmOrder,
  prompt: null,
  typedEarlier: {filter: [], search: [], command: []},
  savedFilters: new Map(),
  overlay: null,
  evidence: null,
  paused: null,
  sources: [],
  profiles: null,
  muted: new Map(),
  alerted: new Map(),
  alerts: initialAlertState,
  openedAt: opening.now,
  lastActivityAt: opening.now,
  copies: null,
  devices: null,
  live: null,
  service: null,
  config: null,
  plansState: null,
  reach: null,
  externalEvents: {changes: [], host: [], gatewayStatus: []},
  plan: null,
  backgroundPlan: null,
  boardSince: null,
  rotatedAt: null,
  notice: null,
  problem: null,
  problemUntil: Infinity,
  replay: null,
  replayTimeline: [],
  hasMouse: false,
  ended: false,
  ...opening,
})

export const openingState = (opening: Opening): State => {
  const state = openField(opening)
  return {...state, assessment: unassessed(opening, state.world)}
}

/** How long a notice to the operator stays: scaled by the replay's speed, so that it can be read. */
export const withNotice = (state: State, text: string, forMs = 6000): State => ({
  ...state,
  notice: {text, until: state.now + forMs * Math.max(1, state.replay?.speed ?? 1)},
})
