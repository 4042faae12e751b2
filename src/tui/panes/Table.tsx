import {emptyText} from '../../app/panel-view.ts'
import type {State} from '../../app/state.ts'
import {paragraph} from '../parts/fit.ts'
import {Lines} from '../parts/Lines.tsx'
import {paintHeads, paintRow, readable, sized, type Theme} from '../parts/paint.ts'
import type {View} from '../view.ts'

type Props = {state: State; view: View; theme: Theme}

export const Table = ({state, view: {found, index, top, height, layout}, theme}: Props) => {
  const {width} = layout
  const columns = sized(found.rows.columns, width)
  const shown = Math.min(height, found.rows.count - top)
  const rows = Array.from({length: Math.max(0, shown)}, (_, i) =>
    paintRow(found.rows.rowAt(top + i), columns, width, theme, top + i === index),
  )
  const lines = rows.length > 0 ? rows : paragraph(readable(emptyText(state), theme), width, height)
  return <Lines height={height + 1} width={width} lines={[paintHeads(columns, theme), ...lines]} />
}
