import {type LiveNow, lookedAround, newLiveNow, withProcess} from '../domain/live/live-now.ts'
import {fateMark} from '../domain/mark-beside.ts'
import {nowOf} from './gateway-words.ts'
import type {Message} from './message.ts'
import type {State} from './state.ts'

type News = Extract<Message, {type: 'observed' | 'sockets-read' | 'listener-judged' | 'process-named'}>

const learned = (live: LiveNow, news: News): LiveNow => {
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

/** Who is in is asked again after each piece of news; while the screen is held still, its rows are, too. */
export const lookedAgain = (state: State, at: number): State =>
  state.live === null || state.paused ? state : {...state, live: lookedAround(state.live, state.world, at)}

const momentOf = (news: News, {now}: State): number => {
  if (news.type === 'observed') return news.at
  return news.type === 'sockets-read' ? Math.max(now, news.table.at) : now
}

const mostFates = 100

/** What became of the gateway goes onto the timeline where no log can tell it. */
const withFate = (before: State, next: State, at: number): State => {
  const mark = fateMark(nowOf(before).is, nowOf(next).is, at)
  return mark ? {...next, beside: {...next.beside, fate: [...next.beside.fate, mark].slice(-mostFates)}} : next
}

const toldFor = 30_000
const newToken = "The gateway's token was changed; b shows who is back"

const isNewToken = ({live}: State, news: News): boolean =>
  news.type === 'observed' &&
  news.observed.lastEnd?.how === 'token-changed' &&
  news.observed.lastEnd.at !== live?.observed?.lastEnd?.at

export const listened = (state: State, news: News): State => {
  if (state.live === null) return state
  const next = withFate(
    state,
    lookedAgain({...state, live: learned(state.live, news)}, momentOf(news, state)),
    momentOf(news, state),
  )
  return isNewToken(state, news) ? {...next, told: {text: newToken, until: state.now + toldFor}} : next
}

/** Nothing that was seen at the old address is true of the new one: who listens there is judged anew. */
export const movedGateway = (state: State, {url, port}: {url: string; port: number | null}): State => {
  const {world, live} = state
  if (state.port !== null) world.ports.delete(state.port)
  world.ownPort = null
  world.leftOut = 0
  world.life = {...world.life, port}
  return {
    ...state,
    port,
    live: live && newLiveNow(live.ownPid),
    service: null,
    reach: null,
    told: {text: `The gateway is at ${url} now; gatecrab follows it there`, until: state.now + toldFor},
  }
}
