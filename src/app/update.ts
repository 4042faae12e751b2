import {expirePending, isCaughtUp} from '../domain/world/apply-line.ts'
import {withAlerts} from './alerts.ts'
import {requestShown} from './chosen-device.ts'
import type {Effect} from './effect.ts'
import {copiedText, withEvidence} from './evidence.ts'
import {gatewayStatusOf} from './gateway-status-words.ts'
import {goToTime, soughtOn} from './go-to-time.ts'
import {driven, resumed, withEarlierLines, withLastLines, withLines} from './history.ts'
import {isActivity} from './idle.ts'
import {applyLiveUpdate, movedGateway, refreshConnected} from './live-updates.ts'
import {alertedBy, withProfiles} from './logins/alerts.ts'
import type {Message} from './message.ts'
import {atTop, movedBy, movedTo, searchedOn} from './navigate.ts'
import {chosenIndex, viewPanel} from './panel-view.ts'
import type {CopiesView} from './panels/panel.ts'
import {asked, boardToggled, deviceAsked, planned, renewalAsked} from './plans/planning.ts'
import {moveProblem, muteProblem, openProblem, problemText, showProblemLines, stillMuted} from './problem-list.ts'
import {assessed} from './problems.ts'
import {commandTyped} from './prompt.ts'
import {emptyFilter, parseFilter} from './rows/filter.ts'
import {emptyLogLines, withMore} from './rows/rows.ts'
import {type State, startPlace, withNotice} from './state.ts'
import {closePrompt, editPrompt, forgetFilter, leavePrompt, openPrompt, recallTyped, saveFilter, withFilter} from './typing.ts'
import {wholeLineTexts} from './whole-line.ts'
import {moment, wholeMoment} from './words.ts'
import {rowsToWrite} from './written-rows.ts'

type Next = [State, ...Effect[]]

const maxTimelineEvents = 200
const problemFor = 30_000

/** What was wrong with the config at the start is over when the copies can be read in it. */
const stillProblem = ({problem, problemUntil}: State, {tokenProblems}: CopiesView): State['problem'] =>
  problemUntil === Infinity && !tokenProblems.some(({id}) => id === 'config-unreadable') ? null : problem

const readBack = (state: State, count: number): State =>
  count === 0 ? withNotice(state, 'This is the first line that can be read') : state

const moved = (state: State, by: number): Next => {
  const next = movedBy(state, by)
  const wantsEarlier = by < 0 && state.panel === 'log' && state.evidence === null && atTop(state)
  if (!wantsEarlier || state.readingEarlier) return [next]
  if (!state.hasEarlier) return [readBack(next, 0)]
  return [{...next, readingEarlier: true}, {type: 'read-earlier'}]
}

const earlierRead = (state: State, {lines, hasMore}: Extract<Message, {type: 'earlier-read'}>): Next => {
  const next = withEarlierLines(state, lines, hasMore)
  return state.soughtTime ? soughtOn(next, 'lines') : [readBack(next, lines.length)]
}

const wentBack = (state: State): State => {
  if (state.prompt) return leavePrompt(state)
  if (state.overlay) return {...state, overlay: null}
  if (state.soughtTime) return {...state, soughtTime: null}
  if (state.evidence) return {...state, evidence: null, panel: state.evidence.back}
  if (state.filter.terms.length > 0) return {...state, filter: emptyFilter}
  if (state.boardSince !== null && state.panel === 'clients') return {...state, boardSince: null}
  return withNotice(state, 'q quits')
}

const copiedToClipboard = (state: State, text: string | null): Next =>
  text === null
    ? [withNotice(state, 'There is no row to copy')]
    : [withNotice(state, 'Sent to the clipboard of your terminal (some terminals block that)'), {type: 'copy', text}]

const copied = (state: State): Next => {
  if (state.overlay?.kind === 'problems') return copiedToClipboard(state, problemText(state))
  if (state.overlay?.kind === 'line') return copiedToClipboard(state, wholeLineTexts(state.overlay).join('\n'))
  const found = viewPanel(state, false)
  const index = chosenIndex(found, state.places[state.panel])
  const chosen = found.selectionAt(index)
  return copiedToClipboard(state, chosen && copiedText(state, found, chosen, index))
}

