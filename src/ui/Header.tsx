import {statusLine, titleLine} from '../app/header.ts'
import {panelIds, panels} from '../app/panels.ts'
import type {Cell} from '../app/rows.ts'
import type {State} from '../app/state.ts'
import {clock, length, plural} from '../app/words.ts'
import {Lines} from './parts/Lines.tsx'
import {paintLine} from './parts/paint.ts'
import type {Theme} from './theme.ts'

const tabs = (state: State): Cell[] =>
  panelIds.map((panel, i) => ({text: `${i + 1} ${panels[panel].title}`, role: panel === state.panel ? 'strong' : 'dim'}))

const held = (state: State): Cell[] => (state.paused ? [{text: `PAUSED, ${state.paused.waiting.length} new`, role: 'title'}] : [])

const replaying = ({replay}: State): Cell[] =>
  replay
    ? [
        {
          text: `${replay.at >= replay.to ? 'at the end' : replay.playing ? 'playing' : 'paused'} ×${replay.speed}, ${length(replay.at - replay.from)} of ${length(replay.to - replay.from)}`,
          role: 'title',
        },
      ]
    : []

export const Header = ({state, theme, count}: {state: State; theme: Theme; count: number}) => {
  const {columns} = state.size
  const third = [...tabs(state), {text: clock(state.now), role: 'dim' as const}, ...held(state), ...replaying(state)]
  const rows: Cell[] = state.filter.terms.length > 0 || state.evidence ? [{text: plural(count, 'row'), role: 'note'}] : []
  return (
    <Lines
      height={3}
      lines={[
        paintLine(titleLine(state), columns, theme),
        paintLine(statusLine(state, theme.isAscii), columns, theme),
        paintLine([...third, ...rows], columns, theme),
      ]}
    />
  )
}
