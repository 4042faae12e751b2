import {causeLine, statusLine, titleLine} from '../../app/header.ts'
import {isIdle} from '../../app/idle.ts'
import {type PanelId, panelIds, panels} from '../../app/panels/panels.ts'
import type {Cell} from '../../app/rows/rows.ts'
import type {State} from '../../app/state.ts'
import {clock, length} from '../../app/words.ts'
import {zoneName} from '../../app/zone.ts'
import {widthOf} from '../parts/fit.ts'
import {Lines} from '../parts/Lines.tsx'
import {paintLine, paintWeighed, type Theme} from '../parts/paint.ts'
import type {Spot} from '../view.ts'

const tabs = (state: State, isShort: boolean): Cell[] =>
  panelIds.map((panel, i) => {
    const isOn = panel === state.panel
    return {text: isShort && !isOn ? String(i + 1) : `${i + 1} ${panels[panel].title}`, role: isOn ? 'strong' : 'dim'}
  })

/** Without seconds while none is drawn, or where the names of the panels need the room. */
const timeOfDay = (state: State, form: 'zoned' | 'whole' | 'short'): Cell => {
  const {now} = state
  const time = clock(now).slice(0, form === 'short' || isIdle(state, now) ? 5 : 8)
  return {text: form === 'zoned' ? `${time} ${zoneName(now)}` : time, role: 'dim'}
}

const pausedCells = (state: State): Cell[] =>
  state.paused ? [{text: `PAUSED, ${state.paused.waiting.length} new`, role: 'title'}] : []

const replaying = ({replay}: State): Cell[] =>
  replay
    ? [
        {
          text: `${replay.at >= replay.to ? 'at the end' : replay.playing ? 'playing' : 'paused'} ×${replay.speed}, ${length(replay.at - replay.from)} of ${length(replay.to - replay.from)}`,
          role: 'title',
        },
      ]
    : []

/** The panels give way to what says that the screen is not simply the present. */
const tabsLine = (state: State): readonly Cell[] => {
  const rest = [...pausedCells(state), ...replaying(state)]
  const fits = (cells: readonly Cell[]): boolean =>
    cells.reduce((sum, {text}) => sum + widthOf(text) + 2, -2) <= state.size.columns
  const forms = (['zoned', 'whole', 'short'] as const).map(form => [...tabs(state, false), timeOfDay(state, form), ...rest])
  return forms.find(fits) ?? [...tabs(state, true), timeOfDay(state, 'zoned'), ...rest]
}

const between = 2

/** The panel whose tab is there. */
export const panelAt = (state: State, {column, row}: Spot): PanelId | null => {
  if (row !== headerHeight(state) - 1) return null
  let from = 0
  for (const [i, {text}] of tabsLine(state).slice(0, panelIds.length).entries()) {
    const to = from + widthOf(text)
    if (column >= from && column < to) return panelIds[i] ?? null
    from = to + between
  }
  return null
}

/** The title, the state, the cause where there is one, and the tabs. */
export const headerHeight = (state: State): number => (causeLine(state) === null ? 3 : 4)

type Props = {state: State; theme: Theme}

export const Header = ({state, theme}: Props) => {
  const {columns} = state.size
  const cause = causeLine(state)
  return (
    <Lines
      height={headerHeight(state)}
      lines={[
        paintWeighed(titleLine(state), columns, theme),
        paintWeighed(statusLine(state, theme.isAscii), columns, theme),
        ...(cause === null ? [] : [paintLine(cause, columns, theme)]),
        paintLine(tabsLine(state), columns, theme),
      ]}
    />
  )
}
