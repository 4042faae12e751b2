import type {Reason} from './reason-row.ts'

/** What the gateway itself answers to a web request, or to the request that would have opened a WebSocket. No log line tells of these. */
export const httpReasons = {
  'http-401': {
    layer: 'gateway',
    authFailure: true,
    alias: ['401'],
    also: ['unauthorized'],
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The gateway refused a web request because its token is missing or wrong. The log has no line of it; a 401 that the log does show comes from a model provider.',
    fixes: ['propagate', 'verify'],
    todo: 'Give the caller (a script, a webhook, a scraper) the current gateway token as `Authorization: Bearer …`.',
    example: 'HTTP/1.1 401 Unauthorized',
  },
  'http-403': {
    layer: 'gateway',
    alias: ['403'],
    since: '2026.8.2',
    sure: 'certain',
    means:
      'The request carried headers of a proxy but came from an address that is not known as one, so it got no connection. The log has one hint and no line per request.',
    fixes: [],
    todo: 'List the address of the proxy, and only that, in gateway.trustedProxies, and let it overwrite the forwarded headers of its callers.',
    example: 'HTTP/1.1 403 Forbidden',
  },
  'http-429': {
    layer: 'gateway',
    authFailure: true,
    alias: ['429'],
    since: '2026.2.26',
    sure: 'certain',
    means:
      'Too many web requests from this address came with a wrong token, so the gateway locks it out for a while. Until that ends even the right token is refused.',
    fixes: ['propagate', 'verify'],
    todo: 'Stop the caller, give it the right token, and wait as long as the Retry-After header of the answer says.',
    example: 'HTTP/1.1 429 Too Many Requests',
  },
  'http-503': {
    layer: 'lifecycle',
    alias: ['503'],
    since: '2026.2.26',
    sure: 'certain',
    means:
      'The gateway is starting or stopping, or too many connections wait for their sign-in, so it takes no new one. This is no refusal of the token.',
    fixes: ['restart'],
    todo: 'Wait a minute. If the gateway runs and it goes on, something opens connections without signing in: find it among the attempts.',
    example: 'HTTP/1.1 503 Service Unavailable',
  },
} as const satisfies Record<string, Reason>
