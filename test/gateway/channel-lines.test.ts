import {expect, test} from 'vitest'
import {channelReasonOf} from '../../src/domain/reasons/reason.ts'
import {mayHoldEvent} from '../../src/gateway/lines/fast/prefilter.ts'
import {readLogLine} from '../../src/gateway/lines/log-line.ts'

const now = Date.parse('2026-11-21T12:00:00Z')

const line = (subsystem: string, text: string): string =>
  `{"0":"{\\"subsystem\\":\\"${subsystem}\\"}","1":${JSON.stringify(text)},"_meta":{"logLevelName":"ERROR","name":"{\\"subsystem\\":\\"${subsystem}\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:00:00.000Z"}`

const reasonIn = (raw: string): string | null => {
  const {event} = readLogLine(raw, {file: 'x', line: 1}, 0, now)
  return event?.kind === 'channel-trouble' ? `${event.channel}/${event.account} ${channelReasonOf(event)}` : (event?.kind ?? null)
}

/** Words of openclaw/openclaw threads 5570, 17474, 57107, 83264, 88640, 94008, 100101, 110802, 142256, and of the releases 6.11 and 9.6. */
test.each([
  [
    'gateway/channels/telegram',
    "[default] channel exited: Call to 'getMe' failed! (401: Unauthorized)",
    'telegram/default channel-token-refused',
  ],
  ['channels/slack', '[work] channel exited: An API error occurred: invalid_auth', 'slack/work channel-token-refused'],
  [
    'gateway/channels/dingtalk',
    '[default] channel exited: Request failed with status code 401',
    'dingtalk/default channel-token-refused',
  ],
  [
    'gateway/channels/whatsapp',
    '[default] WhatsApp session logged out. Run: openclaw channels login',
    'whatsapp/default channel-logged-out',
  ],
  [
    'gateway/channels/whatsapp',
    '[default] channel exited: {"error":{"output":{"statusCode":401}}}',
    'whatsapp/default channel-logged-out',
  ],
  ['gateway/channels/telegram', '[receipts] giving up after 10 restart attempts', 'telegram/receipts channel-gave-up'],
  ['channels/telegram', '[default] auto-restart skipped, terminal disconnect', 'telegram/default channel-gave-up'],
  [
    'channels/telegram',
    '[default] channel exited: Bad Gateway | Telegram ingress worker exited with code 1',
    'telegram/default channel-network',
  ],
  ['channels/discord', '[discord] channel startup failed: fetch failed', 'discord/null channel-network'],
  ['channels/discord', '[default] channel exited: Failed to resolve Discord application id', 'discord/default channel-exited'],
  [
    'gateway/health-monitor',
    '[telegram:default] health-monitor: restarting (reason: stuck)',
    'telegram/default channel-restarted',
  ],
  [
    'gateway/health-monitor',
    '[slack:default] health-monitor: restarting (reason: ingress-unavailable)',
    'slack/default channel-ingress-unavailable',
  ],
  [
    'gateway/health-monitor',
    '[telegram:default] health-monitor: hit 10 restarts/hour limit, skipping',
    'telegram/default channel-gave-up',
  ],
  [
    'gateway/health-monitor',
    '[telegram:default] health-monitor: skipping restart, terminal-disconnect',
    'telegram/default channel-gave-up',
  ],
  ['channels/telegram', '[default] starting provider (@demo_bot)', 'channel-starting'],
])('%s: %s', (subsystem, text, reason) => {
  expect(reasonIn(line(subsystem, text))).toBe(reason)
  expect(mayHoldEvent(new TextEncoder().encode(line(subsystem, text)), 0)).toBe(true)
})

test.each([
  ['gateway/health-monitor', 'started (interval: 300s, startup-grace: 60s, channel-connect-grace: 120s)'],
  ['gateway/health-monitor', '[telegram:default] health-monitor: channel autostart suppressed; treating as expected stopped'],
  ['channels/telegram', '[default] auto-restart attempt 2/10 in 10s'],
  ['channels/telegram', 'Plugin command "/dashboard" conflicts with an existing Telegram command.'],
])('no trouble: %s %s', (subsystem, text) => {
  expect(reasonIn(line(subsystem, text))).toBeNull()
})

test.each([
  [
    '[SECRETS_DEGRADED] cold route:~/.openclaw/agents/flash/agent/openclaw-agent.sqlite: secret resolution failed. Retry: openclaw secrets reload.',
    {
      kind: 'secrets-degraded',
      owner: 'route:~/.openclaw/agents/flash/agent/openclaw-agent.sqlite',
      state: 'cold',
      because: 'secret resolution failed.',
    },
  ],
  [
    '[SECRETS_PROVIDER_DEGRADED] exec:vault: secret provider failed. Affected owners: stale account:slack:work, stale provider:openai. Retry: openclaw secrets reload.',
    {kind: 'secrets-degraded', owner: 'exec:vault', state: 'stale'},
  ],
  [
    '[SECRETS_RELOADER_DEGRADED] SecretRefResolutionError: Environment variable "QCLAW_LLM_API_KEY" is missing or empty.',
    {kind: 'secrets-degraded', owner: null, state: null},
  ],
  ['[SECRETS_RELOADER_RECOVERED] Secret resolution recovered.', {kind: 'secrets-recovered'}],
  [
    '[SECRETS_GATEWAY_AUTH_SURFACE] gateway.auth.token is active. gateway.auth.mode is "token".',
    {kind: 'secrets-surface', path: 'gateway.auth.token', isActive: true, because: 'gateway.auth.mode is "token".'},
  ],
])('of the secrets: %s', (text, event) => {
  expect(readLogLine(line('gateway/secrets', text), {file: 'x', line: 1}, 0, now).event).toMatchObject(event)
  expect(readLogLine(`2026-11-21T10:00:00.000+00:00 [secrets] ${text}`, {file: 'x', line: 1}, 0, now).event).toMatchObject(event)
})

test('strangers cannot draw with the name of an account, nor with the words of an error', () => {
  const {event} = readLogLine(
    line('channels/telegram', '[a\u001b[2Jb] channel exited: \u001b]52;c;aGk=\u0007x'),
    {file: 'x', line: 1},
    0,
    now,
  )
  expect(JSON.stringify(event)).not.toContain('\\u001b')
})
