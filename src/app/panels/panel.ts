import type {LineRef} from '../../domain/attempts/event.ts'
import type {LiveNow} from '../../domain/live/live-state.ts'
import type {LogSource} from '../../domain/log-source.ts'
import type {TimelineEvent} from '../../domain/timeline/timeline.ts'
import type {AcceptedToken, TokenCopy} from '../../domain/token/copy.ts'
import type {TokenProblem} from '../../domain/token/token-problems.ts'
import type {World} from '../../domain/world/world.ts'
import type {DevicesRead} from '../devices-read.ts'
import type {ProfilesRead} from '../logins/profiles-read.ts'
import type {ClientOrder} from '../rows/client-order.ts'
import type {Filter} from '../rows/filter.ts'
import type {Cell, Found, LogLines, ShownLine} from '../rows/rows.ts'

/** What was read of the token's copies, and when. */
export type CopiesView = {
  enforced: AcceptedToken
  copies: readonly TokenCopy[]
  tokenProblems: readonly TokenProblem[]
  at: number
}

/** What the panels read. The state has it, and knows the panels; a panel knows nothing of the state. */
export type PanelInput = {
  kind: 'live' | 'demo' | 'replay'
  now: number
  world: World
  log: LogLines
  filter: Filter
  hidesExpected: boolean
  clientOrder: ClientOrder
  /** The lines behind a row; null lines: all of them, at the place of one. */
  evidence: {lines: ReadonlySet<string> | null} | null
  sources: readonly LogSource[]
  profiles: ProfilesRead | null
  copies: CopiesView | null
  devices: DevicesRead | null
  /** Facts from sources other than the logs; null when only logs are read. */
  live: LiveNow | null
  /** What happened beside the log: who changed it, the host's sleeps, what no line tells. */
  externalEvents: {changes: readonly TimelineEvent[]; host: readonly TimelineEvent[]; gatewayStatus: readonly TimelineEvent[]}
  /** In a replay, the whole timeline: what lies ahead as well. */
  replayTimeline: readonly TimelineEvent[]
  /** Since when it is asked who is back; null where the board is closed. */
  boardSince: number | null
}

/** What happened, why, and what to do, for the row that is chosen. */
export type Explanation = {why: string; seen: string; tryThis: string; facts: readonly (readonly [string, string])[]}

export const joined = (parts: readonly (string | null)[]): string => parts.filter(part => part !== null && part !== '').join('; ')

/** What enter shows of a row: its lines alone, its line among all the others, a login's details, or the rows of a group. */
type Evidence =
  | {is: 'lines' | 'line-among-all'; title: string; lines: readonly LineRef[]}
  | {is: 'login'}
  | {is: 'fold'; key: string}
  | {is: 'whole-line'; line: ShownLine}
  | {is: 'none'; because: string}

/** The rows of a panel, and what it knows of each. */
type RowsSpec<Item> = {
  rows: (input: PanelInput, isAscii: boolean) => Found<Item>
  /** What the pane below says of a row. */
  why: (input: PanelInput, item: Item) => Explanation
  evidence: (item: Item) => Evidence
  /** Its latest lines stand beside it on a wide screen. */
  latestLines?: (item: Item) => readonly LineRef[]
  /** When it was, where the rows are in order of time. */
  at?: (item: Item) => number
  /** When it was, in full: the clock of a row is of no use to whoever reads it tomorrow, or in another zone. */
  times?: (item: Item) => string
  /** The pairing request that it was refused for. */
  requestId?: (item: Item) => string | null
  /** The whole text for the clipboard, where that is not the row and what is said of it. */
  copied?: (item: Item) => string
}

/** A panel, in one file; `panels.ts` is the table of them. */
type PanelSpec<Item> = RowsSpec<Item> & {
  title: string
  about: string
  /** The names that a filter may ask for, as `name:value`. */
  fields: readonly string[]
  newestFirst?: true
  /** Lines below the rows, as far as there is room: the last one first. */
  below?: (input: PanelInput, isAscii: boolean) => readonly Cell[][]
  /** Why there is no row, where no filter hides them. */
  empty: (input: PanelInput) => string
}

/** What its panel knows of one row. */
export type Selection = {
  why: (input: PanelInput) => Explanation
  evidence: () => Evidence
  latestLines: () => readonly LineRef[]
  times: () => string | null
  copied: () => string | null
  requestId: () => string | null
}

/** The rows of a panel, the items that they show, and what each of them selects. */
export type PanelView<Item = unknown> = Found<Item> & {
  selectionAt: (index: number) => Selection | null
  /** Null where the rows are in no order of time. */
  timeAt: (index: number) => number | null
}

type View<Item = unknown> = (input: PanelInput, isAscii: boolean) => PanelView<Item>

export const viewOf =
  <Item>({rows, why, evidence, latestLines, at, times, copied, requestId}: RowsSpec<Item>): View<Item> =>
  (input, isAscii) => {
    const found = rows(input, isAscii)
    const selectionOf = (item: Item): Selection => ({
      why: now => why(now, item),
      evidence: () => evidence(item),
      latestLines: () => latestLines?.(item) ?? [],
      times: () => times?.(item) ?? null,
      copied: () => copied?.(item) ?? null,
      requestId: () => requestId?.(item) ?? null,
    })
    return {
      ...found,
      timeAt: index => {
        const item = found.items[index]
        return item === undefined || !at ? null : at(item)
      },
      selectionAt: index => {
        const item = found.items[index]
        return item === undefined ? null : selectionOf(item)
      },
    }
  }

export type Panel<Item = unknown> = Omit<PanelSpec<Item>, keyof RowsSpec<Item>> & {view: View<Item>}

export const panelOf = <Item>(spec: PanelSpec<Item>): Panel<Item> => ({...spec, view: viewOf(spec)})

export const iso = (at: number): string => new Date(at).toISOString()

const unreadable: readonly LogSource['state'][] = ['unreadable', 'missing', 'left-out', 'of-another']

/** Without a log that can be read nothing is known of what did not happen. */
export const unlessNoLog =
  (text: string) =>
  ({sources}: PanelInput): string =>
    sources.some(({state}) => unreadable.includes(state)) && !sources.some(({state}) => state === 'reading' || state === 'ended')
      ? 'No log can be read; the line below says why.'
      : text
