import type {Attempt} from './attempts/attempt.ts'
import type {ProviderEvent} from './attempts/event.ts'
import {type Layer, providerReasonOf, type ReasonId, tabledReason} from './reasons/reason.ts'

type RefusedEntry = {layer: Layer; reason: string; expected: boolean; count: number}
type ProviderEntry = {provider: string; reason: string; count: number}
type ChannelEntry = {channel: string; reason: string; count: number}

/**
 * What was counted since the reading began, and is never forgotten: so it is kept by words of our own tables, since strangers
 * choose theirs. An attempt counts with those that the gateway hid behind it.
 */
export type Ledger = {
  connected: number
  refused: number
  left: number
  hidden: number
  refusals: RefusedEntry[]
  providers: Map<string, ProviderEntry>
  channels: Map<string, ChannelEntry>
  /** The providers that have a name here; the rest are one. */
  named: Set<string>
}

export const createLedger = (): Ledger => ({
  connected: 0,
  refused: 0,
  left: 0,
  hidden: 0,
  refusals: [],
  providers: new Map(),
  channels: new Map(),
  named: new Set(),
})

const entryOf = ({refusals}: Ledger, layer: Layer, reason: string, expected: boolean): RefusedEntry => {
  for (const one of refusals) if (one.reason === reason && one.layer === layer && one.expected === expected) return one
  const entry = {layer, reason, expected, count: 0}
  refusals.push(entry)
  return entry
}

export const countAttempt = (ledger: Ledger, {outcome, reason, layer, expected, alsoHidden}: Attempt): void => {
  const count = 1 + alsoHidden
  ledger.hidden += alsoHidden
  if (outcome === 'connected') ledger.connected += count
  if (outcome !== 'refused' && outcome !== 'left') return
  ledger[outcome] += count
  const entry = entryOf(ledger, layer ?? 'gateway', tabledReason(reason ?? 'unknown'), expected !== null)
  entry.count += count
}

const maxNamed = 24
const plainName = /^[a-z0-9][a-z0-9._-]{0,39}$/

const nameIn = ({named}: Ledger, provider: string | null): string => {
  if (provider === null || !plainName.test(provider)) return 'unknown'
  if (named.size < maxNamed) named.add(provider)
  return named.has(provider) ? provider : 'other'
}

const maxChannels = 64

export const countChannel = ({channels}: Ledger, channel: string, reason: ReasonId): void => {
  const name = plainName.test(channel) ? channel : 'unknown'
  const key = `${name} ${reason}`
  const existing = channels.get(key)
  if (existing) existing.count += 1
  else if (channels.size < maxChannels) channels.set(key, {channel: name, reason, count: 1})
}

export const countProvider = (ledger: Ledger, event: ProviderEvent): void => {
  const entry = {provider: nameIn(ledger, event.provider), reason: providerReasonOf(event), count: 1}
  const key = `${entry.provider} ${entry.reason}`
  const existing = ledger.providers.get(key)
  if (existing) existing.count += 1
  else ledger.providers.set(key, entry)
}
