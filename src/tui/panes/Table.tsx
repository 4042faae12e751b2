import {emptyText, offsetFor, topFor} from '../../app/panel-view.ts'
import type {PanelView} from '../../app/panels/panel.ts'
import type {State} from '../../app/state.ts'
import {paragraph} from '../parts/fit.ts'
import {Lines} from '../parts/Lines.tsx'
import {paintHeads, paintRow, readable, sized, type Theme} from '../parts/paint.ts'

type Props = {state: State; found: PanelView; index: number; height: number; width: number; theme: Theme}

export const Table = ({state, found, index, height, width, theme}: Props) => {
  const columns = sized(found.rows.columns, width)
  const top = topFor(index, offsetFor(found, state.places[state.panel], height), height, found.rows.count)
  const shown = Math.min(height, found.rows.count - top)
  const rows = Array.from({length: Math.max(0, shown)}, (_, i) =>
    paintRow(found.rows.rowAt(top + i), columns, width, theme, top + i === index),
  )
  const lines = rows.length > 0 ? rows : paragraph(readable(emptyText(state), theme), width, height)
  return <Lines height={height + 1} width={width} lines={[paintHeads(columns, theme), ...lines]} />
}
