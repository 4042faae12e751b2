import {openingState, type State} from '../../src/app/state.ts'
import {update} from '../../src/app/update.ts'
import type {LogLine} from '../../src/domain/attempts/event.ts'
import type {ConfigValidation} from '../../src/domain/diagnosis/config-problems.ts'
import type {PlansState} from '../../src/domain/diagnosis/plan-problems.ts'
import {type ListenerVerdict, notAsked, type Reach} from '../../src/domain/live/listener.ts'
import {createLiveNow, type LiveNow, refreshLive} from '../../src/domain/live/live-state.ts'
import {initialObserved, type Observed} from '../../src/domain/live/observed.ts'
import type {SocketTable} from '../../src/domain/live/socket.ts'
import type {LogSource} from '../../src/domain/log-source.ts'
import type {Profile} from '../../src/domain/logins/profile.ts'
import type {ServiceFacts} from '../../src/domain/service/service.ts'
import {profileOf} from '../domain/profile-builder.ts'
import {copy, takes} from '../domain/token-copies.ts'
import {captures, rawLines, readLines} from './captures.ts'

/** One state of things: what every face of the program is given, and what stands beside the log. */
export type Moment = {
  name: string
  lines: readonly LogLine[]
  now: number
  sources: readonly LogSource[]
  live: LiveNow | null
  service: ServiceFacts | null
  copies: State['copies']
  profiles: State['profiles']
  config: ConfigValidation | null
  plans: PlansState | null
  reach: Reach
}

const port = 18_789
const file = 'gateway.jsonl'

const reading = (lines: readonly LogLine[]): LogSource[] => [
  {name: file, state: 'reading', because: null, lastLineAt: lines.at(-1)?.at ?? null},
]

const ofLog = (name: string, lines: readonly LogLine[], now: number): Moment => ({
  ...{name, lines, now, sources: reading(lines), reach: notAsked},
  ...{live: null, service: null, copies: null, profiles: null, config: null, plans: null},
})

const minute = 60_000

/** Each capture at its beginning, its middle, its end, and when an hour has passed without a line. */
const ofCaptures: readonly Moment[] = captures.flatMap(({name, jsonl}) => {
  const all = readLines(rawLines(jsonl), file)
  const lastAt = all.at(-1)?.at ?? 0
  const part = (share: number) => all.slice(0, Math.max(1, Math.round(all.length * share)))
  const upTo = (share: number) => (part(share).at(-1)?.at ?? 0) + 500
  return [
    ofLog(`${name}: its beginning`, part(0.25), upTo(0.25)),
    ofLog(`${name}: its middle`, part(0.55), upTo(0.55)),
    ofLog(`${name}: its end`, all, lastAt + 3000),
    ofLog(`${name}: eight minutes after`, all, lastAt + 8 * minute),
    ofLog(`${name}: an hour after`, all, lastAt + 61 * minute),
  ]
})

const linesOf = (release: string, story: string, share = 1): LogLine[] => {
  const found = captures.find(one => one.release === release && one.story === story)
  const all = found ? readLines(rawLines(found.jsonl), file) : []
  return all.slice(0, Math.round(all.length * share))
}

/** A gateway that runs and refuses some, as its log stands in the middle. */
const busyLog = linesOf('2026.9.6', 'default-level', 0.6)
/** One that has just come up, and refused nobody. */
const calmLog = linesOf('2026.9.6', 'default-level')
  .filter(({event}) => event === null || !('facts' in event))
  .slice(0, 12)
const stoppedLog = linesOf('2026.9.6', 'default-level')

const endOf = (lines: readonly LogLine[]): number => lines.at(-1)?.at ?? Date.parse('2026-11-21T12:00:00Z')

const tableAt = (at: number, isListening: boolean, problem: string | null = null): SocketTable => ({
  ...{problem, at, port, connections: [], tookMs: 1},
  listeners: isListening ? [{pid: 100, process: 'openclaw-gateway', user: 'ops', host: '127.0.0.1'}] : [],
})

const isGateway: ListenerVerdict = {is: 'gateway', because: 'openclaw-gateway, pid 100', listener: null}

const liveAt = (at: number, more: Partial<LiveNow>, observed: Partial<Observed> | null = null): LiveNow => ({
  ...createLiveNow(1),
  table: tableAt(at, true),
  listener: isGateway,
  observed: observed && {...initialObserved(at - minute), ...observed},
  ...more,
})

const up = (at: number): Partial<Observed> => ({state: 'up', upSince: at - minute, bootedAt: at - 5 * minute, because: 'hello'})
const gone = (at: number, how: 'stopped' | 'restarting' | 'cut' | 'closed'): Partial<Observed> => ({
  state: 'gone',
  because: 'the connection ended',
  lastEnd: {how, code: 1006, text: '', at: at - 2000},
})

const reach = (state: Reach['state'], because: string | null = null): Reach => ({state, because, tookMs: null})
const refusesConnections = reach('down', 'nothing listens on that port')
const answers = reach('up', 'HTTP 200')

type Beside = (now: number) => Partial<Moment>

