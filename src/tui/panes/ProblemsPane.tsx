import {chosenIn, type ProblemGroup, type ProblemItem, problemGroups} from '../../app/problem-list.ts'
import {problemDetail, unknowns} from '../../app/problems.ts'
import type {Cell, Column, Row} from '../../app/rows/rows.ts'
import type {Overlay, State} from '../../app/state.ts'
import {clock, moment, plural} from '../../app/words.ts'
import type {Problem} from '../../domain/diagnosis/problem.ts'
import {Lines} from '../parts/Lines.tsx'
import {paintHeads, paintLine, paintRow, paintWhole, readable, sized, type Theme} from '../parts/paint.ts'
import {wideWidth, wrapped} from './OverlayPane.tsx'

export const problemColumns: readonly Column[] = [
  {title: '', width: 1},
  {title: 'SINCE', width: 8, from: 52},
  {title: 'WHAT', width: 20, wide: 60, grow: true},
  {title: 'WHO', width: 14, wide: 24, from: 64},
  {title: 'FIX', width: 8},
]

const signs: Record<Problem['harm'], Cell> = {
  broken: {text: '●', role: 'bad'},
  soon: {text: '▲', role: 'warn'},
  note: {text: '·', role: 'dim'},
}

const fixText = (fix: ProblemItem['fix']): string => (fix?.does === 'finish' ? `${fix.key} finish` : (fix?.key ?? ''))

const rowOf = ({problem, key, since, who, fix, mutedUntil}: ProblemItem, now: number): Row => ({
  key,
  dim: mutedUntil !== null,
  search: {all: '', named: {}},
  cells: [
    signs[problem.harm],
    {text: since, role: 'dim'},
    {text: problem.title, role: problem.harm === 'note' || mutedUntil !== null ? 'dim' : 'plain'},
    {text: who, role: 'dim'},
    mutedUntil === null ? {text: fixText(fix), role: 'strong'} : {text: `to ${moment(mutedUntil, now).slice(0, 5)}`, role: 'dim'},
  ],
})

type Drawn = {line: string; item: ProblemItem | null}

const listLines = (groups: readonly ProblemGroup[], chosen: ProblemItem | null, {size, now}: State, theme: Theme): Drawn[] => {
  const width = size.columns
  const shown = sized(problemColumns, width)
  return groups.flatMap(({head, items}): Drawn[] => [
    ...(head === null ? [] : [{line: paintLine([{text: head, role: 'title'}], width, theme), item: null}]),
    ...items.map(item => ({line: paintRow(rowOf(item, now), shown, width, theme, item.key === chosen?.key), item})),
  ])
}

/** As much of the list as there is room for, with the chosen one in it. */
const windowOf = (lines: readonly Drawn[], chosen: ProblemItem | null, height: number): readonly Drawn[] => {
  const at = lines.findIndex(({item}) => item !== null && item.key === chosen?.key)
  const top = Math.max(0, Math.min(at - Math.floor(height / 2), lines.length - height))
  return lines.slice(top, top + height)
}

const countText = ({assessment: {problems}}: State): string => {
  const [broken, soon, notes] = (['broken', 'soon', 'note'] as const).map(
    harm => problems.filter(one => one.harm === harm).length,
  )
  const parts = [broken ? `${broken} broken` : '', soon ? `${soon} soon` : '', notes ? plural(notes, 'note') : '']
  return parts.filter(Boolean).join(', ') || 'nothing that gatecrab knows of is wrong'
}

const keysFor = (chosen: ProblemItem | null): Cell[] => {
  const keys = chosen
    ? ['enter its clients', 'l its lines', ...(chosen.fix ? [`${chosen.fix.key} fix`] : []), 'm mute', 'y copy']
    : []
  return [...keys, 'esc close'].map(text => ({text}))
}

const detailLines = (state: State, chosen: ProblemItem | null, theme: Theme): string[] => {
  const width = Math.min(state.size.columns, wideWidth)
  const missing = unknowns(state).map(text => ({label: '  ', text}))
  const all = [
    ...(chosen ? problemDetail(chosen.problem, state) : []),
    ...(missing.length === 0 ? [] : [{label: '', text: 'Not known'}, ...missing]),
  ]
  return all.flatMap(line => wrapped(line, width)).map(line => readable(line, theme))
}

const fixedRows = 5 // the title, the heads, the rule, an empty line, the keys

/** The text of the chosen one has more than half of the room where it needs it. */
const listHeight = (listed: number, detailed: number, rows: number): number => {
  const room = rows - fixedRows
  return Math.min(listed, Math.max(1, room - Math.min(detailed, Math.ceil(room * 0.6))))
}

const layoutOf = (state: State, theme: Theme) => {
  const groups = problemGroups(state)
  const chosen = chosenIn(groups, state)
  const list = listLines(groups, chosen, state, theme)
  const detail = detailLines(state, chosen, theme)
  const height = listHeight(list.length, detail.length, state.size.rows)
  const below = state.size.rows - fixedRows - height
  return {chosen, list: windowOf(list, chosen, height), detail, below, lastTop: Math.max(0, detail.length - below)}
}

const listFrom = 2

/** The problem whose line is there. */
export const problemAt = (state: State, row: number, theme: Theme): ProblemItem | null =>
  layoutOf(state, theme).list[row - listFrom]?.item ?? null

/** The first line of the text when its end is at the bottom. */
export const lastDetailTop = (state: State, theme: Theme): number => layoutOf(state, theme).lastTop

type Props = {state: State; overlay: Extract<Overlay, {kind: 'problems'}>; theme: Theme}

/** Each problem in one line, under the event that it came of; below them the text of the chosen one. */
export const ProblemsPane = ({state, overlay, theme}: Props) => {
  const {columns: width, rows} = state.size
  const {chosen, list, detail, below, lastTop} = layoutOf(state, theme)
  const top = Math.min(overlay.top, lastTop)
  const text = detail.slice(top, top + below)
  const more = detail.length > top + below ? ' (ctrl+d: more)' : ''
  const rule = (theme.isAscii ? '-' : '─').repeat(Math.max(0, width - more.length))
  const {notice} = state
  return (
    <Lines
      height={rows}
      lines={[
        paintLine(
          [{text: 'Problems', role: 'strong'}, {text: countText(state)}, {text: clock(state.now), role: 'dim'}],
          width,
          theme,
        ),
        paintHeads(sized(problemColumns, width), theme),
        ...list.map(({line}) => line),
        `${theme.open('dim')}${rule}${more}${theme.close}`,
        ...text,
        ...Array<string>(Math.max(0, below - text.length)).fill(''),
        '',
        notice ? paintLine([{text: notice.text, role: 'title'}], width, theme) : paintWhole(keysFor(chosen), width, theme),
      ]}
    />
  )
}