/** From the newest to the older: in the log that is upwards. */
const onward = (state: State): 1 | -1 => (state.panel === 'log' ? -1 : 1)

const entered = (state: State): Next => {
  const {prompt} = state
  if (!prompt) return [state]
  const closed = closePrompt(state, prompt)
  switch (prompt.kind) {
    case 'filter':
      return [withFilter(closed, prompt.text)]
    case 'search': {
      const searching = {...closed, search: parseFilter(prompt.text)}
      return [searchedOn(searching, onward(state)) ?? withNotice(searching, `Nothing here matches “${prompt.text}”`)]
    }
    case 'command': {
      const message = commandTyped(closed, prompt.text)
      return message === null ? [closed] : changed(closed, message)
    }
  }
}

const searched = (state: State, direction: 1 | -1): State =>
  state.search.terms.length === 0
    ? withNotice(state, 'Nothing is searched for: s starts a search')
    : (searchedOn(state, onward(state) === direction ? 1 : -1) ?? withNotice(state, 'Nothing here matches'))

const wentToTime = (state: State, at: number): Next => {
  const {replay} = state
  if (replay === null) return goToTime(state, at)
  const isWithin = at >= replay.from && at <= replay.to
  const text = isWithin
    ? `At ${wholeMoment(at)}`
    : `Not in it: ${wholeMoment(at)}; it goes from ${moment(replay.from, at)} to ${moment(replay.to, at)}`
  const followed = {...state, places: {...state.places, timeline: startPlace}}
  return driven(withNotice(followed, text), {seekTo: at})
}

/** In a replay an event of the timeline is a place to go to. */
const replayEventAt = (state: State): number | null => {
  if (state.replay === null || state.panel !== 'timeline') return null
  const found = viewPanel(state, false)
  return found.timeAt(chosenIndex(found, state.places.timeline))
}

const ticked = (state: State, now: number): State => {
  expirePending(state.world, now, isCaughtUp(now, state.lastActivityAt, state.now))
  const next = refreshConnected(state, now)
  return {
    ...next,
    now,
    muted: stillMuted(next, now),
    assessment: assessed(next, now),
    notice: state.notice && state.notice.until > now ? state.notice : null,
    problem: state.problemUntil > now ? state.problem : null,
  }
}

