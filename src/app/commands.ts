import {dayMs, hourMs, minuteMs} from '../domain/durations.ts'
import {type RenewalKind, renewalKinds} from '../domain/logins/renewal.ts'
import {nearest} from '../domain/nearest.ts'
import type {GatewayFix} from '../domain/plans/plan.ts'
import {lookUp} from '../domain/reasons/reason.ts'
import type {Effect} from './effect.ts'
import {chosenLogin, renewalUnless} from './logins/logins.ts'
import {withNotice} from './notice.ts'
import {type PanelId, panelIds, panels} from './panels.ts'
import {asked, planUnless, renewalAsked} from './plans/planning.ts'
import {emptyFilter, parseFilter} from './rows/filter.ts'
import type {State} from './state.ts'

type Next = [State, ...Effect[]]

/** What `:` offers, by the names of the command line where it has them. */
export type PaletteRow = {name: string; argument?: string; about: string; run: (state: State, argument: string) => Next}

const toPanel = (panel: PanelId): PaletteRow => ({
  name: panel,
  about: panels[panel].about,
  run: state => [{...state, panel, evidence: null}],
})

const lengths: Record<string, number> = {m: minuteMs, h: hourMs, d: dayMs}

const since = (state: State, argument: string): Next => {
  const [, count, unit] = /^(\d+)\s*([mhd])$/.exec(argument.trim()) ?? []
  if (count === undefined || unit === undefined) return [withNotice(state, 'since takes a length such as 30m, 6h or 3d')]
  const at = state.now - Number(count) * (lengths[unit] ?? 0)
  return [
    {...state, readingHistory: true},
    {type: 'read-history', since: at},
  ]
}

const isKind = (text: string): text is RenewalKind => (renewalKinds as readonly string[]).includes(text)

const renew = (state: State, argument: string): Next => {
  const way = argument.trim()
  if (way !== '' && !isKind(way)) return [withNotice(state, `renew takes one of ${renewalKinds.join(', ')}`)]
  const kind = way === '' ? null : way
  const because = renewalUnless(kind)(state)
  const profile = chosenLogin(state)
  if (because !== null || profile === null) return [withNotice(state, because ?? 'There is no login on this row')]
  return renewalAsked(state, {profileId: profile.profileId, agent: profile.agent, kind})
}

const toPlan = (fix: GatewayFix, about: string): PaletteRow => ({
  name: fix,
  about,
  run: state => {
    const because = planUnless(state)
    return because === null ? asked(state, fix) : [withNotice(state, because)]
  },
})

export const palette: readonly PaletteRow[] = [
  ...panelIds.map(toPanel),
  {
    name: 'connections',
    argument: 'filter',
    about: 'the attempts that match',
    run: (state, argument) => [{...state, panel: 'attempts', evidence: null, filter: parseFilter(argument)}],
  },
  {
    name: 'explain',
    argument: 'code or reason',
    about: 'what it means, whose fault, what helps',
    run: (state, argument) => {
      if (argument === '') return [withNotice(state, 'explain takes a close code or a reason')]
      if (lookUp(argument).length === 0) return [withNotice(state, `No reason is known by “${argument}”`)]
      return [{...state, overlay: {kind: 'explain', word: argument, top: 0}}]
    },
  },
  {
    name: 'filter',
    argument: 'words',
    about: 'show only what matches',
    run: (state, argument) => [{...state, filter: parseFilter(argument)}],
  },
  {
    name: 'clear',
    about: 'show everything again',
    run: state => [{...state, filter: emptyFilter, search: emptyFilter, hidesExpected: false}],
  },
  {name: 'since', argument: '30m, 6h, 3d', about: 'count from further back', run: since},
  {
    name: 'journals',
    about: 'the plans that ran, and how they ended',
    run: state =>
      state.copies === null ? [withNotice(state, 'Only logs are read here: no plan runs')] : [state, {type: 'list-journals'}],
  },
  {
    name: 'report',
    about: 'a redacted report into a file, for a ticket',
    run: state =>
      state.kind === 'replay'
        ? [withNotice(state, 'gatecrab report --log FILE writes one of past logs')]
        : [state, {type: 'write-report'}],
  },
  {
    name: 'problems',
    about: 'what is wrong now, the worst first',
    run: state => [{...state, overlay: {kind: 'problems', top: 0}}],
  },
  {
    name: 'renew',
    argument: 'way',
    about: 'renew the chosen login: login, setup-token, paste-token, …',
    run: renew,
  },
  toPlan('rotate', 'a new token: shows the plan'),
  toPlan('restart', 'restart the gateway: shows the plan'),
  toPlan('propagate', 'the token to every copy: shows the plan'),
  toPlan('verify', 'ask the gateway which token it takes: shows the plan'),
  toPlan('undo', 'take back the last plan: shows the plan'),
  {name: 'help', about: 'the keys', run: state => [{...state, overlay: {kind: 'help', top: 0}}]},
  {name: 'quit', about: 'leave', run: state => [{...state, ended: true}, {type: 'quit'}]},
]

export const matching = (text: string): readonly PaletteRow[] => {
  const [name = ''] = text.trim().split(/\s+/)
  return palette.filter(row => row.name.startsWith(name.toLowerCase()))
}

export const runPaletteCommand = (state: State, text: string): Next => {
  const [name = '', ...rest] = text.trim().split(/\s+/)
  const found = palette.find(row => row.name === name.toLowerCase()) ?? matching(text)[0]
  if (name === '') return [state]
  if (!found) {
    const near = nearest(
      name,
      palette.map(row => row.name),
    )
    return [withNotice(state, `There is no command “${name}”; ${near === null ? ': lists them' : `:${near} is one`}`)]
  }
  return found.run(state, rest.join(' '))
}
