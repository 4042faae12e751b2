import {type ActionGroup, keymap, palette} from '../../app/actions.ts'
import {filterFields, filterForms} from '../../app/filter-help.ts'
import {type DetailLine, loginLines} from '../../app/logins/detail.ts'
import {chosenLogin} from '../../app/panel-view.ts'
import {loginKeys} from '../../app/press.ts'
import type {Overlay, State} from '../../app/state.ts'
import {lookUp, type ReasonRow} from '../../domain/reasons/reason.ts'
import {cut, paragraph} from '../parts/fit.ts'
import {Lines} from '../parts/Lines.tsx'
import {readable, type Theme} from '../parts/paint.ts'

const groups: Record<ActionGroup, string> = {
  look: 'Look',
  fix: 'Fix (each shows its plan first)',
  go: 'Go',
  move: 'Move',
  replay: 'In a replay',
}

const helpLines = (): string[] => [
  ...Object.entries(groups).flatMap(([group, title]) => [
    title,
    ...keymap.filter(row => row.group === group).map(row => `  ${row.keys.join(' ').padEnd(16)} ${row.about}`),
    '',
  ]),
  'Commands',
  ...palette.map(({command, about}) => `  :${`${command.name} ${command.argument ?? ''}`.padEnd(24)} ${command.about ?? about}`),
  '',
  'Filters',
  ...[...filterForms, ...filterFields].flatMap(([name, about]) =>
    paragraph(about, 52, 3).map((part, i) => `  ${(i === 0 ? name : '').padEnd(24)} ${part}`),
  ),
  '',
  'Signs',
  '  ▲ storm    connects in a steady short rhythm, nearly always failing',
  '  ● stuck    refused and not back',
  '  ? unknown  refused a while ago; only browsers write a line when they get in',
  '  ✓ in back  in now, or in again after it had been refused',
  '  · out      left, or expected failure: probe (said nothing and went), restart, start-up, ours',
  '  +4 hidden  attempts that the gateway counted and did not log one by one',
]

const reasonLines = (row: ReasonRow, width: number): string[] => [
  `${row.id}   ${row.layer === 'provider' ? 'model provider' : row.layer}${row.sure === 'certain' ? '' : `, ${row.sure}`}, since ${row.since}`,
  ...paragraph(row.means, width - 2, 8).map(line => `  ${line}`),
  ...paragraph(`Do: ${row.tryThis}`, width - 2, 8).map(line => `  ${line}`),
  '',
]

const maxReasons = 6
const readableWidth = 96
export const wideWidth = 140

const others = (word: string): string[] => {
  const more = lookUp(word)
    .slice(maxReasons)
    .map(({id}) => id)
  return more.length === 0 ? [] : [`${more.length} more: ${more.join(', ')}`]
}

const tokenLines = (width: number): string[] => [
  'The token itself, to the clipboard of your terminal',
  '',
  ...[
    'For what no tool reaches: a browser that asks for it, the Mac app in remote mode, a script of somebody else.',
    'Whoever has it has the gateway. It goes through your terminal as an OSC 52 sequence: through SSH and tmux, and into a recording of them if there is one. It does not come on this screen.',
    'Clear it afterwards: copy something else, also in a clipboard manager that keeps what was copied.',
    'A browser on the gateway host needs none of this: `openclaw dashboard`. Another machine neither: p.',
  ].flatMap(text => [...paragraph(text, Math.min(width - 2, readableWidth), 8).map(line => `  ${line}`), '']),
]

const journalLines = (lines: readonly string[], width: number): string[] =>
  lines.length === 0
    ? ['No plan has run yet.']
    : lines.flatMap(text => paragraph(text, width - 1, 3).map((part, i) => `${i === 0 ? '' : '  '}${part}`))

const footer = ({kind}: Overlay, isLong: boolean): string => {
  if (kind === 'token') return 'enter copies it, any other key leaves'
  const acts = kind === 'login' ? `${loginKeys.join(' ')} act, ` : ''
  if (isLong) return `${acts}j k scroll, any other key closes`
  return acts === '' ? 'any key closes' : `${acts}any other key closes`
}

const linesOf = (state: State, overlay: Overlay, width: number): string[] => {
  if (overlay.kind === 'login')
    return loginLines(chosenLogin(state), state).flatMap(line => wrapped(line, Math.min(width, wideWidth)))
  if (overlay.kind === 'token') return tokenLines(width)
  if (overlay.kind === 'journals') return journalLines(overlay.lines, width)
  if (overlay.kind === 'problems') return []
  return overlay.kind === 'help'
    ? helpLines()
    : [
        ...lookUp(overlay.word)
          .slice(0, maxReasons)
          .flatMap(row => reasonLines(row, Math.min(width, readableWidth))),
        ...others(overlay.word),
      ]
}

/** A line that is too long goes on below itself. */
export const wrapped = ({label, text}: DetailLine, width: number): string[] =>
  text === ''
    ? [label]
    : paragraph(text, width - label.length, 6).map((part, i) => `${i === 0 ? label : ' '.repeat(label.length)}${part}`)

/** The line at the top when the end is at the bottom. */
export const lastTop = (state: State, overlay: Overlay): number =>
  Math.max(0, linesOf(state, overlay, state.size.columns).length - (state.size.rows - 2))

/** Help and explanations, over the whole screen; j and k scroll, any other key closes. */
export const OverlayPane = ({state, overlay, theme}: {state: State; overlay: Overlay; theme: Theme}) => {
  const {columns, rows} = state.size
  const all = linesOf(state, overlay, columns)
  const top = Math.min(overlay.top, lastTop(state, overlay))
  const shown = all.slice(top, top + rows - 2).map(line => readable(line, theme))
  const {notice} = state
  const more = footer(overlay, all.length > rows - 2)
  return (
    <Lines
      height={rows}
      lines={[
        ...shown,
        ...Array(Math.max(0, rows - 2 - shown.length)).fill(''),
        '',
        notice
          ? `${theme.open('title')}${cut(readable(notice.text, theme), columns)}${theme.close}`
          : `${theme.open('dim')}${more}${theme.close}`,
      ]}
    />
  )
}