const changed = (state: State, message: Message): Next => {
  switch (message.type) {
    case 'lines-received':
      return alertedBy(refreshConnected(withLines(state, message.lines), state.now), message.lines)
    case 'earlier-read':
      return earlierRead(state, message)
    case 'history-progressed':
      return [state.readingHistory ? {...state, historyProgress: message.progress} : state]
    case 'history-read':
      return soughtOn(
        {
          ...state,
          world: message.world,
          since: message.since,
          packedArchives: message.packed ?? 0,
          readingHistory: false,
          historyProgress: null,
          worldRevision: state.worldRevision + 1,
        },
        'history',
      )
    case 'sources-changed':
      return [{...state, sources: withLastLines(message.sources, state.sources)}]
    case 'profiles-read':
      return withProfiles(state, message.read)
    case 'copies-read':
      return [{...state, copies: message.read, problem: stillProblem(state, message.read)}]
    case 'devices-read':
      return [{...state, devices: message.read}]
    case 'request-shown':
      return [requestShown(state, message.requestId)]
    case 'observed':
    case 'sockets-read':
    case 'listener-judged':
    case 'process-named':
      return [applyLiveUpdate(state, message)]
    case 'service-read':
      return [{...state, service: {facts: message.facts, before: state.service?.facts ?? null}}]
    case 'trusted-proxies-read':
      state.world.attempts.trustedProxies = message.trustedProxies
      return [state]
    case 'gateway-moved':
      return [movedGateway(state, message)]
    case 'own-port-found':
      state.world.ownPort = message.port
      return [state]
    case 'config-judged':
      return [{...state, config: message.validation}]
    case 'port-asked':
      return [{...state, reach: message.reach}]
    case 'plans-read':
      return [{...state, plansState: message.plans}]
    case 'changes-read':
      return [{...state, externalEvents: {...state.externalEvents, changes: message.timeline}}]
    case 'host-events-read':
      return [
        {
          ...state,
          externalEvents: {
            ...state.externalEvents,
            host: [...state.externalEvents.host, ...message.timeline].slice(-maxTimelineEvents),
          },
        },
      ]
    case 'fix-asked':
      return asked(state, message.fix)
    case 'device-asked':
      return deviceAsked(state, message.request)
    case 'renewal-asked':
      return renewalAsked(state, message.request)
    case 'plan-secret-typed':
    case 'plan-made':
    case 'plan-refused':
    case 'plan-typed':
    case 'plan-scrolled':
    case 'plan-view-asked':
    case 'plan-confirmed':
    case 'plan-entries-read':
    case 'plan-put-away':
    case 'plan-found':
    case 'rotation-recalled':
      return planned(state, message)
    case 'board-toggled':
      return [boardToggled(state)]
    case 'ticked':
      return [ticked(state, message.now)]
    case 'resized':
      return [{...state, size: {columns: message.columns, rows: message.rows}}]
    case 'panel-chosen':
      // The panel that is asked for by name is shown, not the board in its place; b brings that back.
      return [
        {
          ...state,
          panel: message.panel,
          evidence: null,
          overlay: null,
          boardSince: message.panel === 'clients' ? null : state.boardSince,
        },
      ]
    case 'key-pressed':
      return [state.notice ? {...state, notice: null} : state]
    case 'moved':
      return moved(state, message.by)
    case 'moved-to':
      return [movedTo(state, message.end)]
    case 'searched':
      return [searched(state, message.direction)]
    case 'time-asked':
      return wentToTime(state, message.at)
    case 'replay-timeline-read':
      return [{...state, replayTimeline: message.timeline}]
    case 'evidence-asked': {
      const eventAt = replayEventAt(state)
      if (eventAt !== null) return wentToTime(state, eventAt)
      const found = withEvidence(state)
      if (typeof found !== 'string' && found.overlay?.kind === 'line')
        return [found, {type: 'read-line', line: found.overlay.line}]
      return [typeof found === 'string' ? withNotice(state, found) : found]
    }
    case 'went-back':
      return [wentBack(state)]
    case 'pause-toggled':
      return [state.paused ? resumed(state) : {...state, paused: {at: state.now, waiting: []}}]
    case 'expected-toggled':
      return [
        withNotice(
          {...state, hidesExpected: !state.hidesExpected},
          state.hidesExpected ? 'Expected trouble is shown, dimmed' : 'Expected trouble is hidden',
        ),
      ]
    case 'filtered':
      return [withFilter(message.panel === undefined ? state : {...state, panel: message.panel, evidence: null}, message.text)]
    case 'filter-saved':
      return saveFilter(state, message.name)
    case 'filter-forgotten':
      return forgetFilter(state, message.name)
    case 'clients-ordered':
      return [
        {
          ...state,
          ...{panel: 'clients', evidence: null, boardSince: null},
          clientOrder: {...state.clientOrder, ...message.order},
          places: {...state.places, clients: startPlace},
        },
      ]
    case 'filters-cleared':
      return [{...state, filter: emptyFilter, search: emptyFilter, hidesExpected: false}]
    case 'history-asked':
      return [
        {...state, readingHistory: true},
        {type: 'read-history', since: message.since},
      ]
    case 'prompt-opened':
      return [openPrompt(state, message.kind, message.text ?? '')]
    case 'prompt-edited':
      return [editPrompt(state, message)]
    case 'prompt-recalled':
      return [recallTyped(state, message.by)]
    case 'prompt-entered':
      return entered(state)
    case 'overlay-opened':
      return [{...state, overlay: message.overlay}]
    case 'overlay-moved':
      return [
        state.overlay
          ? {
              ...state,
              overlay: {...state.overlay, top: Math.max(0, Math.min(state.overlay.top + message.by, message.last))},
            }
          : state,
      ]
    case 'line-read':
      return [
        state.overlay?.kind === 'line' && state.overlay.line.id === message.id
          ? {...state, overlay: {...state.overlay, raw: message.raw}}
          : state,
      ]
    case 'line-viewed':
      return [{...state, overlay: message.as}]
    case 'rows-write-asked':
      return [state, {type: 'write-rows', file: message.file, rows: rowsToWrite(state)}]
    case 'problem-chosen':
      return [moveProblem(state, message.by)]
    case 'problem-opened':
      return [message.as === 'lines' ? showProblemLines(state) : openProblem(state)]
    case 'problem-muted':
      return [muteProblem(state)]
    case 'report-asked':
      return [state, {type: 'write-report'}]
    case 'copied':
      return copied(state)
    case 'journals-asked':
      return [state, {type: 'list-journals'}]
    case 'journals-listed':
      return [{...state, overlay: {kind: 'journals', lines: message.lines, top: 0}}]
    case 'token-asked':
      return [{...state, overlay: null}, {type: 'copy-token'}]
    case 'replay-driven':
      return driven(state, message.how)
    case 'replay-sought':
      return [
        {
          ...state,
          world: message.world,
          now: message.at,
          log: withMore(emptyLogLines, message.lines, false),
          worldRevision: state.worldRevision + 1,
          replay: state.replay && {...state.replay, at: message.at},
        },
      ]
    case 'replay-played':
      return [withLines(ticked({...state, replay: state.replay && {...state.replay, at: message.at}}, message.at), message.lines)]
    case 'notified':
      return [withNotice(state, message.text)]
    case 'failed':
      // A notice stands in its place for as long as it lasts.
      return [{...state, notice: null, problem: message.problem, problemUntil: state.now + problemFor}]
    case 'mouse-set':
      return [
        withNotice(
          {...state, hasMouse: message.isOn},
          message.isOn
            ? 'A click selects a row or a tab; text is selected with Shift held'
            : 'The mouse is the terminal’s own again: it selects text',
        ),
        {type: 'set-mouse', isOn: message.isOn},
      ]
    case 'suspend-asked':
      return [state, {type: 'suspend'}]
    case 'redraw-asked':
      return [state, {type: 'redraw'}]
    case 'quit':
      return [{...state, ended: true}, {type: 'quit'}]
  }
}

