import {everyClient, everyOpen} from '../domain/attempts/clients.ts'
import {countRecentlyDropped} from '../domain/attempts/eviction-policy.ts'
import {lockoutsNow} from '../domain/attempts/lockout.ts'
import {lastMinutes} from '../domain/attempts/minutes.ts'
import {hourMs, minuteMs} from '../domain/durations.ts'
import {evidenceSources} from '../domain/live/live-state.ts'
import {inWords} from '../domain/log-source.ts'
import {isBroken, isDisabled} from '../domain/logins/profile.ts'
import {otherPorts} from '../domain/world/whose-log.ts'
import type {World} from '../domain/world/world.ts'
import {causeText} from './cause-words.ts'
import {gatewayProblemText, statusCell} from './gateway-status-words.ts'
import {hasCauseLine} from './navigate.ts'
import {interruptedOf, problemsText} from './problems.ts'
import {countFailing} from './rows/client-entries.ts'
import type {Cell, Role} from './rows/rows.ts'
import type {State} from './state.ts'
import {ago, clock, day, length, moment, plural, sparkline} from './words.ts'
import {zoneName} from './zone.ts'

const span = 5

/** The others are named, so that whoever misses a client looks there. */
const leftOutText = ({ports, ownPort, leftOut}: World): string => {
  const others = otherPorts(ports, ownPort)
  const whose = others.length > 2 ? `${others.length} other gateways` : others.join(' and ')
  return `:${ownPort} (${plural(leftOut, 'connection')} of ${whose} in its log left out)`
}

const portText = ({world, port}: State): string => {
  if (world.ownPort !== null) return leftOutText(world)
  const ports = [...world.ports]
  if (ports.length > 1) return `${ports.length} gateways write here: ${ports.map(found => `:${found}`).join(' ')}`
  const knownPort = world.life.port ?? ports[0] ?? port
  return knownPort === null ? '' : `:${knownPort}`
}

const labels: Record<State['kind'], Cell | null> = {
  live: null,
  demo: {text: 'DEMO', role: 'title'},
  replay: {text: 'REPLAY', role: 'title'},
}

const tokenText = ({copies}: State): Cell[] => {
  if (!copies) return []
  if (copies.enforced.acceptsAnything) return [{text: 'ACCEPTS ANY TOKEN', role: 'bad'}]
  return copies.enforced.fingerprint === null ? [] : [{text: `token ${copies.enforced.fingerprint}`, role: 'dim'}]
}

export const titleLine = (state: State): Cell[] => {
  const {gateway} = state.assessment
  const label = labels[state.kind]
  return [
    {text: 'gatecrab', role: 'strong'},
    ...(label ? [label] : [{text: state.host}]),
    ...(state.readonly && state.kind !== 'replay' ? [{text: 'read-only', role: 'note' as const}] : []),
    {
      text: ['gateway', gateway.version ?? state.release, portText(state), gateway.pid === null ? null : `pid ${gateway.pid}`]
        .filter(Boolean)
        .join(' '),
      role: 'plain',
    },
    statusCell(gateway, state.now),
    ...tokenText(state),
  ]
}

/** Why nothing can be said of who is refused. */
const unknownText = ({sources, assessment, now}: State): Cell | null => {
  const {problems, newestLineAt, gateway} = assessment
  if (sources.some(({state}) => state === 'of-another')) return {text: "? the log is another gateway's", role: 'warn'}
  if (sources.length > 0 && sources.every(({state}) => state !== 'reading' && state !== 'ended'))
    return {text: '? no log can be read', role: 'warn'}
  const isUnread = problems.some(({id}) => id === 'log-unreadable')
  if (isUnread && newestLineAt === null) return {text: '? nothing read yet', role: 'dim'}
  if (isUnread)
    return {
      text: sources.some(({misread}) => misread?.isMajority) ? '? the log is not understood' : '? a log cannot be read',
      role: 'warn',
    }
  if (newestLineAt === null && gateway.by === 'log') return {text: '? nothing read yet', role: 'dim'}
  if (!problems.some(({id}) => id === 'log-silent')) return null
  return {
    text: newestLineAt === null ? '? nothing read yet' : `? the log is silent since ${length(now - newestLineAt)}`,
    role: 'warn',
  }
}