const listener = (is: ListenerVerdict['is'], now: number): ListenerVerdict => ({
  is,
  because: 'python3, pid 7',
  listener: {pid: 7, program: 'python3', uids: [0], account: 'ops', since: now - minute, host: '127.0.0.1', id: '7'},
})

const profile = (more: Partial<Profile>): Profile => profileOf('anthropic:work', {openclawSays: null, ...more})

const profilesRead = (now: number, profiles: Profile[], exit: 0 | 1 | 2, because: string | null): State['profiles'] => ({
  profiles,
  agents: [{agent: 'main', isRead: true, exit, because, openclaw: null}],
  problems: [],
  isWhole: true,
  at: now,
  logNames: new Map(),
})

const copiesRead = (more: Partial<NonNullable<State['copies']>> = {}): State['copies'] => ({
  copies: [copy('config', 'aaaa', {wins: true, verdict: 'agrees'}), copy('service-env', 'bbbb', {verdict: 'differs'})],
  tokenProblems: [],
  enforced: takes('aaaa…aaaa', {digest: 'aaaa'}),
  at: 0,
  ...more,
})

const plan = (at: number): PlansState => ({
  interrupted: {id: 'p1', fix: 'rotate', at, next: {do: 'finish', words: 'It can be brought to its end.'}, file: '/j'},
  unwritable: null,
})

/** What is known beside the log, by name; each is put beside a log that is calm and one that refuses. */
const besides: readonly (readonly [string, Beside])[] = [
  ['up', now => ({live: liveAt(now, {}, up(now)), reach: answers})],
  ['up by its list of sockets alone', now => ({live: liveAt(now, {}), reach: answers})],
  [
    'up, an hour and a half without a line',
    now => ({now: now + 90 * minute, live: liveAt(now + 90 * minute, {}, up(now + 90 * minute)), reach: answers}),
  ],
  [
    'listening, an hour and a half without a line',
    now => ({now: now + 90 * minute, live: liveAt(now + 90 * minute, {}), reach: answers}),
  ],
  [
    'restarting',
    now => ({
      live: liveAt(now, {table: tableAt(now, false), listener: null}, gone(now, 'restarting')),
      reach: refusesConnections,
    }),
  ],
  [
    'stopped with a word',
    now => ({live: liveAt(now, {table: tableAt(now, false), listener: null}, gone(now, 'stopped')), reach: refusesConnections}),
  ],
  [
    'closed without a word',
    now => ({live: liveAt(now, {table: tableAt(now, false), listener: null}, gone(now, 'closed')), reach: refusesConnections}),
  ],
  [
    'killed',
    now => ({live: liveAt(now, {table: tableAt(now, false), listener: null}, gone(now, 'cut')), reach: refusesConnections}),
  ],
  ['nothing listens', now => ({live: liveAt(now, {table: tableAt(now, false), listener: null}), reach: refusesConnections})],
  [
    'frozen',
    now => ({
      live: liveAt(now, {}, {state: 'frozen', upSince: now - minute, because: 'silent'}),
      reach: reach('silent', 'no answer within 700 ms'),
    }),
  ],
  ['foreign listener', now => ({live: liveAt(now, {listener: listener('foreign', now)}), reach: reach('foreign', 'python3')})],
  ['unproven listener', now => ({live: liveAt(now, {listener: listener('unproven', now)}), reach: answers})],
  ['only the port was asked, and it answers', () => ({reach: answers})],
  ['only the port was asked, and nobody listens', () => ({reach: refusesConnections})],
  ['only the port was asked, and it is silent', () => ({reach: reach('silent', 'no answer within 700 ms')})],
  ['only the port was asked, and it starts', () => ({reach: reach('not-yet', 'HTTP 503')})],
  [
    'the system does not say who listens',
    now => ({live: liveAt(now, {table: tableAt(now, false, 'lsof failed'), listener: null}), reach: answers}),
  ],
  [
    'gatecrab itself is refused',
    now => ({
      live: liveAt(
        now,
        {},
        {state: 'refused', because: 'token mismatch', refusal: {code: 'AUTH_TOKEN_MISMATCH', text: 'x', at: now - 5000}},
      ),
      reach: answers,
    }),
  ],
  [
    'config not parsable',
    now => ({
      live: liveAt(now, {}, up(now)),
      reach: answers,
      config: {file: '/c', changedAt: now - minute, isValid: false, issues: [{path: 'gateway', message: 'expected a brace'}]},
    }),
  ],
  [
    'config not parsable, and nothing listens',
    now => ({
      live: liveAt(now, {table: tableAt(now, false), listener: null}),
      reach: refusesConnections,
      config: {file: '/c', changedAt: now - minute, isValid: false, issues: [{path: 'gateway', message: 'expected a brace'}]},
    }),
  ],
  [
    'config mended',
    now => ({live: liveAt(now, {}, up(now)), reach: answers, config: {file: '/c', changedAt: now, isValid: true, issues: []}}),
  ],
  ['plan interrupted', now => ({live: liveAt(now, {}, up(now)), reach: answers, plans: plan(now - 5 * minute)})],
  [
    'login expired',
    now => ({
      live: liveAt(now, {}, up(now)),
      reach: answers,
      profiles: profilesRead(now, [profile({state: 'expired', expiresAt: now - minute})], 1, 'anthropic:work expired'),
    }),
  ],
  [
    'login ends soon',
    now => ({
      live: liveAt(now, {}, up(now)),
      reach: answers,
      profiles: profilesRead(now, [profile({state: 'expiring', expiresAt: now + minute})], 2, 'anthropic:work ends'),
    }),
  ],
  [
    'a login that nobody uses ends soon',
    now => ({
      live: liveAt(now, {}, up(now)),
      reach: answers,
      profiles: profilesRead(now, [profile({state: 'expiring', inUseBy: [], expiresAt: now + minute})], 0, null),
    }),
  ],
  [
    'login disabled for billing',
    now => ({
      live: liveAt(now, {}, up(now)),
      reach: answers,
      profiles: profilesRead(
        now,
        [profile({blocked: {kind: 'disabled', until: now + 60 * minute, reason: 'billing', model: null}})],
        1,
        'anthropic:work is disabled: billing',
      ),
    }),
  ],
  ['copies agree', now => ({live: liveAt(now, {}, up(now)), reach: answers, copies: copiesRead()})],
  [
    'another copy is in force than should be',
    now => ({
      live: liveAt(now, {}, up(now)),
      reach: answers,
      copies: copiesRead({enforced: takes('bbbb…bbbb', {digest: 'bbbb'})}),
    }),
  ],
  [
    'nobody knows which token is in force',
    now => ({live: liveAt(now, {}, up(now)), reach: answers, copies: copiesRead({enforced: takes(null, {by: 'unknown'})})}),
  ],
  [
    'a variable overrides the config',
    now => ({
      live: liveAt(now, {}, up(now)),
      reach: answers,
      copies: copiesRead({
        copies: [copy('config', 'aaaa'), copy('service-env', 'bbbb', {wins: true, verdict: 'agrees'})],
        enforced: takes('bbbb…bbbb', {digest: 'bbbb'}),
      }),
    }),
  ],
  [
    'any token is taken',
    now => ({
      live: liveAt(now, {}, up(now)),
      reach: answers,
      copies: copiesRead({enforced: takes(null, {acceptsAnything: true})}),
    }),
  ],
  [
    'log unreadable',
    () => ({
      lines: [],
      sources: [{name: '/var/log/gw.log', state: 'unreadable', because: 'permission denied', lastLineAt: null}],
    }),
  ],
  [
    'log missing',
    () => ({lines: [], sources: [{name: '/var/log/gw.log', state: 'missing', because: 'not there yet', lastLineAt: null}]}),
  ],
  ['log empty', () => ({lines: [], sources: reading([])})],
  [
    "another gateway's log",
    () => ({
      lines: [],
      sources: [{name: '/tmp/openclaw/x.log', state: 'of-another', because: 'another gateway wrote it', lastLineAt: null}],
    }),
  ],
  [
    'log folder left out',
    () => ({
      lines: [],
      sources: [{name: '/tmp/openclaw', state: 'left-out', because: 'another account owns it', lastLineAt: null}],
    }),
  ],
  [
    'a folder left out beside a log that is read',
    now => ({
      live: liveAt(now, {}, up(now)),
      reach: answers,
      sources: [
        ...reading(busyLog),
        {name: '/tmp/openclaw', state: 'left-out', because: 'another account owns it', lastLineAt: null},
      ],
    }),
  ],
  [
    'log not understood',
    now => ({
      sources: [
        {name: file, state: 'reading', because: null, lastLineAt: now, misread: {count: 9, first: 1, of: 10, isMajority: true}},
      ],
    }),
  ],
]