const eventful: ReadonlySet<Message['type']> = new Set([
  'sources-changed',
  'history-read',
  'profiles-read',
  'copies-read',
  'devices-read',
  'service-read',
  'config-judged',
  'gateway-moved',
  'plans-read',
  'port-asked',
  'replay-sought',
])

/** So many are judged within a millisecond, with each batch of lines; more of them once a second. */
const fewClients = 200

const hasNewRefusal = (before: State, {world, worldRevision}: State): boolean =>
  worldRevision !== before.worldRevision &&
  world.clients.byKey.size <= fewClients &&
  world.refused + world.hidden !== before.assessment.attempts

/** Between two ticks it is judged again where something rare was learned, and where the gateway fares otherwise than before. */
const isEventful = (before: State, next: State, {type}: Message): boolean =>
  eventful.has(type) ||
  hasNewRefusal(before, next) ||
  ((next.live !== before.live || next.worldRevision !== before.worldRevision) &&
    gatewayStatusOf(next).is !== next.assessment.gateway.is)

/** State and message -> new state and what to do. The one place where anything changes. */
export const update = (state: State, message: Message): Next => {
  const [next, ...effects] = changed(isActivity(message) ? {...state, lastActivityAt: state.now} : state, message)
  const judged = isEventful(state, next, message) ? {...next, assessment: assessed(next, next.now)} : next
  if (judged.assessment === state.assessment && message.type !== 'changes-read') return [judged, ...effects]
  const [alerted, ...alerts] = withAlerts(state, judged)
  return [alerted, ...effects, ...alerts]
}