const recentlyRefused = ({world, now}: State): number =>
  lastMinutes(world.minutes, now, span).reduce((all, count) => all + count, 0)

const noRefusalsText = (state: State): string =>
  recentlyRefused(state) > 0 ? 'no client is refused now' : `no refusals in the last ${span} min`

/** Who was refused a while ago and has not come back is refused still, as far as anybody knows. */
const refusedText = ({world, now, assessment: {refused}}: State): string => {
  const isMore = countRecentlyDropped(world.clients.dropped, now) > 0
  const isNow = isMore || everyClient(world.clients).some(({refusedAt}) => now - (refusedAt ?? 0) < span * minuteMs)
  if (isMore) return `● refusing up to ${plural(refused, 'client')}`
  return isNow ? `● refusing ${plural(refused, 'client')}` : `● ${plural(refused, 'client')} refused and not back`
}

const healthCell = (state: State): Cell => {
  const {world, now, assessment} = state
  const {gateway, refused, verdict} = assessment
  const problemText = gatewayProblemText(gateway)
  if (problemText) return {text: `● ${problemText}`, role: 'bad'}
  if (refused > 0 && verdict === 'broken') return {text: refusedText(state), role: 'bad'}
  const unknown = unknownText(state)
  if (unknown) return unknown
  const failing = countFailing(everyClient(world.clients), now, state.live)
  if (failing > 0) return {text: `● ${plural(failing, 'client')} refused and not back`, role: 'warn'}
  // Of a gateway elsewhere no log is here: whom it refuses is not seen.
  const isUnseen = state.kind === 'live' && state.sources.length === 0 && world.lines === 0
  if (isUnseen) return {text: '? no log is read', role: 'warn'}
  return {text: `● ${noRefusalsText(state)}`, role: verdict === 'ok' ? 'good' : 'plain'}
}

const profilesText = ({profiles, now}: State): Cell[] => {
  const gone = profiles?.profiles.filter(({state, inUseBy}) => isBroken(state) && inUseBy.length > 0).length ?? 0
  if (gone > 0) return [{text: `${plural(gone, 'login')} in use gone`, role: 'bad'}]
  const disabled = profiles?.profiles.filter(one => isDisabled(one, now) && one.inUseBy.length > 0).length ?? 0
  if (disabled > 0) return [{text: `${plural(disabled, 'login')} in use disabled`, role: 'bad'}]
  const next = profiles?.profiles.find(({state, inUseBy}) => state === 'expiring' && inUseBy.length > 0)
  return next?.expiresAt ? [{text: `${next.provider} ${length(next.expiresAt - now)} left`, role: 'warn'}] : []
}

const providerText = ({world, now}: State): Cell[] => {
  const recent = world.provider.filter(({line}) => now - line.at < hourMs).length
  return recent === 0 ? [] : [{text: plural(recent, 'provider failure'), role: 'warn'}]
}

const lockoutText = ({world, now}: State): Cell[] => {
  const locked = lockoutsNow(world.guesses, now)
  if (locked === null) return []
  return [{text: `▲ ${plural(locked.count, 'lock-out')} to ~${clock(locked.until).slice(0, 5)}`, role: 'warn'}]
}

const causeLabel = 'CAUSE'

/** Null where no one event explains who is refused, and where there is no room to say it. */
export const causeLine = (state: State): Cell[] | null => {
  const {cause} = state.assessment
  return cause === null || !hasCauseLine(state)
    ? null
    : [
        {text: causeLabel, role: 'strong'},
        {text: causeText(cause, state.now, state.size.columns - causeLabel.length - 2), role: 'plain'},
      ]
}

const interruptedText = (state: State): Cell[] => {
  const cut = interruptedOf(state)
  return cut === null ? [] : [{text: `${cut.fix} was interrupted: t`, role: 'bad'}]
}

const configText = ({assessment: {problems}}: State): Cell[] => {
  const found = problems.find(({id}) => id === 'config-invalid' || id === 'config-not-valid')
  return found ? [{text: 'config not valid', role: found.harm === 'broken' ? 'bad' : 'warn'}] : []
}

