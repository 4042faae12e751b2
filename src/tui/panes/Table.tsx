import {type PanelView, topFor} from '../../app/panel-view.ts'
import type {State} from '../../app/state.ts'
import {paragraph} from '../parts/fit.ts'
import {Lines} from '../parts/Lines.tsx'
import {paintHeads, paintRow, readable, sized} from '../parts/paint.ts'
import type {Theme} from '../theme.ts'

type Props = {state: State; found: PanelView; index: number; height: number; width: number; theme: Theme}

const empty: Record<State['panel'], string> = {
  clients: 'No connection attempts in the logs read so far. Successful command-line clients leave no line in the log.',
  attempts: 'No connection attempts in the logs read so far.',
  log: 'No line yet.',
  profiles: 'The profiles have not been read.',
  copies: 'The copies of the token have not been read.',
  timeline: 'Nothing has happened to the gateway in what was read.',
}

/** A log that is named may be of any gateway: then nothing of this host is read. */
const notWithLog: Partial<Record<State['panel'], string>> = {
  profiles: 'Logins are not read with --log or in a replay: start gatecrab without it to see them.',
  copies: 'The copies of the token are not read with --log or in a replay: start gatecrab without it to see them.',
}

/** Why there is no row: a filter, a log that cannot be read, or nothing that happened. */
const nothing = (state: State): string => {
  if (state.filter.terms.length > 0) return 'Nothing matches the filter; esc shows everything.'
  const unread = state.sources.find(source => ['unreadable', 'missing', 'left-out', 'of-another'].includes(source.state))
  const isRead = state.sources.some(source => source.state === 'reading' || source.state === 'ended')
  if (unread && !isRead && !['profiles', 'copies'].includes(state.panel)) return 'No log can be read; the line below says why.'
  if (state.panel === 'profiles' && state.profiles)
    return 'No login at a model provider is stored here; `openclaw models auth add` stores one.'
  if (state.live === null && state.copies === null && state.panel in notWithLog) return notWithLog[state.panel] ?? ''
  return empty[state.panel]
}

export const Table = ({state, found, index, height, width, theme}: Props) => {
  const columns = sized(found.rows.columns, width)
  const {offset} = state.places[state.panel]
  const top = topFor(
    index,
    found.rows.endsWithNewest && state.places[state.panel].key === null ? height - 1 : offset,
    height,
    found.rows.count,
  )
  const shown = Math.min(height, found.rows.count - top)
  const rows = Array.from({length: Math.max(0, shown)}, (_, i) =>
    paintRow(found.rows.rowAt(top + i), columns, width, theme, top + i === index),
  )
  const lines = rows.length > 0 ? rows : paragraph(readable(nothing(state), theme), width, height)
  return <Lines height={height + 1} width={width} lines={[paintHeads(columns, theme), ...lines]} />
}
