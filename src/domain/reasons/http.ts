import type {Reason} from './row.ts'

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
    tryThis: 'Give the caller (a script, a webhook, a scraper) the current gateway token as `Authorization: Bearer …`.',
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
    tryThis:
      'List the address of the proxy, and only that, in gateway.trustedProxies, and let it overwrite the forwarded headers of its callers.',
    example: 'HTTP/1.1 403 Forbidden',
  },
  'http-404': {
    layer: 'client',
    alias: ['404'],
    since: '2026.1.29',
    sure: 'certain',
    means:
      'Nothing is served at this address of the gateway: the path is misspelt, or its endpoint is switched off. The token was not looked at.',
    fixes: [],
    tryThis:
      'Compare the path with the documentation, and look whether gateway.http.endpoints switches it on. If every path answers so, another program has the port.',
    example: 'HTTP/1.1 404 Not Found',
  },
  'http-413': {
    layer: 'client',
    alias: ['413'],
    also: ['PAYLOAD_TOO_LARGE'],
    since: '2026.9.6',
    sure: 'likely',
    means: 'The web request was larger than the gateway, or a proxy in front of it, takes. The token is not the trouble.',
    fixes: [],
    tryThis:
      'Send less at once: a large file or picture has to go another way. If the proxy says so, raise its limit (nginx: client_max_body_size).',
    example: 'HTTP/1.1 413 Payload Too Large',
  },
  'http-426': {
    layer: 'network',
    alias: ['426'],
    since: '2026.9.6',
    sure: 'likely',
    means:
      'A plain web request came to an address that takes only WebSocket connections. A proxy that drops the Upgrade header turns a good client into such a request.',
    fixes: [],
    tryThis:
      'Let the proxy pass the headers Upgrade and Connection on. A browser or curl at this address gets this answer always.',
    example: 'HTTP/1.1 426 Upgrade Required',
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
    tryThis: 'Stop the caller, give it the right token, and wait as long as the Retry-After header of the answer says.',
    example: 'HTTP/1.1 429 Too Many Requests',
  },
  'http-502': {
    layer: 'network',
    alias: ['502'],
    also: ['504', 'bad-gateway'],
    since: '2026.1.29',
    sure: 'likely',
    means:
      'A proxy between the client and the gateway answered, since it got no answer from the gateway itself. The gateway never says 502, and has seen no sign-in.',
    fixes: [],
    tryThis:
      'See whether the gateway runs and listens where the proxy looks: `gatecrab check` on its host, then the address and port in the config of the proxy.',
    example: 'HTTP/1.1 502 Bad Gateway',
  },
  'http-503': {
    layer: 'lifecycle',
    alias: ['503'],
    text: /Too many unauthenticated sockets|websocket (?:admission closed|handlers unavailable)|^ws upgrade error from /i,
    since: '2026.2.26',
    sure: 'certain',
    means:
      'The gateway is starting or stopping, or more than 32 connections of one address wait for their sign-in, so it takes no new one. This is no refusal of the token.',
    fixes: ['restart'],
    tryThis:
      'Wait a minute. If the gateway runs and it goes on, something opens connections without signing in: find it among the attempts.',
    example: 'HTTP/1.1 503 Service Unavailable',
  },
} as const satisfies Record<string, Reason>
