import type {Plan} from '../../domain/plans/plan.ts'
import type {Role} from '../rows/rows.ts'
import {plural} from '../words.ts'
import {type PlanLine, planLine} from './view.ts'

/** A list of which as many lines are shown as there is room for; the first of them always. */
type Part = {label: string; items: readonly string[]; role: Role}

const labelWidth = 15

const labelled = (label: string, text: string, role: Role): PlanLine => ({
  ...planLine(text, role, 1),
  label: label.padEnd(labelWidth),
})

const shownOf = ({label, items, role}: Part, room: number): PlanLine[] => {
  const fits = items.length <= room
  const shown = fits ? items : items.slice(0, Math.max(1, room - 1))
  const more = items.length - shown.length
  return [
    ...shown.map((text, i) => labelled(i === 0 ? (fits ? label : `${label} (${items.length})`) : '', text, role)),
    ...(more > 0 && room > 1 ? [labelled('', `and ${more} more (tab)`, 'dim')] : []),
  ]
}

/** Each part gets its first line; what room is left goes to them in order. */
const roomsFor = (parts: readonly Part[], room: number): number[] => {
  const rooms = parts.map(() => 1)
  let left = room - parts.length
  for (const [i, {items}] of parts.entries()) {
    const more = Math.max(0, Math.min(left, items.length - 1))
    rooms[i] = 1 + more
    left -= more
  }
  return rooms
}

const changesOf = ({steps}: Plan): string[] =>
  steps.flatMap(({change}) => (change === null ? [] : [`${change.what}: ${change.from ?? 'unset'} → ${change.to}`]))

const stepsShown = ({steps}: Plan, room: number): PlanLine[] => {
  const shown = steps.length <= room ? steps : steps.slice(0, Math.max(1, room - 1))
  const more = steps.length - shown.length
  return [
    ...shown.map(({words}, i) => ({...planLine(words, 'plain', 1), label: `${i + 1}`.padEnd(3)})),
    ...(more > 0 ? [{...planLine(`and ${plural(more, 'step')} more (tab)`, 'dim', 1), label: '   '}] : []),
  ]
}

/** What is to be decided, on one screen: what changes, whom it hurts, what cannot be undone, the steps in a line each. */
export const planSummary = (plan: Plan, height: number): PlanLine[] => {
  const head = [planLine(plan.title, 'strong'), planLine(plan.because)]
  const parts: Part[] = [
    {label: 'Changes', items: changesOf(plan), role: 'plain' as const},
    {label: 'Risk', items: [plan.risk], role: 'warn' as const},
    {label: 'Interrupts', items: plan.interrupts, role: 'warn' as const},
    {label: 'Cannot undo', items: plan.cannotUndo, role: 'warn' as const},
    {label: 'Worth knowing', items: plan.notes, role: 'plain' as const},
    {
      label: 'Left for you',
      items:
        plan.cards.length === 0
          ? []
          : [`${plural(plan.cards.length, 'manual step')}; m shows ${plan.cards.length === 1 ? 'it' : 'them'}`],
      role: 'plain' as const,
    },
  ].filter(({items}) => items.length > 0)
  const fixed = head.length + 2
  const steps = stepsShown(plan, Math.max(3, height - fixed - parts.length))
  const rooms = roomsFor(parts, Math.max(parts.length, height - fixed - steps.length))
  return [...head, planLine(''), ...parts.flatMap((part, i) => shownOf(part, rooms[i] ?? 1)), planLine(''), ...steps]
}
