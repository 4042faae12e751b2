import {Box} from 'ink'
import {chosenRow, type FleetMessage, type FleetState, fleetKeys, pressFleet, shownFleet} from '../app/fleet-screen.ts'
import {isTooSmall, minSize} from '../app/navigate.ts'
import {topFor} from '../app/panel-view.ts'
import {fleetColumns, fleetRow, fleetSummary, fleetWhy, type Paragraph} from '../app/rows/fleet-rows.ts'
import type {StoreOf} from '../app/store.ts'
import {clock, plural} from '../app/words.ts'
import {paragraph} from './parts/fit.ts'
import {Lines} from './parts/Lines.tsx'
import {paintHeads, paintLine, paintRow, paintWhole, readable, sized, type Theme} from './parts/paint.ts'
import type {MouseEvent} from './terminal/mouse-mode.ts'
import {type OnReady, useScreen} from './use-screen.ts'

const indent = 5

const whyLines = (explanation: readonly Paragraph[], width: number, height: number, theme: Theme): string[] =>
  explanation
    .flatMap(({label, text, role}) =>
      paragraph(readable(text, theme), Math.min(width, 100) - indent, height).map((line, i) =>
        paintLine(
          [
            {text: (i === 0 ? label : '').padEnd(indent), role: 'strong'},
            {text: line, role: role ?? 'plain'},
          ],
          width,
          theme,
          '',
        ),
      ),
    )
    .slice(0, height)

const helpLines = (width: number, theme: Theme): string[] =>
  fleetKeys.map(({keys, about}) => paintLine([{text: keys.join(' ').padEnd(18), role: 'strong'}, {text: about}], width, theme))

const headerLines = (state: FleetState, theme: Theme): string[] => {
  const {columns} = state.size
  const {fleet, now} = state
  return [
    paintLine(
      [
        {text: 'gatecrab', role: 'strong'},
        {text: plural(fleet.length, 'gateway'), role: 'plain'},
        {text: clock(now), role: 'dim'},
      ],
      columns,
      theme,
    ),
    paintLine(fleetSummary(fleet, now, theme.isAscii), columns, theme),
  ]
}

const roomIn = ({size}: FleetState): number => size.rows - 4

/** Which rows are on the screen. */
const fleetView = (state: FleetState) => {
  const shown = shownFleet(state)
  const room = roomIn(state)
  const height = Math.min(shown.length, Math.max(1, room - Math.min(9, Math.floor(room / 2))))
  const index = chosenRow(state)
  return {...{shown, index, height}, top: topFor(index, Math.floor(height / 2), height, shown.length)}
}

const rowsFrom = 3

/** A click selects a row, the wheel moves as the arrows do. */
const messageForMouse = (state: FleetState, event: MouseEvent): FleetMessage | null => {
  if (state.help || isTooSmall(state.size)) return null
  if (event.kind === 'wheel') return {type: 'moved', by: event.by}
  const {index, top, height} = fleetView(state)
  const line = event.row - rowsFrom
  return line >= 0 && line < height ? {type: 'moved', by: top + line - index} : null
}

export const fleetFrame = (state: FleetState, theme: Theme): string[] => {
  const {columns, rows} = state.size
  if (isTooSmall(state.size)) return [`too small: ${columns}x${rows}, needs ${minSize.columns}x${minSize.rows}`]
  const footer = state.notice
    ? paintLine([{text: state.notice, role: 'title'}], columns, theme)
    : paintWhole(
        fleetKeys.flatMap(({hint}) => (hint === undefined ? [] : [{text: hint}])),
        columns,
        theme,
      )
  const room = roomIn(state)
  const filled = (lines: readonly string[], height: number) =>
    [...lines, ...Array.from({length: height}, () => '')].slice(0, height)
  if (state.help) return [...headerLines(state, theme), '', ...filled(helpLines(columns, theme), room), footer]
  const {shown, index, top, height} = fleetView(state)
  const cut = sized(fleetColumns, columns)
  const table = shown
    .slice(top, top + height)
    .map((one, i) => paintRow(fleetRow(one, state.now, theme.isAscii), cut, columns, theme, top + i === index))
  const chosen = shown[index]
  const why = chosen ? whyLines(fleetWhy(chosen, state.now), columns, room - height - 1, theme) : []
  return [...headerLines(state, theme), paintHeads(cut, theme), ...table, '', ...filled(why, room - height - 1), footer]
}

type Props = {store: StoreOf<FleetState, FleetMessage>; theme: Theme; onReady: OnReady}

/** One row a gateway, and what is wrong with the one that is chosen. */
export const FleetApp = ({store, theme, onReady}: Props) => {
  const pressed = (message: FleetMessage | null): void => {
    if (store.state().notice !== null) store.dispatch({type: 'notified', text: null})
    if (message) store.dispatch(message)
  }
  const state = useScreen(store, onReady, {
    onKey: key => pressed(pressFleet(store.state(), key)),
    onMouse: event => pressed(messageForMouse(store.state(), event)),
  })
  const {columns, rows} = state.size
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      <Lines lines={fleetFrame(state, theme)} height={rows} />
    </Box>
  )
}
