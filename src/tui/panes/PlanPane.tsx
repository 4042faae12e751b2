import {fieldText} from '../../app/plans/fields.ts'
import type {PlanShown} from '../../app/plans/plan-shown.ts'
import {planSummary} from '../../app/plans/summary.ts'
import {hasChangedToken, manualLines, type PlanLine, planLines} from '../../app/plans/view.ts'
import type {Cell} from '../../app/rows/rows.ts'
import type {State} from '../../app/state.ts'
import {cut, paragraph, tail, widthOf} from '../parts/fit.ts'
import {Lines} from '../parts/Lines.tsx'
import {ellipsis, paintWhole, readable, type Theme} from '../parts/paint.ts'

const painted = ({text, role, indent, label}: PlanLine, width: number, theme: Theme): string[] => {
  const space = ' '.repeat(Math.min(8, indent * 2))
  const open = theme.open(role)
  const inRole = (line: string): string => `${open}${line}${open === '' ? '' : theme.close}`
  if (label !== undefined) {
    const before = `${space}${theme.open('dim')}${label}${theme.close} `
    return [before + inRole(cut(readable(text, theme), width - space.length - label.length - 1, ellipsis(theme)))]
  }
  const lines = paragraph(readable(text, theme), width - space.length - 2, 12)
  return lines.length === 0 ? [''] : lines.map((line, i) => `${space}${i > 0 ? '  ' : ''}${inRole(line)}`)
}

const keys = (shown: PlanShown): Cell[] => {
  const {plan, phase, refused, view} = shown
  const close = 'esc close'
  if (hasChangedToken(shown)) return ['next:', 'p update copies', 'b who is back', 'u undo', close].map(text => ({text}))
  if (refused || phase === 'ended') return [{text: 'enter or esc closes this'}]
  if (phase === 'running') return [{text: 'it runs in a process of its own; esc closes this, the plan continues'}]
  if (!plan) return [{text: close}]
  const manual = plan.cards.length > 0 ? [`m manual steps (${plan.cards.length})`] : []
  const run = plan.confirm === '' ? ['enter run'] : []
  return [...run, view === 'whole' ? 'tab summary' : 'tab commands and details', ...manual, 'esc cancel'].map(text => ({text}))
}

/** Where something is typed; a notice takes its place. */
const typing = (state: State, shown: PlanShown, theme: Theme): string => {
  const {notice} = state
  const {plan, phase} = shown
  const {columns} = state.size
  const strong = (text: string): string => `${theme.open('strong')}${text}${theme.close}`
  if (notice) return strong(cut(readable(notice.text, theme), columns, ellipsis(theme)))
  if (!plan || phase !== 'shown' || plan.confirm === '') return ''
  const [open, close] = theme.chosen
  const {asks, typed} = fieldText(shown, plan)
  const room = columns - 1
  // What was typed last is what one looks at; the question gives way.
  const answer = tail(readable(typed, theme), Math.max(1, room - 8))
  const question = cut(asks, room - widthOf(answer) - 1, ellipsis(theme))
  return `${strong(`${question} ${answer}`)}${open} ${close}`
}

const isDecided = ({plan, phase, refused}: PlanShown): boolean => plan === null || phase !== 'shown' || refused !== null

const linesOf = (shown: PlanShown, height: number, now: number, theme: Theme): PlanLine[] => {
  const {plan, view} = shown
  if (plan === null || isDecided(shown) || view === 'whole') return planLines(shown, theme.isAscii, now)
  return view === 'manual' ? manualLines(plan) : planSummary(plan, height)
}

/** A fix: what is to be decided, or each step with its command and how it is undone; then what became of it. */
export const PlanPane = ({state, shown, theme}: {state: State; shown: PlanShown; theme: Theme}) => {
  const {columns, rows} = state.size
  const height = rows - 3
  const lines = linesOf(shown, height, state.now, theme)
  const all = lines.flatMap(line => painted(line, columns - 1, theme))
  const last = Math.max(0, all.length - height)
  const top = Math.min(shown.phase === 'running' ? last : shown.top, last)
  const visible = all.slice(top, top + height)
  const more = all.length > height ? ` (${top + 1}-${Math.min(all.length, top + height)} of ${all.length}, arrows)` : ''
  return (
    <Lines
      height={rows}
      lines={[
        ...visible,
        ...Array<string>(Math.max(0, height - visible.length)).fill(''),
        '',
        `${theme.open('dim')}${paintWhole(keys(shown), columns - more.length, theme)}${more}${theme.close}`,
        typing(state, shown, theme),
      ]}
    />
  )
}
