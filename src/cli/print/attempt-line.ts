import {type Attempt, addressOf} from '../../domain/attempts/attempt.ts'
import {type Client, clientStateOf} from '../../domain/attempts/client.ts'
import {nameOf, ownName} from '../../domain/attempts/client-name.ts'
import {iso} from '../moment-flags.ts'
import type {Args} from '../options.ts'
import {attemptJson, clientJson} from './attempt-json.ts'
import {toJson} from './json.ts'
import {foldedForTerminal} from './word-wrap.ts'

/** Below the outcome, beside the time. */
const indent = ' '.repeat(26)

const attemptText = (attempt: Attempt): string => {
  const who = [
    ownName(attempt.client),
    attempt.client.id ?? (ownName(attempt.client) === null ? 'unnamed' : null),
    attempt.client.version,
  ]
    .filter(Boolean)
    .join(' ')
  const hidden = attempt.alsoHidden > 0 ? `  +${attempt.alsoHidden} hidden` : ''
  const what = attempt.detail ?? attempt.reason ?? ''
  return `${iso(attempt.at)}  ${attempt.outcome.padEnd(9)} ${String(attempt.closeCode ?? '').padEnd(4)} ${what.padEnd(26)} ${who.padEnd(26)} ${addressOf(attempt) ?? ''}${hidden}`
}

const clientText = (client: Client, now: number): string => {
  const counts = `${client.attempts} attempts, ${client.refused} refused${client.hidden > 0 ? `, ${client.hidden} hidden` : ''}`
  return `${iso(client.lastAt)}  ${clientStateOf(client, now).padEnd(8)} ${nameOf(client).padEnd(26)} ${(addressOf(client) ?? '').padEnd(16)} ${counts}  ${client.lastReason ?? ''}`
}

/** One line for a person or, with --json, for a script. */
export const attemptLine = (attempt: Attempt, args: Args): string =>
  args.flag('json') ? toJson(attemptJson(attempt)) : foldedForTerminal(attemptText(attempt).trimEnd(), indent)

export const clientLine = (client: Client, now: number, args: Args): string =>
  args.flag('json') ? toJson(clientJson(client, now)) : foldedForTerminal(clientText(client, now).trimEnd(), indent)
