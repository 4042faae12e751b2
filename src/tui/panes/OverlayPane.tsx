import {actionGroups, keymap, palette} from '../../app/actions.ts'
import {filterFields, filterForms} from '../../app/filter-help.ts'
import {type DetailLine, loginLines} from '../../app/logins/detail.ts'
import {chosenLogin} from '../../app/panel-view.ts'
import {loginKeys} from '../../app/press.ts'
import type {Overlay, State} from '../../app/state.ts'
import {type WholeLine, wholeLineKeys, wholeLineTexts, wholeLineTitle} from '../../app/whole-line.ts'
import {lookUp, type ReasonRow} from '../../domain/reasons/reason.ts'
import {brokenAt, cut, from, paragraph} from '../parts/fit.ts'
import {Lines} from '../parts/Lines.tsx'
import {readable, type Theme} from '../parts/paint.ts'

const line = (label: string, text = ''): DetailLine => ({label, text})

const helpLines = (): DetailLine[] => [
  ...Object.entries(actionGroups).flatMap(([group, title]) => [
    line(title),
    ...keymap.filter(row => row.group === group).map(row => line(`  ${row.keys.join(' ').padEnd(16)} `, row.about)),
    line(''),
  ]),
  line('Commands'),
  ...palette.map(({command, about}) =>
    line(`  :${`${command.name} ${command.argument ?? ''}`.padEnd(24)} `, command.about ?? about),
  ),
  line(''),
  line('Filters'),
  ...[...filterForms, ...filterFields].map(([name, about]) => line(`  ${name.padEnd(24)} `, about)),
  line(''),
  line('Signs'),
  line('  ▲ storm    ', 'connects in a steady short rhythm, nearly always failing'),
  line('  ● stuck    ', 'refused and not back'),
  line('  ? unknown  ', 'refused a while ago; only browsers write a line when they get in'),
  line('  ✓ in back  ', 'in now, or in again after it had been refused'),
  line('  · out      ', 'left, or expected failure: probe (said nothing and went), restart, start-up, ours'),
  line('  +4 hidden  ', 'attempts that the gateway counted and did not log one by one'),
]

const reasonLines = (row: ReasonRow, width: number): string[] => [
  ...paragraph(
    `${row.id}   ${row.layer === 'provider' ? 'model provider' : row.layer}${row.sure === 'certain' ? '' : `, ${row.sure}`}, since ${row.since}`,
    width,
    2,
  ),
  ...paragraph(row.means, width - 2, 8).map(line => `  ${line}`),
  ...paragraph(`Do: ${row.tryThis}`, width - 2, 8).map(line => `  ${line}`),
  ...(row.tryThisFrom ? paragraph(`From ${row.tryThisFrom.release} on: ${row.tryThisFrom.tryThis}`, width - 2, 8) : []).map(
    line => `  ${line}`,
  ),
  '',
]

const maxReasons = 6
const readableWidth = 96
export const wideWidth = 140

const others = (word: string, width: number): string[] => {
  const more = lookUp(word)
    .slice(maxReasons)
    .map(({id}) => id)
  return more.length === 0 ? [] : paragraph(`${more.length} more: ${more.join(', ')}`, width, 40)
}

const tokenLines = (width: number): string[] => [
  ...paragraph('The token itself, to the clipboard of your terminal', width, 2),
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

/** Broken as it will be read: in ASCII an arrow takes two cells. */
const shownLine = (shown: WholeLine, width: number, theme: Theme): string[] => [
  cut(readable(wholeLineTitle(shown), theme), width),
  '',
  ...wholeLineTexts(shown)
    .map(text => readable(text, theme))
    .flatMap(text => (shown.isWrapped ? brokenAt(text, width) : [cut(from(text, shown.left), width)])),
]

const footer = (overlay: Page, isLong: boolean): string => {
  const {kind} = overlay
  if (overlay.kind === 'line') return wholeLineKeys(overlay)
  if (kind === 'token') return 'enter copies it, any other key leaves'
  const acts = kind === 'login' ? `${loginKeys.join(' ')} act, ` : ''
  if (isLong) return `${acts}j k scroll, any other key closes`
  return acts === '' ? 'any key closes' : `${acts}any other key closes`
}

type Page = Exclude<Overlay, {kind: 'problems'}>

const linesOf = (state: State, overlay: Page, width: number, theme: Theme): string[] => {
  if (overlay.kind === 'login')
    return loginLines(chosenLogin(state), state).flatMap(line => wrapped(line, Math.min(width, wideWidth)))
  if (overlay.kind === 'token') return tokenLines(width)
  if (overlay.kind === 'line') return shownLine(overlay, width, theme)
  if (overlay.kind === 'journals') return journalLines(overlay.lines, width)
  return overlay.kind === 'help'
    ? helpLines().flatMap(found => wrapped(found, width))
    : [
        ...lookUp(overlay.word)
          .slice(0, maxReasons)
          .flatMap(row => reasonLines(row, Math.min(width, readableWidth))),
        ...others(overlay.word, width),
      ]
}

/** A line that is too long goes on below itself. */
export const wrapped = ({label, text}: DetailLine, width: number): string[] =>
  text === ''
    ? [cut(label, width)]
    : paragraph(text, width - label.length, 6).map((part, i) => `${i === 0 ? label : ' '.repeat(label.length)}${part}`)

/** The line at the top when the end is at the bottom. */
export const lastPageTop = (state: State, overlay: Page, theme: Theme): number =>
  Math.max(0, linesOf(state, overlay, state.size.columns, theme).length - (state.size.rows - 2))

/** Help and explanations, over the whole screen; j and k scroll, any other key closes. */
export const OverlayPane = ({state, overlay, theme}: {state: State; overlay: Page; theme: Theme}) => {
  const {columns, rows} = state.size
  const all = linesOf(state, overlay, columns, theme)
  const top = Math.min(overlay.top, lastPageTop(state, overlay, theme))
  const shown = all.slice(top, top + rows - 2).map(line => cut(readable(line, theme), columns, ''))
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
          : `${theme.open('dim')}${cut(more, columns)}${theme.close}`,
      ]}
    />
  )
}
