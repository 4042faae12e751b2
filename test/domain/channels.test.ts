import {describe, expect, test} from 'vitest'
import type {ChannelEvent, GatewayEvent, LogLine} from '../../src/domain/attempts/event.ts'
import {channelProblems, secretProblems} from '../../src/domain/diagnosis/channel-problems.ts'
import {countersOf} from '../../src/domain/diagnosis/log-problems.ts'
import type {Reach} from '../../src/domain/live/listener.ts'
import {applyLine} from '../../src/domain/world/apply-line.ts'
import {createWorld, type World} from '../../src/domain/world/world.ts'
import {readLogLine} from '../../src/gateway/lines/log-line.ts'
import {captured, rawLines} from '../stories/captures.ts'
import {at, read} from './event-builders.ts'

const trouble = (seconds: number, because: string, channel = 'telegram', account: string | null = 'default'): LogLine =>
  read(seconds, {kind: 'channel-trouble', channel, account, because}, {file: 'log', line: seconds})

const starting = (seconds: number): LogLine => read(seconds, {kind: 'channel-starting', channel: 'telegram', account: 'default'})

const worldOf = (...lines: LogLine[]): World => {
  const world = createWorld()
  for (const line of lines) applyLine(world, line)
  return world
}

const problems = (world: World, seconds: number, failing?: readonly string[]) => {
  const reach: Reach = {state: 'up', because: null, tookMs: 1, ...(failing ? {failing} : {})}
  return channelProblems({world, now: at(seconds), reach}).map(({about, harm, title}) => `${harm} ${about} ${title}`)
}

const timelineOf = (world: World) => world.timeline.map(({kind, text}) => `${kind} ${text}`)

const refused = 'channel exited: Unauthorized | Telegram ingress worker exited with code 1'

describe("a channel's own login", () => {
  test('that is refused is broken until the channel has begun again and holds for a minute', () => {
    const world = worldOf(trouble(1, refused), trouble(2, 'auto-restart skipped, terminal disconnect'), starting(100))
    expect(problems(world, 150)).toEqual(['broken telegram/default Channel telegram/default: channel-token-refused'])
    expect(problems(world, 161)).toEqual([])
    expect(timelineOf(world)).toEqual([
      `channel telegram/default: channel-token-refused (${refused})`,
      'channel telegram/default: starting again',
    ])
  })

  test('that WhatsApp refuses with 401 is a logged-out one, with the command that links it again', () => {
    const world = worldOf(
      trouble(1, 'channel exited: {"error":{"output":{"statusCode":401,"error":"Unauthorized"}}}', 'whatsapp'),
    )
    const [problem] = channelProblems({world, now: at(60), reach: null})
    expect(problem).toMatchObject({
      id: 'channel-failing',
      layer: 'channel',
      title: 'Channel whatsapp/default: channel-logged-out',
    })
    expect(problem?.tryThis).toContain('openclaw channels login --channel whatsapp')
  })

  test('is counted apart from the gateway and the model providers', () => {
    const world = worldOf(trouble(1, refused), trouble(2, 'channel exited: fetch failed', 'slack'))
    expect(countersOf(world)).toEqual({gatewayAuthFailures: 0, providerAuthFailures: 0, channelAuthFailures: 1})
  })

  test('is broken weeks later where no line tells that it came back, and is not where the config of the channel was changed', () => {
    const day = 86_400
    const world = worldOf(trouble(1, refused))
    expect(problems(world, 28 * day)).toHaveLength(1)
    applyLine(world, read(28 * day, {kind: 'config-changed', what: 'channels.telegram.botToken'}))
    expect(problems(world, 28 * day)).toEqual([])
  })

  test('is forgotten at a new start of the gateway, and not laid to a gateway that stops', () => {
    const world = worldOf(trouble(1, refused), read(5, {kind: 'gateway-listening', port: null, pid: null}))
    expect(problems(world, 10)).toEqual([])
    applyLine(world, read(20, {kind: 'gateway-stopping', signal: 'SIGTERM', restart: false}))
    applyLine(world, trouble(21, 'channel exited: aborted'))
    expect(problems(world, 22)).toEqual([])
  })
})

describe('a channel that fails for the network', () => {
  test('is a note once, more from the third time, and broken once the gateway has given it up', () => {
    const fails = (n: number) => trouble(n * 10, 'channel exited: fetch failed')
    expect(problems(worldOf(fails(1)), 60)).toEqual(['note telegram/default Channel telegram/default: channel-network'])
    const world = worldOf(fails(1), starting(15), fails(2), starting(25), fails(3))
    expect(problems(world, 60)).toEqual(['soon telegram/default Channel telegram/default: channel-network'])
    applyLine(world, trouble(90, 'giving up after 10 restart attempts'))
    expect(problems(world, 7200)).toEqual(['broken telegram/default Channel telegram/default: channel-gave-up'])
  })

  test('is over after a quarter of an hour without a word of it', () => {
    expect(problems(worldOf(trouble(1, 'channel exited: fetch failed')), 1000)).toEqual([])
  })

  test('writes one row on the timeline while the health monitor repeats itself', () => {
    const monitor = (n: number) => trouble(n * 600, 'health-monitor: restarting (reason: stopped)')
    expect(timelineOf(worldOf(monitor(1), monitor(2), monitor(3)))).toHaveLength(1)
  })
})

