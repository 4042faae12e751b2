import type {Reason} from './row.ts'

/**
 * What a model provider said to the gateway: never a refusal by the gateway, though both say "Unauthorized". The subsystem
 * of the line tells them apart. Text patterns: first match wins, specific above general.
 */
export const providerReasons = {
  'provider-model-fallback': {
    layer: 'provider',
    text: /^model fallback decision/,
    since: '2026.3.13',
    sure: 'certain',
    means:
      'A model did not answer as it should, and the agent goes on to the next one on its list. The line says which failed and why (reason=, status=).',
    fixes: [],
    tryThis:
      'Look at what the first model lacked: the lines just above tell. While fallbacks work, answers come from another model than you chose.',
    example:
      '{"0":"{\\"subsystem\\":\\"model-fallback/decision\\"}","1":{"event":"model_fallback_decision","tags":["error_handling","model_fallback","candidate_failed"],"runId":"f68171fa-d2b2-4199-b47c-5724eb1bb87b","sessionId":"42efd088-b0ac-45d7-a0e2-be55f0f39013","decision":"candidate_failed","requestedProvider":"acme","requestedModel":"bad-key","candidateProvider":"acme","candidateModel":"bad-key","candidateRouteOrigin":"requested","candidateRouteResolution":"resolved","attempt":1,"total":2,"reason":"auth","status":401,"errorPreview":"401 Incorrect API key provided","errorHash":"sha256:2fff8b3e0ea8","fallbackStepType":"fallback_step","fallbackStepFromModel":"acme/bad-key","fallbackStepToModel":"acme/limited","fallbackStepFromFailureReason":"auth","fallbackStepFromFailureDetail":"401 Incorrect API key provided","fallbackStepChainPosition":1,"fallbackStepFinalOutcome":"next_fallback","nextCandidateProvider":"acme","nextCandidateModel":"limited","nextCandidateRouteOrigin":"configured-fallback","nextCandidateRouteResolution":"resolved","isPrimary":true,"requestedModelMatched":true,"fallbackConfigured":true},"2":"model fallback decision","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:30:06.837Z","logLevelId":4,"logLevelName":"WARN","name":"{\\"subsystem\\":\\"model-fallback/decision\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:30:06.837+00:00","hostname":"vm","message":"model fallback decision","session_id":"42efd088-b0ac-45d7-a0e2-be55f0f39013","traceId":"6c95b0d82810fa8948c182e31a9115af","spanId":"ae730eabeb867c50","traceFlags":"01"}',
  },
  'provider-all-models-failed': {
    layer: 'provider',
    text: /All models failed \(\d+\)/,
    since: '2026.1.29',
    sure: 'certain',
    means: 'None of the models on the list could answer, so the agent gave up on this turn. The line names the trouble of each.',
    fixes: ['renew'],
    tryThis:
      'Mend the first one that is named. If they all belong to one provider, a bad login there blocks them all: add a fallback elsewhere.',
    example:
      '{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","1":"⇄ res ✗ agent errorCode=UNAVAILABLE errorMessage=All models failed (2): acme/bad-key: 401 Incorrect API key provided (auth) | acme/limited: Couldn\'t sign in to acme. Your saved login looks expired or no longer works. `openclaw configure`. (Inline API key for provider \\"acme\\" is temporarily... runId=f68171fa-d2b2-4199-b47c-5724eb1bb87b error=All models failed (2): acme/bad-key: 401 Incorrect API key provided (auth) | acme/limited: Couldn\'t sign in to acme. Your saved login looks expired or no longer works. `openclaw configure`. (Inline API key for provider \\"acme\\" is temporarily... conn=7b90e116…0f48 id=2:1be77d82-e…0227","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:30:07.283Z","logLevelId":3,"logLevelName":"INFO","name":"{\\"subsystem\\":\\"gateway/ws\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:30:07.283+00:00","hostname":"vm","message":"⇄ res ✗ agent errorCode=UNAVAILABLE errorMessage=All models failed (2): acme/bad-key: 401 Incorrect API key provided (auth) | acme/limited: Couldn\'t sign in to acme. Your saved login looks expired or no longer works. `openclaw configure`. (Inline API key for provider \\"acme\\" is temporarily... runId=f68171fa-d2b2-4199-b47c-5724eb1bb87b error=All models failed (2): acme/bad-key: 401 Incorrect API key provided (auth) | acme/limited: Couldn\'t sign in to acme. Your saved login looks expired or no longer works. `openclaw configure`. (Inline API key for provider \\"acme\\" is temporarily... conn=7b90e116…0f48 id=2:1be77d82-e…0227","traceId":"6c95b0d82810fa8948c182e31a9115af","spanId":"ae730eabeb867c50","traceFlags":"01"}',
  },
  'provider-no-api-key': {
    layer: 'provider',
    authFailure: true,
    text: /No API key found for provider|missing-provider-auth/,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The agent found no login that it can use for this provider. There is none, it has expired, or its renewal failed: the log words all three alike.',
    fixes: ['renew'],
    tryThis:
      'See in Profiles which it is. Then sign in again (`openclaw models auth login --provider <provider>`) or give it a key; the network must be up.',
    example:
      'lane task error: lane=main durationMs=1251 error="No API key found for provider "anthropic". Auth store: ~/.openclaw/agents/main/agent/openclaw-agent.sqlite (agentDir: ~/.openclaw/agents/main/agent)."',
  },
  'provider-refresh-token-reused': {
    layer: 'provider',
    isRenewal: true,
    authFailure: true,
    text: /refresh_token_reused|refresh token has already been used/i,
    why: ['refresh_token_reused'],
    since: '2026.1.29',
    sure: 'likely',
    means:
      'The refresh token of this login had been used before: two agents, two machines or another program share one login, and one of them renewed it first. The login is lost here.',
    fixes: ['renew'],
    tryThis:
      'Sign in again: `openclaw models auth login --provider <provider>`. Then give each agent and machine a login of its own, or keep one shared store; else it happens again.',
    example:
      'OAuth token refresh failed for openai-codex: OpenAI Codex token refresh failed (401): { "error": { "message": "Your refresh token has already been used to generate a new access token. Please try signing in again.", "code": "refresh_token_reused" } }. Please try again or re-authenticate.',
  },
  'provider-refresh-expired': {
    layer: 'provider',
    isRenewal: true,
    authFailure: true,
    text: /refresh_token_expired|OAuth token refresh failed.{1,400}token_expired/is,
    why: ['refresh_token_expired'],
    since: '2026.1.29',
    sure: 'likely',
    means:
      'The sign-in itself has run out: its refresh token was too old, as happens where a login is not used for weeks. Nothing but a new sign-in mends that.',
    fixes: ['renew'],
    tryThis:
      'Sign in again: `openclaw models auth login --provider <provider>`. If it ends at once again, compare `date -u` with the true time, and update OpenClaw.',
    example:
      'OAuth token refresh failed for openai-codex: OpenAI Codex token refresh failed (401): { "error": { "message": "Could not validate your token. Please try signing in again.", "type": "invalid_request_error", "param": null, "code": "token_expired" } }. Please try again or re-authenticate.',
  },
  'provider-refresh-revoked': {
    layer: 'provider',
    isRenewal: true,
    authFailure: true,
    text: /\binvalid_grant\b|token_invalidated|invalid[_ ]refresh[_ ]token|expired or revoked|OAuth token refresh failed.{1,400}\brevoked\b/is,
    why: ['invalid_grant', 'token_invalidated', 'invalid_refresh_token', 'revoked'],
    also: ['refresh_token_invalidated'],
    since: '2026.1.29',
    sure: 'likely',
    means:
      'The provider takes the refresh token of this login no more (invalid_grant). The sign-in was revoked, replaced by a newer one, or the password or plan of the account changed.',
    fixes: ['renew'],
    tryThis:
      'Sign in again: `openclaw models auth login --provider <provider>`. If it comes back, look in the account for signed-out devices, and for a limit on how many sign-ins it keeps.',
    example:
      'OAuth token refresh failed for google-gemini-cli: { "error": "invalid_grant", "error_description": "Bad Request" }. Please try again or re-authenticate.',
  },
  'provider-refresh-sign-in-again': {
    layer: 'provider',
    isRenewal: true,
    authFailure: true,
    text: /sign_in_again|OAuth token refresh failed.{1,400}(?:sign(?:ing)? in again|log in again)/is,
    why: ['sign_in_again'],
    since: '2026.1.29',
    sure: 'likely',
    means:
      'The provider asks for a new sign-in and does not say why. The old one may have run out, or the account may want its owner to confirm something.',
    fixes: ['renew'],
    tryThis:
      'Open the account at the provider in a browser and see whether it asks for something; then `openclaw models auth login --provider <provider>`.',
    example:
      'OAuth token refresh failed for openai: Your session has ended. Please log in again. Please try again or re-authenticate.',
  },
  'provider-refresh-network': {
    layer: 'provider',
    isRenewal: true,
    authFailure: true,
    text: /OAuth token refresh failed.{1,400}(?:fetch failed|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONN(?:REFUSED|RESET)|ENETUNREACH|EHOSTUNREACH|UND_ERR|timed? ?out|socket hang up|network)/is,
    since: '2026.1.29',
    sure: 'certain',
    means:
      'The provider was not reached when this login had to be renewed: the network, DNS or a proxy failed. Up to 2026.9.3 the login is unharmed; from 2026.9.4 on OpenClaw gives it up.',
    fixes: ['renew'],
    tryThis:
      'Mend the network of the gateway host first. Where Profiles then says login-lost, sign in with it up: `openclaw models auth login --provider <provider>`.',
    example: 'OAuth token refresh failed for openai-codex: fetch failed. Please try again or re-authenticate.',
  },
  'provider-refresh-fenced': {
    layer: 'provider',
    isRenewal: true,
    authFailure: true,
    text: /No credentials found for profile|oauth-refresh-fence/,
    also: ['fenced'],
    since: '2026.9.4',
    sure: 'certain',
    means:
      'OpenClaw took the tokens of this login away to renew them, and the renewal failed: it is fenced, and does not come back by itself. Or its profile was removed.',
    fixes: ['renew'],
    tryThis:
      'Sign in again: `openclaw models auth login --provider <provider>`, with the network up. The renewal that failed stands a few lines above, with its cause.',
    example: 'lane task error: lane=main durationMs=910 error="No credentials found for profile "xai:default"."',
  },
  'provider-refresh-contention': {
    layer: 'provider',
    text: /\brefresh_contention\b/,
    why: ['refresh_contention'],
    since: '2026.9.6',
    sure: 'likely',
    means: 'Another process was renewing this login, and this one gave up waiting for it. The login itself is most likely good.',
    fixes: [],
    tryThis:
      'Wait a moment and try again. If it stays, see whether two gateways, or a command that hangs, use the same state folder.',
    example: 'auth profile failure state updated: provider=openai reason=refresh_contention',
  },
  'provider-refresh-timeout': {
    layer: 'provider',
    isRenewal: true,
    why: ['refresh_timeout'],
    since: '2026.9.6',
    sure: 'likely',
    means: 'The provider did not finish renewing this login in time. Whether the login survived shows in Profiles.',
    fixes: ['renew'],
    tryThis:
      'Look in Profiles first: where it says login-lost, sign in again. Else wait, and look at the network of the gateway host if it happens again.',
    example: 'auth profile failure state updated: provider=openai reason=refresh_timeout',
  },
  'provider-auth-scope': {
    layer: 'provider',
    authFailure: true,
    why: ['auth_scope'],
    since: '2026.9.6',
    sure: 'likely',
    means: 'The login is accepted, but it lacks rights (scopes) that this request needs. A renewal does not add them.',
    fixes: ['renew'],
    tryThis: 'Sign in again and grant all that the page asks for: `openclaw models auth login --provider <provider>`.',
    example: 'auth profile failure state updated: provider=openai reason=auth_scope',
  },
  'provider-store-unreadable': {
    layer: 'provider',
    authFailure: true,
    alias: ['AUTH_PROFILE_STORE_UNREADABLE'],
    text: /AUTH_PROFILE_STORE_UNREADABLE|Auth profile store .{1,200} is unreadable/,
    since: '2026.9.6',
    sure: 'likely',
    means:
      'OpenClaw cannot read the database that holds its logins, so its agents have none. The file is damaged, or belongs to another user.',
    fixes: [],
    tryThis:
      'Check who owns the file that the message names, and whether the disk is full. Keep a copy of it before any repair: what a repair drops is lost.',
    example: 'AUTH_PROFILE_STORE_UNREADABLE',
  },
  'provider-oauth-refresh-failed': {
    layer: 'provider',
    isRenewal: true,
    authFailure: true,
    text: /OAuth token refresh failed|OAuth profile .{1,120} could not be resolved/,
    why: ['auth_refresh'],
    since: '2026.1.29',
    sure: 'certain',
    means:
      'OpenClaw tried to renew a sign-in at this provider and failed. From 2026.9.4 on such a login is lost for good, even if only the network was down.',
    fixes: ['renew'],
    tryThis:
      'Sign in again: `openclaw models auth login --provider <provider>`, with the network up. Look with `openclaw models status --json` only: without --json it may renew, and lose, another login.',
    example:
      'OAuth token refresh failed for openai-codex: Failed to refresh OpenAI Codex token. Please try again or re-authenticate.',
  },
  'provider-unknown-model': {
    layer: 'provider',
    text: /Unknown model: /,
    why: ['model_not_found'],
    status: [404],
    since: '2026.2.26',
    sure: 'certain',
    means:
      'The agent is set to a model that this provider does not have, or that OpenClaw cannot find under that name. No login is wrong.',
    fixes: [],
    tryThis: 'Correct the name of the model: `openclaw models list --json` shows what there is.',
    example:
      '{"0":"{\\"subsystem\\":\\"diagnostic\\"}","1":{"errorName":"FailoverError"},"2":"lane task error: lane=main durationMs=1251 error=\\"Unknown model: anthropic/claude-sonnet-4-5. Run `openclaw models list --refresh --provider anthropic` to inspect this provider\'s model choices, then retry with a model supported by your account.\\"","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:30:20.273Z","logLevelId":5,"logLevelName":"ERROR","name":"{\\"subsystem\\":\\"diagnostic\\"}","parentNames":["openclaw"],"path":{"fullFilePath":"file:///opt/openclaw/node_modules/openclaw/dist/subsystem-DleLyu58.mjs:228:61","fileName":"subsystem-DleLyu58.mjs","fileNameWithLine":"subsystem-DleLyu58.mjs:228","fileColumn":"61","fileLine":"228","filePath":"/opt/openclaw/node_modules/openclaw/dist/subsystem-DleLyu58.mjs","filePathWithLine":"/opt/openclaw/node_modules/openclaw/dist/subsystem-DleLyu58.mjs:228","method":"logToFile"}},"time":"2026-11-21T10:30:20.273+00:00","hostname":"vm","message":"lane task error: lane=main durationMs=1251 error=\\"Unknown model: anthropic/claude-sonnet-4-5. Run `openclaw models list --refresh --provider anthropic` to inspect this provider\'s model choices, then retry with a model supported by your account.\\"","traceId":"825bc18f85f338291108a77c8552374f","spanId":"d4a9b9f98a24cf83","traceFlags":"01"}',
  },
  'provider-profiles-not-moved': {
    layer: 'provider',
    alias: ['AUTH_PROFILE_MIGRATION_REQUIRED'],
    text: /AUTH_PROFILE_MIGRATION_REQUIRED/,
    since: '2026.8.2',
    sure: 'certain',
    means:
      'The logins still lie in a file of an older release, which this release does not read. To the agent it looks as if there were none.',
    fixes: [],
    tryThis: 'Run `gatecrab profiles`: it says what to copy first, and which command of OpenClaw then moves them.',
    example: 'AUTH_PROFILE_MIGRATION_REQUIRED',
  },
  'provider-profile-ignored': {
    layer: 'provider',
    text: /ignored invalid auth profile entries/,
    since: '2026.2.26',
    sure: 'certain',
    means:
      'OpenClaw skipped saved logins that it cannot make sense of: no provider, or a type that it does not know. They were most likely written by hand.',
    fixes: ['renew'],
    tryThis: 'Save that login again through OpenClaw, not by editing its store. Profiles shows the entries that were read.',
    example: 'ignored invalid auth profile entries during store load dropped=1',
  },
  'provider-cooldown': {
    layer: 'provider',
    text: /is temporarily disabled after a provider auth|is in cooldown|\(skipping all models\)/,
    why: ['cooldown', 'disabled'],
    since: '2026.2.26',
    sure: 'certain',
    means:
      'An earlier failure put this login on hold, so the provider was not even asked. That counts for all models of the provider, fallbacks too.',
    fixes: ['renew'],
    tryThis:
      'Mend what failed first; no command ends the hold early. Profiles shows until when it lasts: about 30 seconds after a first failure, 10 minutes or more after billing.',
    example:
      '{"0":"{\\"subsystem\\":\\"diagnostic\\"}","1":{"errorName":"FailoverError"},"2":"lane task error: lane=main durationMs=157 error=\\"Couldn\'t sign in to acme. Your saved login looks expired or no longer works. `openclaw configure`. (Inline API key for provider \\"acme\\" is temporarily disabled after a provider auth/billing failure. Retry after about 1 minute, or switch to a different auth profile/API key.)\\"","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:30:07.008Z","logLevelId":5,"logLevelName":"ERROR","name":"{\\"subsystem\\":\\"diagnostic\\"}","parentNames":["openclaw"],"path":{"fullFilePath":"file:///opt/openclaw/node_modules/openclaw/dist/subsystem-DleLyu58.mjs:228:61","fileName":"subsystem-DleLyu58.mjs","fileNameWithLine":"subsystem-DleLyu58.mjs:228","fileColumn":"61","fileLine":"228","filePath":"/opt/openclaw/node_modules/openclaw/dist/subsystem-DleLyu58.mjs","filePathWithLine":"/opt/openclaw/node_modules/openclaw/dist/subsystem-DleLyu58.mjs:228","method":"logToFile"}},"time":"2026-11-21T10:30:07.008+00:00","hostname":"vm","message":"lane task error: lane=main durationMs=157 error=\\"Couldn\'t sign in to acme. Your saved login looks expired or no longer works. `openclaw configure`. (Inline API key for provider \\"acme\\" is temporarily disabled after a provider auth/billing failure. Retry after about 1 minute, or switch to a different auth profile/API key.)\\"","traceId":"6c95b0d82810fa8948c182e31a9115af","spanId":"ae730eabeb867c50","traceFlags":"01"}',
  },
  'provider-auth-permanent': {
    layer: 'provider',
    authFailure: true,
    why: ['auth_permanent'],
    since: '2026.2.26',
    sure: 'likely',
    means:
      'The provider refused the login in a way that no second try mends: it was revoked, or the account was closed. OpenClaw takes it out of use.',
    fixes: ['renew'],
    tryThis: 'Sign in again at that provider, or give it a new key. Check in its own console that the account is open.',
    example: 'auth profile failure state updated: provider=anthropic reason=auth_permanent window=disabled',
  },
  'provider-billing': {
    layer: 'provider',
    text: /\binsufficient (credits?|balance|quota)\b/i,
    why: ['billing'],
    status: [402],
    since: '2026.1.29',
    sure: 'likely',
    means: 'The provider answers no more because the account has no credit left. The login itself is good.',
    fixes: [],
    tryThis:
      'Top up the account at the provider, then wait: the login stays on hold for 10 minutes on 2026.9.6, for hours on older releases.',
    example: 'auth profile failure state updated: provider=anthropic reason=billing window=disabled',
  },
  'provider-subscription-limit': {
    layer: 'provider',
    why: ['subscription_limit'],
    since: '2026.5.28',
    sure: 'likely',
    means: 'The subscription behind this login has used up what it includes for now. The login itself is good.',
    fixes: [],
    tryThis: 'Wait until the time that Profiles shows, or let the agent use another login or model.',
    example: 'auth profile failure state updated: provider=openai reason=subscription_limit',
  },
  'provider-rate-limit': {
    layer: 'provider',
    text: /\bstatus=429\b|provider returned HTTP 429/,
    why: ['rate_limit'],
    status: [429],
    also: ['rate-limited'],
    since: '2026.1.29',
    sure: 'likely',
    means:
      'The provider takes no more requests from this account for a moment. It has nothing to do with the lock that the gateway puts on its own clients.',
    fixes: [],
    tryThis:
      'Wait: the agent tries again, or uses the next model. If it happens often, ask the provider for a higher limit or spread the work.',
    example: '[model-fetch] response provider=acme api=openai-completions model=limited status=429 elapsedMs=101',
  },
  'provider-unauthorized': {
    layer: 'provider',
    authFailure: true,
    text: /\bstatus=40[13]\b|provider returned HTTP 40[13]|Couldn't sign in to |invalid x-api-key|\bauthentication_error\b|Incorrect API key|OAuth token has expired/,
    why: ['auth', 'auth_invalid_token', 'session_expired', 'token_expired'],
    status: [401, 403],
    also: ['unauthorized'],
    since: '2026.1.29',
    sure: 'certain',
    means:
      "The model provider refused the agent's login: the key or sign-in saved for it is wrong, revoked or expired. The gateway let its client in; this is not its token.",
    fixes: ['renew'],
    tryThis:
      'Sign in again at that provider, or give it a new key; Profiles shows which login it is. A new gateway token does not help here.',
    example:
      '{"0":"{\\"subsystem\\":\\"provider-transport-fetch\\"}","1":"[model-fetch] response provider=acme api=openai-completions model=bad-key status=401 elapsedMs=109 dispatcher=new contentType=application/json","_meta":{"runtime":"node","runtimeVersion":"24.21.0","hostname":"vm","date":"2026-11-21T10:30:06.565Z","logLevelId":3,"logLevelName":"INFO","name":"{\\"subsystem\\":\\"provider-transport-fetch\\"}","parentNames":["openclaw"]},"time":"2026-11-21T10:30:06.565+00:00","hostname":"vm","message":"[model-fetch] response provider=acme api=openai-completions model=bad-key status=401 elapsedMs=109 dispatcher=new contentType=application/json","traceId":"6c95b0d82810fa8948c182e31a9115af","spanId":"d73d3f5b85ac3551","parentSpanId":"ae730eabeb867c50","traceFlags":"01"}',
  },
  'provider-overloaded': {
    layer: 'provider',
    why: ['overloaded'],
    status: [529],
    since: '2026.3.13',
    sure: 'likely',
    means: 'The provider has too much to do and sent the request back. The login is good.',
    fixes: [],
    tryThis: 'Wait: the agent tries again, or uses the next model on its list.',
    example: '[model-fetch] response provider=anthropic model=claude-sonnet-4-5 status=529',
  },
  'provider-timeout': {
    layer: 'provider',
    why: ['timeout'],
    status: [408, 499, 504, 522, 524],
    since: '2026.1.29',
    sure: 'likely',
    means: 'The provider did not answer in time. It is slow just then, or the network of the gateway host is; the login is good.',
    fixes: [],
    tryThis:
      'Wait: the agent tries again, or uses the next model. If all providers time out, look at the network of the gateway host.',
    example: '[model-fetch] response provider=anthropic model=claude-sonnet-4-5 status=504',
  },
  'provider-server-error': {
    layer: 'provider',
    why: ['server_error'],
    status: [500, 502, 503],
    since: '2026.5.28',
    sure: 'likely',
    means: 'The provider failed inside and answered with an error of its own. The login is good.',
    fixes: [],
    tryThis: "Wait: the agent tries again, or uses the next model. If it goes on, look at the provider's status page.",
    example: '[model-fetch] response provider=anthropic model=claude-sonnet-4-5 status=500',
  },
  'provider-tls': {
    layer: 'provider',
    why: ['tls_certificate'],
    since: '2026.9.6',
    sure: 'likely',
    means:
      'The gateway host does not trust the certificate that the provider, or a proxy before it, showed. Nothing was sent, so the login is safe.',
    fixes: [],
    tryThis:
      'Check the clock of the gateway host, and whether a company proxy opens its traffic; if so, its certificate must be trusted there.',
    example: 'embedded run failover decision: reason=tls_certificate',
  },
  'provider-request-refused': {
    layer: 'provider',
    why: ['format', 'context_overflow', 'empty_response'],
    status: [400, 422],
    since: '2026.1.29',
    sure: 'likely',
    means:
      'The provider could not use the request, or sent an answer without content. A message was too long or of a kind that this model does not take; the login is good.',
    fixes: [],
    tryThis: 'Start a new session, or let the agent use another model.',
    example: '[model-fetch] response provider=anthropic model=claude-sonnet-4-5 status=400',
  },
  'provider-trouble': {
    layer: 'provider',
    why: ['unknown', 'unclassified', 'no_error_details'],
    since: '2026.1.29',
    sure: 'guess',
    means:
      'A model provider gave no usable answer, and the log does not say why in words that gatecrab knows. The gateway let its client in.',
    fixes: [],
    tryThis: 'Read the lines of the same agent run around it.',
    example: 'auth profile failure state updated: provider=acme reason=unknown',
  },
} as const satisfies Record<string, Reason>
