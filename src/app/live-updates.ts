import {createLiveNow, type LiveNow, refreshLive, withProcess} from '../domain/live/live-state.ts'
import {statusTimelineEvent} from '../domain/plans/external-edits.ts'
import {gatewayStatusOf} from './gateway-status-words.ts'
import type {Message} from './message.ts'
import type {State} from './state.ts'

type LiveUpdate = Extract<Message, {type: 'observed' | 'sockets-read' | 'listener-judged' | 'process-named'}>

const mergeUpdate = (live: LiveNow, news: LiveUpdate): LiveNow => {
  switch (news.type) {
    case 'observed':
      return {...live, observed: news.observed}
    case 'sockets-read':
      return {...live, table: news.table}
    case 'listener-judged':
      return {...live, listener: news.verdict}
    case 'process-named':
      return withProcess(live, news.client, news.owner)
  }
}

/** Recomputes the connected clients after each update; while the screen is paused, so are the rows. */
export const refreshConnected = (state: State, at: number): State =>
  state.live === null || state.paused ? state : {...state, live: refreshLive(state.live, state.world, at)}

const momentOf = (news: LiveUpdate, {now}: State): number => {
  if (news.type === 'observed') return news.at
  return news.type === 'sockets-read' ? Math.max(now, news.table.at) : now
}

const maxStatusEvents = 100

/** What became of the gateway goes onto the timeline where no log can tell it. */
const withStatusChange = (before: State, next: State, at: number): State => {
  const timelineEvent = statusTimelineEvent(gatewayStatusOf(before).is, gatewayStatusOf(next).is, at)
  return timelineEvent
    ? {
        ...next,
        externalEvents: {
          ...next.externalEvents,
          gatewayStatus: [...next.externalEvents.gatewayStatus, timelineEvent].slice(-maxStatusEvents),
        },
      }
    : next
}

const noticeMs = 30_000
const newToken = "The gateway's token was changed; b shows who is back"

const isNewToken = ({live}: State, news: LiveUpdate): boolean =>
  news.type === 'observed' &&
  news.observed.lastEnd?.how === 'token-changed' &&
  news.observed.lastEnd.at !== live?.observed?.lastEnd?.at

export const applyLiveUpdate = (state: State, news: LiveUpdate): State => {
  if (state.live === null) return state
  const next = withStatusChange(
    state,
    refreshConnected({...state, live: mergeUpdate(state.live, news)}, momentOf(news, state)),
    momentOf(news, state),
  )
  return isNewToken(state, news) ? {...next, notice: {text: newToken, until: state.now + noticeMs}} : next
}

/** Nothing that was seen at the old address is true of the new one: who listens there is judged again. */
export const movedGateway = (state: State, {url, port}: {url: string; port: number | null}): State => {
  const {world, live} = state
  if (state.port !== null) world.ports.delete(state.port)
  world.ownPort = null
  world.leftOut = 0
  world.life = {...world.life, port}
  return {
    ...state,
    port,
    live: live && createLiveNow(live.ownPid),
    service: null,
    reach: null,
    notice: {text: `The gateway is at ${url} now; gatecrab follows it there`, until: state.now + noticeMs},
  }
}
