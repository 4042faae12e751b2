import {sourcesLine} from '../../app/header.ts'
import {boardText} from '../../app/panels/board.ts'
import {panels} from '../../app/panels/panels.ts'
import {hintsOf} from '../../app/press.ts'
import {fieldsOffered, matching} from '../../app/prompt.ts'
import type {Cell} from '../../app/rows/rows.ts'
import type {Prompt, State} from '../../app/state.ts'
import {wholeMoment} from '../../app/words.ts'
import {buildRotationBoard} from '../../domain/token/rotation-board.ts'
import {cut, tail, widthOf} from '../parts/fit.ts'
import {Lines} from '../parts/Lines.tsx'
import {paintBeside, paintLine, paintWeighed, paintWhole, readable, type Theme} from '../parts/paint.ts'

const promptSigns: Record<Prompt['kind'], string> = {filter: '/ ', search: 's ', command: ': '}

const hints = (state: State): Cell[] => hintsOf(state).map(text => ({text, role: 'plain'}))

const promptHelp: Record<Prompt['kind'], string> = {
  filter: 'words  !not  count>10  /expression/  a level  ↑ earlier',
  search: 'enter finds, n and N go on, esc leaves',
  command: 'tab completes, enter runs, esc leaves',
}

/** What the table leaves out, and the way back. */
const narrowed = (state: State): Cell[] => [
  ...(state.backgroundPlan ? [{text: `${state.backgroundPlan.fix} is running; t shows it`, role: 'title' as const}] : []),
  ...(state.boardSince !== null && state.panel === 'clients'
    ? [boardText(buildRotationBoard(state.world, state.boardSince, state.now, state.live))]
    : []),
  ...(state.evidence
    ? [
        {
          text: state.evidence.lines
            ? `only the lines of ${state.evidence.title}; esc goes back`
            : `at ${state.evidence.title}; esc goes back`,
          role: 'title' as const,
        },
      ]
    : []),
  ...(state.filter.terms.length > 0 ? [{text: `filter ${state.filter.text}; esc clears it`, role: 'title' as const}] : []),
  ...(state.hidesExpected ? [{text: 'expected failures hidden', role: 'note' as const}] : []),
  ...(state.soughtTime ? [{text: `reading back to ${wholeMoment(state.soughtTime.at)}; esc stops`, role: 'note' as const}] : []),
  ...(state.readingEarlier && !state.soughtTime ? [{text: 'reading earlier lines', role: 'note' as const}] : []),
]

/** Of a text that is longer than the line, what stands around the cursor. */
const typed = ({kind, text, at}: Prompt, width: number, theme: Theme): string => {
  const [open, close] = theme.chosen
  const sign = promptSigns[kind]
  const char = Array.from(text.slice(at))[0] ?? ''
  const under = readable(char, theme) || ' '
  const room = width - widthOf(sign) - widthOf(under)
  const before = tail(readable(text.slice(0, at), theme), room)
  const behind = cut(readable(text.slice(at + char.length), theme), room - widthOf(before), '')
  return `${theme.open('strong')}${sign}${theme.close}${before}${open}${under}${close}${behind}`
}

/** All names where nothing is typed yet; with its argument where one is left. */
const offered = (text: string): Cell[] => {
  const rows = matching(text)
  return rows.map(({command: {name, argument}}) => ({
    text: rows.length === 1 && argument !== undefined ? `${name} ${argument}` : name,
    role: 'note',
  }))
}

/** What is wrong with what is typed; else the names of the fields, and what else a filter takes. */
const filterOffers = (state: State, prompt: Prompt): Cell[] =>
  state.filter.problem === null
    ? [
        ...fieldsOffered(prompt, panels[state.panel].fields).map((field): Cell => ({text: `${field}:`, role: 'note'})),
        {text: promptHelp.filter, role: 'dim'},
      ]
    : [{text: state.filter.problem, role: 'warn'}]

const offers = (state: State, prompt: Prompt): Cell[] =>
  prompt.kind === 'command'
    ? offered(prompt.text)
    : prompt.kind === 'filter'
      ? filterOffers(state, prompt)
      : [{text: promptHelp[prompt.kind], role: 'dim'}]

/** Two lines: what is read or told, and the keys; while something is typed, what it may be. */
export const Footer = ({state, theme, position}: {state: State; theme: Theme; position: readonly Cell[]}) => {
  const {columns} = state.size
  const {prompt, notice, problem} = state
  if (prompt) {
    const all = (width: number): string => paintLine(offers(state, prompt), width, theme, ' ')
    const first = prompt.kind === 'command' ? all(columns) : paintBeside({cells: [], paint: all}, position, columns, theme)
    return <Lines height={2} lines={[first, typed(prompt, columns, theme)]} />
  }
  const cells: Cell[] = notice
    ? [{text: notice.text, role: 'title'}]
    : problem
      ? [{text: [problem.title, problem.because].filter(Boolean).join(': '), role: 'warn'}]
      : [...narrowed(state), ...sourcesLine(state)]
  return (
    <Lines
      height={2}
      lines={[
        paintBeside({cells, paint: width => paintWeighed(cells, width, theme)}, position, columns, theme),
        paintWhole(hints(state), columns, theme),
      ]}
    />
  )
}
