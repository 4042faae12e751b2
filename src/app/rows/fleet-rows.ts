import {dayMs, minuteMs} from '../../domain/durations.ts'
import {formatFailure, sentence, withPeriod} from '../../domain/failure.ts'
import {type FleetStatus, fleetStatusOf, loginEndsIn, type RemoteGateway} from '../../domain/fleet.ts'
import {ago, length, plural} from '../words.ts'
import type {Cell, Column, Role, Row} from './rows.ts'

export const fleetColumns: readonly Column[] = [
  {title: '', width: 1},
  {title: 'HOST', width: 20, wide: 32},
  {title: 'GATEWAY', width: 9, from: 46},
  {title: 'VERDICT', width: 12},
  {title: 'REFUSING', width: 8, right: true, from: 55},
  {title: 'IN', width: 4, right: true, from: 70},
  {title: 'LOGIN ENDS', width: 10, from: 65},
  {title: 'LAST WORD', width: 9, from: 80},
  {title: 'WHAT', width: 20, grow: true, from: 100},
]

type StatusStyle = {role: Role; signs: readonly [string, string]; word: string}

/** A sign and a word for each standing, the worst first. */
const looks: Record<FleetStatus, StatusStyle> = {
  broken: {role: 'bad', signs: ['●', '*'], word: 'broken'},
  unknown: {role: 'note', signs: ['?', '?'], word: 'unknown'},
  unreachable: {role: 'warn', signs: ['✗', 'x'], word: 'out of reach'},
  silent: {role: 'warn', signs: ['?', '?'], word: 'silent'},
  soon: {role: 'warn', signs: ['▲', '!'], word: 'failing soon'},
  connecting: {role: 'dim', signs: ['·', '-'], word: 'asked'},
  ok: {role: 'good', signs: ['✓', '+'], word: 'fine'},
}

const standings = Object.keys(looks) as FleetStatus[]

const endsText = (one: RemoteGateway, now: number): Cell => {
  const ms = loginEndsIn(one, now)
  if (ms === null) return {text: ''}
  return ms > 0
    ? {text: `in ${length(Math.floor(ms / minuteMs) * minuteMs)}`, role: ms < dayMs ? 'warn' : 'plain'}
    : {text: 'ended', role: 'bad'}
}

/** The last status before the line was cut, dimmed and with its age. */
export const fleetRow = (one: RemoteGateway, now: number, isAscii: boolean): Row => {
  const status = fleetStatusOf(one, now)
  const {role, signs} = looks[status]
  const {host, status: word, lastSeenAt, problem} = one
  const isOld = status === 'unreachable' || status === 'silent'
  const faded = (cell: Cell): Cell => (isOld ? {...cell, role: 'dim'} : cell)
  return {
    key: host,
    dim: false,
    search: {all: host, named: {host}},
    cells: [
      {text: signs[isAscii ? 1 : 0], role},
      {text: host, role: 'strong'},
      faded({text: word?.release ?? (word ? 'unknown' : '')}),
      {text: looks[status].word, role},
      faded({text: word && word.refused > 0 ? String(word.refused) : '', role: 'bad'}),
      faded({text: word ? String(word.in) : '', role: 'dim'}),
      faded(endsText(one, now)),
      {text: lastSeenAt === null ? 'never' : ago(lastSeenAt, now), role: isOld ? 'warn' : 'dim'},
      {text: problem?.title ?? word?.problems[0]?.title ?? '', role: 'plain'},
    ],
  }
}

export const fleetSummary = (fleet: readonly RemoteGateway[], now: number, isAscii: boolean): Cell[] =>
  standings.flatMap(status => {
    const count = fleet.filter(one => fleetStatusOf(one, now) === status).length
    const {role, signs, word} = looks[status]
    return count === 0 ? [] : [{text: `${signs[isAscii ? 1 : 0]} ${count} ${word}`, role}]
  })

export type Paragraph = {label: string; text: string; role?: Role}

const problemsOf = ({status: word, host}: RemoteGateway): Paragraph[] => {
  if (word === null) return [{label: 'WAIT', text: `${host} is being asked.`}]
  if (word.problems.length === 0) return [{label: 'FINE', text: 'Nothing is wrong there.', role: 'good'}]
  return word.problems.flatMap(({harm, title, because, tryThis, count}): Paragraph[] => [
    {
      label: harm === 'note' ? 'NOTE' : 'WHY',
      text: formatFailure({
        title: `${title}${count > 1 ? ` (${plural(count, 'time')})` : ''}`,
        because: because === title ? '' : because,
        from: 'gateway',
      }),
      ...(harm === 'broken' ? {role: 'bad' as const} : {}),
    },
    ...(tryThis === '' ? [] : [{label: 'DO', text: withPeriod(tryThis)}]),
  ])
}

/** Problems of the selected gateway and their advice; first of all, why it is unreachable. */
export const fleetWhy = (one: RemoteGateway, now: number): Paragraph[] => {
  const {problem, retryAt, lastSeenAt} = one
  if (!problem) {
    const isSilent = fleetStatusOf(one, now) === 'silent'
    return [
      ...(isSilent
        ? [
            {
              label: 'LINE',
              text: `Nothing came for ${length(now - (lastSeenAt ?? now))}, though the line is open.`,
              role: 'warn' as const,
            },
          ]
        : []),
      ...problemsOf(one),
    ]
  }
  const again = retryAt === null ? '' : ` Tried again in ${length(Math.max(0, retryAt - now))}.`
  return [
    {label: 'LINE', text: `${[problem.title, problem.because].filter(Boolean).join(': ')}.${again}`, role: 'warn'},
    ...(problem.tryThis ? [{label: 'DO', text: sentence(problem.tryThis)}] : []),
    ...(lastSeenAt === null ? [] : [{label: 'THEN', text: `What it said ${ago(lastSeenAt, now)}:`}, ...problemsOf(one)]),
  ]
}
