import type {Reason} from './row.ts'

/**
 * What became of a chat channel (Telegram, WhatsApp and their like), by its own login and its own connection: the third layer, apart
 * from the gateway's clients and from the model providers. Text patterns: first match wins, specific above general.
 */
export const channelReasons = {
  'channel-logged-out': {
    layer: 'channel',
    authFailure: true,
    isLasting: true,
    text: /session logged out|channel (?:exited|startup failed)\b.{0,600}\blogged ?out\b|^whatsapp: channel exited.{0,600}\b401\b/is,
    since: '2026.1.29',
    sure: 'likely',
    means:
      'The account of this channel is signed out: its linked device was removed on the phone, or the service ended the session. No message comes in or goes out until it is linked again.',
    fixes: [],
    tryThis:
      'Link it again: `openclaw channels login --channel <channel>`, and scan the code with the phone. The gateway token and the model logins are fine.',
    example: '2026-11-21T10:00:00.000+00:00 [whatsapp] [default] WhatsApp session logged out. Run: openclaw channels login',
  },
  'channel-token-refused': {
    layer: 'channel',
    authFailure: true,
    isLasting: true,
    text: /channel (?:exited|startup failed)\b.{0,600}(?:\b401\b|unauthori[sz]ed|invalid_auth|not_authed|token_revoked|account_inactive|\b4004\b|authentication failed)|bot token unauthorized|getMe returned 401|'\w+' failed! \(401: Unauthorized\)/is,
    also: ['invalid_auth'],
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The chat service refuses the bot token of this channel: it was revoked, mistyped, or belongs to another bot. The gateway does not try again until the token changes.',
    fixes: [],
    tryThis:
      'Take the current token from the service (Telegram: BotFather) and set it where it is set now: channels.<channel> in the config, its file or its variable. A gateway token does not help.',
    example:
      '{"0":"{\\"subsystem\\":\\"channels/telegram\\"}","1":"[default] channel exited: Telegram bot token unauthorized for account \\"default\\" (getMe returned 401 from Telegram; source: config token). Update channels.telegram.botToken, channels.telegram.tokenFile, or TELEGRAM_BOT_TOKEN with the current BotFather token.","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-12-01T05:11:09.926Z","logLevelId":5,"logLevelName":"ERROR","name":"{\\"subsystem\\":\\"channels/telegram\\"}","parentNames":["openclaw"]},"time":"2026-12-01T05:11:09.926+00:00","hostname":"vm","message":"[default] channel exited: Telegram bot token unauthorized for account \\"default\\" (getMe returned 401 from Telegram; source: config token). Update channels.telegram.botToken, channels.telegram.tokenFile, or TELEGRAM_BOT_TOKEN with the current BotFather token."}',
  },
  'channel-used-elsewhere': {
    layer: 'channel',
    isLasting: true,
    text: /terminated by other getUpdates|session conflict|\bstatus[ =]440\b/i,
    since: '2026.1.29',
    sure: 'likely',
    means:
      'Another program works with the same account of this channel, and the service lets only one in. Often it is a second gateway, or an old one that still runs elsewhere.',
    fixes: [],
    tryThis: 'End the other one, or give each its own bot or linked device; then `gatecrab restart` if the channel stays down.',
    example:
      "2026-11-21T10:00:00.000+00:00 [telegram] [default] channel exited: Call to 'getUpdates' failed! (409: Conflict: terminated by other getUpdates request; make sure that only one bot instance is running)",
  },
  'channel-ingress-unavailable': {
    layer: 'channel',
    isLasting: true,
    text: /ingress-unavailable|durable ingress queue/i,
    since: '2026.8.1',
    sure: 'likely',
    means:
      'The channel is connected and takes no message in: its queue for what comes in could not be opened. Sending may still work, so it looks healthy.',
    fixes: [],
    tryThis:
      'See `openclaw channels status`, and the lines around it for what failed: the disk, a permission, or a plugin that was denied.',
    example:
      '2026-11-21T10:00:00.000+00:00 [health-monitor] [slack:default] health-monitor: restarting (reason: ingress-unavailable)',
  },
  'channel-gave-up': {
    layer: 'channel',
    isLasting: true,
    text: /giving up after \d+ restart attempts|terminal.disconnect|restarts\/hour limit/,
    since: '2026.2.26',
    sure: 'certain',
    means:
      'The gateway has stopped to restart this channel by itself: it failed too often, or in a way that a restart does not mend. No message comes in until it is started again.',
    fixes: ['restart'],
    tryThis:
      'Look at the lines before it for the cause, and mend that. Then `gatecrab restart`, and `openclaw channels status` shows whether it holds.',
    example: '2026-11-21T10:00:00.000+00:00 [telegram] [default] giving up after 10 restart attempts',
  },
  'channel-network': {
    layer: 'channel',
    text: /channel (?:exited|startup failed)\b.{0,600}(?:fetch failed|network|timed? ?out|Bad Gateway|temporarily unhealthy|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONN\w+|E(?:NET|HOST)UNREACH|UND_ERR)/is,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The channel lost its way to the chat service: the network, DNS, or the service itself. The gateway starts it again, up to ten times, waiting longer each time.',
    fixes: [],
    tryThis: 'Wait a minute. If it goes on, check the network of the gateway host; the login of the channel is most likely good.',
    example:
      '2026-11-21T10:00:00.000+00:00 [telegram] [default] channel exited: telegram transport attempt temporarily unhealthy; retry after 9972ms | Telegram ingress worker exited with code 1',
  },
  'channel-restarted': {
    layer: 'channel',
    text: /health-monitor: (?:restarting|restart failed)/,
    since: '2026.2.26',
    sure: 'certain',
    means:
      'The health monitor of the gateway found this channel stopped, stuck or cut off, and starts it again. Once is nothing; every ten minutes means that it does not come back.',
    fixes: ['restart'],
    tryThis:
      '`openclaw channels status` shows whether it holds. If the same line comes again and again, `gatecrab restart` frees it.',
    example:
      '2026-11-21T10:00:00.000+00:00 [health-monitor] [telegram:default] health-monitor: restarting (reason: disconnected)',
  },
  'channel-exited': {
    layer: 'channel',
    text: /channel (?:exited|startup failed)\b/,
    since: '2026.1.29',
    sure: 'certain',
    means: 'The channel ended, for the reason that its line gives. The gateway starts it again by itself, up to ten times.',
    fixes: [],
    tryThis: 'Read the line: it names what failed. `openclaw channels status` shows whether the channel is back.',
    example: '2026-11-21T10:00:00.000+00:00 [discord] [default] channel exited: Failed to resolve Discord application id',
  },
} as const satisfies Record<string, Reason>
