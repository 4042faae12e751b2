import {fieldText} from '../../app/plans/fields.ts'
import type {PlanShown} from '../../app/plans/plan-shown.ts'
import {hasChangedToken, type PlanLine, planLines} from '../../app/plans/view.ts'
import type {State} from '../../app/state.ts'
import {paragraph} from '../parts/fit.ts'
import {Lines} from '../parts/Lines.tsx'
import {readable, type Theme} from '../parts/paint.ts'

const painted = ({text, role, indent}: PlanLine, width: number, theme: Theme): string[] => {
  const space = ' '.repeat(Math.min(8, indent * 2))
  const lines = paragraph(readable(text, theme), width - space.length, 12)
  const open = theme.open(role)
  return lines.length === 0
    ? ['']
    : lines.map((line, i) => `${space}${i > 0 ? '  ' : ''}${open}${line}${open === '' ? '' : theme.close}`)
}

const footer = ({notice}: State, shown: PlanShown, theme: Theme): string => {
  const {plan, phase, refused} = shown
  if (notice) return notice.text
  if (hasChangedToken(shown)) return 'next: p update copies, b who is back, u undo; esc closes'
  if (refused || phase === 'ended') return 'enter or esc closes this'
  if (phase === 'running') return 'it runs in a process of its own; esc closes this, the plan continues'
  if (!plan) return 'esc closes this'
  const [open, close] = theme.chosen
  if (plan.confirm === '') return 'enter runs it, esc cancels'
  const {asks, typed} = fieldText(shown, plan)
  return `${asks} ${readable(typed, theme)}${open} ${close}`
}

/** A fix: each step before it runs, its command, what it changes and how it is undone; then what became of it. */
export const PlanPane = ({state, shown, theme}: {state: State; shown: PlanShown; theme: Theme}) => {
  const {columns, rows} = state.size
  const all = planLines(shown, theme.isAscii).flatMap(line => painted(line, columns - 1, theme))
  const height = rows - 2
  const top = Math.min(shown.phase === 'running' ? Math.max(0, all.length - height) : shown.top, Math.max(0, all.length - height))
  const lines = all.slice(top, top + height)
  const more = all.length > height ? ` (${top + 1}-${Math.min(all.length, top + height)} of ${all.length}, arrows)` : ''
  return (
    <Lines
      height={rows}
      lines={[
        ...lines,
        ...Array<string>(Math.max(0, height - lines.length)).fill(''),
        '',
        `${theme.open('strong')}${footer(state, shown, theme)}${theme.close}${theme.open('dim')}${more}${theme.close}`,
      ]}
    />
  )
}
