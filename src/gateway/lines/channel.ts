import type {ChannelEvent} from '../../domain/attempts/event.ts'
import {clean, present} from '../../domain/clean.ts'
import type {Meta} from './record.ts'

/** `channels/telegram`, of old `gateway/channels/telegram`; a console says `telegram` alone. */
const subsystems = /^(?:(?:gateway\/)?channels\/)?([\w-]{1,40})$/

const maxBecause = 400

/** What a channel's own line begins with, behind its account. */
const troubles =
  /^(?:channel exited|channel startup failed|giving up after \d+ restart attempts|auto-restart skipped, terminal.disconnect|(?:\S{1,40} )?session logged out)/

/** Up to 2026.2.x the error stands beside the text. */
const withError = (text: string, meta: Meta | null): string => {
  const error = text === 'channel exited' ? (meta?.['error'] ?? meta) : null
  return error === null || error === undefined ? text : `${text}: ${JSON.stringify(error)}`
}

const ofChannel = (channel: string, text: string, meta: Meta | null): ChannelEvent | null => {
  const [, name, rest = text] = /^\[([^\]\s]{1,80})\] (.*)$/s.exec(text) ?? []
  const account = name === undefined || name === channel ? null : (present(name) ?? null)
  if (troubles.test(rest)) return {kind: 'channel-trouble', channel, account, because: clean(withError(rest, meta), maxBecause)}
  return account !== null && /^starting\b/i.test(rest) ? {kind: 'channel-starting', channel, account} : null
}

/** `channel autostart suppressed` is somebody's wish, and the rest is about the monitor itself. */
const monitored =
  /^\[([\w-]{1,40}):([^\]\s]{1,80})\] (health-monitor: (?:restarting|restart failed|hit \d+ restarts|skipping restart).*)$/s

const ofMonitor = (text: string): ChannelEvent | null => {
  const [, channel, account, because] = monitored.exec(text) ?? []
  if (channel === undefined || because === undefined) return null
  return {kind: 'channel-trouble', channel, account: present(account) ?? null, because: clean(because, maxBecause)}
}

export const channelLine = (subsystem: string, text: string, meta: Meta | null): ChannelEvent | null => {
  if (subsystem === 'gateway/health-monitor') return ofMonitor(text)
  const channel = subsystems.exec(subsystem)?.[1]
  return channel === undefined ? null : ofChannel(channel, text, meta)
}