describe('what the gateway says of its readiness', () => {
  test('names a channel of which no line was read, and no part of the gateway itself', () => {
    expect(problems(worldOf(), 1, ['telegram', 'agent-database:main', 'startup-sidecars'])).toEqual([
      'broken telegram Channel telegram is not ready',
    ])
  })

  test('adds nothing to a channel whose log tells why, and ends what is over', () => {
    const world = worldOf(trouble(1, 'giving up after 10 restart attempts'))
    expect(problems(world, 60, ['telegram'])).toEqual(['broken telegram/default Channel telegram/default: channel-gave-up'])
    expect(problems(world, 60, [])).toEqual([])
  })

  test('does not end a lost login: a channel that is not linked is not asked to be ready', () => {
    expect(problems(worldOf(trouble(1, 'WhatsApp session logged out.', 'whatsapp')), 60, [])).toHaveLength(1)
  })
})

describe('a secret that is not resolved', () => {
  const degraded = (owner: string | null, state: 'cold' | 'stale' | null): GatewayEvent => ({
    kind: 'secrets-degraded',
    owner,
    state,
    because: 'secret reference was not found.',
  })

  test('is broken where its owner has none, and soon where the old one still serves, in the layer of its owner', () => {
    const world = worldOf(read(1, degraded('account:telegram:default', 'cold')), read(2, degraded('route:main', 'stale')))
    expect(secretProblems({world}).map(({about, layer, harm}) => [about, layer, harm])).toEqual([
      ['account:telegram:default', 'channel', 'broken'],
      ['route:main', 'provider', 'soon'],
    ])
  })

  test('explains the channel that goes without it', () => {
    const world = worldOf(
      read(1, degraded('account:telegram:default', 'cold')),
      trouble(2, 'auto-restart skipped, terminal disconnect'),
    )
    expect(problems(world, 3, ['telegram'])).toEqual([])
  })

  test('is over when OpenClaw says so, or is starting anew', () => {
    const world = worldOf(read(1, degraded(null, null)))
    expect(secretProblems({world})).toHaveLength(1)
    applyLine(world, read(2, {kind: 'secrets-recovered'}))
    expect(secretProblems({world})).toEqual([])
    applyLine(world, read(3, degraded(null, null)))
    applyLine(world, read(4, {kind: 'gateway-starting'}))
    expect(secretProblems({world})).toEqual([])
  })
})

/** A real gateway: see the README of the captures. */
describe('a captured Telegram channel', () => {
  const lines = rawLines(captured('2026.9.6', 'channel.jsonl')).map((raw, i) =>
    readLogLine(raw, {file: 'channel.jsonl', line: i + 1}, 0, Date.parse('2026-12-01T06:00:00Z')),
  )

  test('is told by one kind of row on the timeline, with the secret that it lacked', () => {
    const world = worldOf(...lines)
    const rows = timelineOf(world).filter(row => /^channel|secret/.test(row))
    expect(rows.map(row => row.replace(/ \(.*/, ''))).toEqual([
      'channel telegram/default: channel-token-refused',
      'channel telegram/default: channel-token-refused',
      'trouble secret not resolved for account:telegram:default, cold: secret reference was not found.',
      'channel telegram/default: channel-gave-up',
      'config the secret of gateway.remote.token is not in use: gateway.remote.token: *** is configured.',
      'config all secrets are resolved again',
      'channel telegram/default: channel-token-refused',
    ])
    expect(countersOf(world).channelAuthFailures).toBe(3)
  })

  test('comes to the same from the console of the service', () => {
    const channelEvents = (raw: readonly string[]): ChannelEvent[] =>
      raw.flatMap((line, i) => {
        const {event} = readLogLine(line, {file: 'x', line: i + 1}, 0, Date.parse('2026-12-01T06:00:00Z'))
        return event?.kind === 'channel-trouble' || event?.kind === 'channel-starting' ? [event] : []
      })
    const ofConsole = channelEvents(rawLines(captured('2026.9.6', 'channel.console.log')))
    expect(ofConsole).toEqual(channelEvents(rawLines(captured('2026.9.6', 'channel.jsonl'))))
    expect(ofConsole.length).toBeGreaterThan(5)
  })
})
