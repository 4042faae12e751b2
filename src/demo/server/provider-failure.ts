import {type Line, type LogMeta, newTrace} from './log.ts'

const provider = 'anthropic'
const model = 'claude-opus-4-6'
const next = {provider: 'google', model: 'gemini-2.5-pro'}
/** As the log names `anthropic:manual`. */
const profile = 'sha256:05de48835ed0'
const raw = '401 Incorrect API key provided'
const text =
  'Authentication failed (provider returned HTTP 401). Your provider token may have expired — try the request again in a moment. If the failure persists, re-authenticate this provider.'

const preview = {rawErrorPreview: raw, rawErrorHash: 'sha256:2fff8b3e0ea8', providerRuntimeFailureKind: 'auth_invalid_token'}

const agentEnd = (runId: string): LogMeta => ({
  event: 'embedded_run_agent_end',
  tags: ['error_handling', 'lifecycle', 'agent_end', 'assistant_error'],
  runId,
  isError: true,
  error: text,
  failoverReason: 'auth',
  model,
  provider,
  ...preview,
})

const profileFailure = (runId: string, cooldownUntil: number): LogMeta => ({
  event: 'auth_profile_failure_state_updated',
  tags: ['error_handling', 'auth_profiles', 'cooldown'],
  runId,
  profileId: profile,
  provider,
  reason: 'auth',
  windowType: 'cooldown',
  windowReused: false,
  errorCount: 1,
  cooldownUntil,
  failureCounts: {auth: 1},
})

const candidate = {
  requestedProvider: provider,
  requestedModel: model,
  candidateProvider: provider,
  candidateModel: model,
  candidateRouteOrigin: 'requested',
  candidateRouteResolution: 'resolved',
  attempt: 1,
  total: 2,
  reason: 'auth',
  status: 401,
  errorPreview: raw,
  errorHash: preview.rawErrorHash,
}

const step = {
  fallbackStepType: 'fallback_step',
  fallbackStepFromModel: `${provider}/${model}`,
  fallbackStepToModel: `${next.provider}/${next.model}`,
  fallbackStepFromFailureReason: 'auth',
  fallbackStepFromFailureDetail: raw,
  fallbackStepChainPosition: 1,
  fallbackStepFinalOutcome: 'next_fallback',
  nextCandidateProvider: next.provider,
  nextCandidateModel: next.model,
  nextCandidateRouteOrigin: 'configured-fallback',
  nextCandidateRouteResolution: 'resolved',
  isPrimary: true,
  requestedModelMatched: true,
  fallbackConfigured: true,
}

const fallback = (runId: string, sessionId: string): LogMeta => ({
  event: 'model_fallback_decision',
  tags: ['error_handling', 'model_fallback', 'candidate_failed'],
  runId,
  sessionId,
  decision: 'candidate_failed',
  ...candidate,
  ...step,
})

const fetched = `[model-fetch] response provider=${provider} api=anthropic-messages model=${model} status=401 elapsedMs=109 dispatcher=new contentType=application/json`

const spoken = {
  agentEnd: (runId: string) => `runId=${runId} isError=true model=${model} provider=${provider} error=${text} rawError=${raw}`,
  profile: (runId: string) => `runId=${runId} profile=${profile} provider=${provider} reason=auth window=cooldown reused=false`,
  fallback: `decision=candidate_failed requested=${provider}/${model} candidate=${provider}/${model} reason=auth next=${next.provider}/${next.model} detail=${raw}`,
}

const warning = (subsystem: string, text: string, meta: LogMeta, rest: string, tail: LogMeta): Line => ({
  level: 'WARN',
  subsystem,
  text,
  meta,
  spoken: `${text}: ${rest}`,
  tail,
})

const laneError = (lane: string, tail: LogMeta): Line => ({
  level: 'ERROR',
  subsystem: 'diagnostic',
  text: `lane task error: lane=${lane} durationMs=3959 error="${text}"`,
  meta: {errorName: 'FailoverError'},
  tail,
  origin: 'subsystem-DleLyu58.mjs:228:61',
})

/** What one turn leaves in the log when the provider answers 401 and the next model is asked. */
export const providerFailureLines = (at: number): Line[] => {
  const [runId, sessionId, tail, {spanId}] = [crypto.randomUUID(), crypto.randomUUID(), newTrace(), newTrace()]
  const {traceId, traceFlags} = tail
  const inner = {traceId, spanId, parentSpanId: tail['spanId'], traceFlags}
  const failed = profileFailure(runId, at + 30_000)
  return [
    {level: 'INFO', subsystem: 'provider-transport-fetch', text: fetched, tail: inner},
    warning('agent/embedded', 'embedded run agent end', agentEnd(runId), spoken.agentEnd(runId), inner),
    warning('agent/embedded', 'auth profile failure state updated', failed, spoken.profile(runId), tail),
    laneError('main', tail),
    laneError('session:agent:main:main', tail),
    warning('model-fallback/decision', 'model fallback decision', fallback(runId, sessionId), spoken.fallback, {
      session_id: sessionId,
      ...tail,
    }),
  ]
}