const logs = [
  ['a calm log', calmLog],
  ['a log with refusals', busyLog],
  ['a log that ends with a stop', stoppedLog],
] as const

const ofFacts: readonly Moment[] = logs.flatMap(([log, lines]) =>
  besides.map(([name, external]) => {
    const now = endOf(lines) + 2000
    return {...ofLog(`${name}; ${log}`, lines, now), ...external(now)}
  }),
)

export const moments: readonly Moment[] = [...ofCaptures, ...ofFacts]

/** The state of the screen at that moment, as it comes to it: by messages. */
export const stateAt = ({
  lines,
  now,
  sources,
  live,
  service,
  copies,
  profiles,
  config,
  plans,
  reach: answered,
}: Moment): State => {
  const opened = openingState({kind: 'live', host: 'mini', release: null, port, now, readonly: false})
  const heard = update(update(opened, {type: 'lines-received', lines})[0], {type: 'sources-changed', sources})[0]
  const hostEnv = live && refreshLive(live, heard.world, now)
  const facts = service && {facts: service, before: null}
  const expected = {
    ...heard,
    live: hostEnv,
    service: facts,
    copies,
    profiles,
    config,
    plansState: plans,
    reach: answered.state === 'unknown' ? null : answered,
  }
  return update(expected, {type: 'ticked', now})[0]
}