const fromWidth = 100
const narrow = 64

/** Number of connected clients, and the source of that number: most clients leave no log line. */
const connectedText = ({world, live, size}: State): string => {
  const by = live ? evidenceSources(live) : []
  const seen = everyOpen(world.clients).length
  if (live === null || by.length === 0) return `${seen} in`
  return `${live.connectedClients.length} connected${size.columns >= fromWidth ? ` (${['log', ...by].join(', ')})` : ''}`
}

export const statusLine = (state: State, isAscii: boolean): Cell[] => {
  const {world, now, size} = state
  const refused = recentlyRefused(state)
  const roles: Role = refused > 0 ? 'plain' : 'dim'
  const health = healthCell(state)
  const perMinute = sparkline(lastMinutes(world.minutes, now, size.columns < fromWidth ? span : 2 * span), isAscii)
  return [
    {...health, text: isAscii ? health.text.replace('●', '*') : health.text},
    {text: `${refused} refused/${span}m${size.columns < narrow ? '' : ` ${perMinute}`}`, role: roles},
    {text: connectedText(state), role: 'dim'},
    ...interruptedText(state),
    ...lockoutText(state),
    ...problemsText(state),
    ...configText(state),
    ...profilesText(state),
    ...providerText(state),
    ...(world.expected > 0 ? [{text: `${world.expected} expected`, role: 'dim' as const}] : []),
  ]
}

const readingText = ({historyProgress}: State): string =>
  historyProgress === null
    ? 'reading further back…'
    : `reading further back: ${Math.floor(historyProgress.share * 100)} %, about ${length(historyProgress.leftMs)} left`

/** From the first line that was counted, also where that is older than what was asked for. */
const countsSince = (state: State): Cell[] => {
  const {since, kind, readingHistory, world, now, packedArchives} = state
  if (since === null || kind === 'replay') return []
  if (readingHistory) return [{text: readingText(state), role: 'dim'}]
  const firstAt = world.firstAt ?? since
  const isShort = packedArchives > 0 && firstAt > since
  return [
    {text: `counts since ${moment(firstAt, now)} ${zoneName(now)}`, role: 'dim'},
    ...(isShort ? [{text: `${plural(packedArchives, 'packed archive')} not read`, role: 'warn' as const}] : []),
  ]
}

const nameOnly = (file: string): string => file.slice(file.lastIndexOf('/') + 1)

/** What it is, and how to leave it for a real one: said as long as it is shown. */
const demoText = ({foundNone, size}: State): string => {
  if (size.columns < fromWidth)
    return `${foundNone ? 'No gateway found: a demo' : 'A simulated gateway'}. Yours: --config, --url, --log`
  const what = foundNone ? 'No gateway was found here, so this one is simulated' : 'This gateway is simulated'
  return `${what}. For yours: gatecrab --config FILE, --url URL or --log FILE`
}

/** Which files are read, how old their last line is, and why one is not. */
export const sourcesLine = (state: State): Cell[] => {
  if (state.kind === 'demo') return [{text: demoText(state), role: 'note'}]
  if (state.sources.length === 0)
    return [
      {
        text: state.kind === 'replay' ? `past logs: ${day(state.now)}, ${zoneName(state.now)}` : 'no log is being read',
        role: 'dim',
      },
    ]
  const shown = state.sources.slice(0, 3).map(
    (source): Cell =>
      source.state === 'reading' || source.state === 'ended'
        ? {
            text: `${nameOnly(source.name)} ${source.lastLineAt === null ? 'is empty' : `last line ${ago(source.lastLineAt, state.now)}`}${source.state === 'ended' ? ', ended' : ''}${source.misread ? `, ${inWords(nameOnly(source.name), source.misread)}` : ''}`,
            role: source.misread ? 'warn' : 'dim',
          }
        : {text: `${source.name}: ${source.because ?? source.state}`, role: 'warn'},
  )
  const more = state.sources.length > 3 ? [{text: `+${state.sources.length - 3} more`, role: 'dim' as const}] : []
  return [...shown, ...more, ...countsSince(state)]
}
