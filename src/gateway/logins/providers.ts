import {isSince, isUpTo} from '../../domain/release.ts'

/** The variables in which OpenClaw looks for a provider's key, first one first, as its plugins of 2026.4 to 2026.9 name them. */
type Row = {provider: string; variables: readonly string[]; tokens?: readonly string[]}

export const providerVariables: readonly Row[] = [
  {provider: 'anthropic', variables: ['ANTHROPIC_OAUTH_TOKEN', 'ANTHROPIC_API_KEY'], tokens: ['ANTHROPIC_OAUTH_TOKEN']},
  {provider: 'alibaba', variables: ['MODELSTUDIO_API_KEY', 'DASHSCOPE_API_KEY', 'QWEN_API_KEY']},
  {provider: 'arcee', variables: ['ARCEEAI_API_KEY']},
  {provider: 'byteplus', variables: ['BYTEPLUS_API_KEY']},
  {provider: 'cerebras', variables: ['CEREBRAS_API_KEY']},
  {provider: 'chutes', variables: ['CHUTES_API_KEY', 'CHUTES_OAUTH_TOKEN'], tokens: ['CHUTES_OAUTH_TOKEN']},
  {provider: 'clawrouter', variables: ['CLAWROUTER_API_KEY']},
  {provider: 'cloudflare-ai-gateway', variables: ['CLOUDFLARE_AI_GATEWAY_API_KEY']},
  {provider: 'cohere', variables: ['COHERE_API_KEY']},
  {provider: 'deepgram', variables: ['DEEPGRAM_API_KEY']},
  {provider: 'deepinfra', variables: ['DEEPINFRA_API_KEY']},
  {provider: 'deepseek', variables: ['DEEPSEEK_API_KEY']},
  {provider: 'elevenlabs', variables: ['ELEVENLABS_API_KEY', 'XI_API_KEY']},
  {provider: 'fal', variables: ['FAL_KEY', 'FAL_API_KEY']},
  {provider: 'fireworks', variables: ['FIREWORKS_API_KEY']},
  {provider: 'github-copilot', variables: ['COPILOT_GITHUB_TOKEN'], tokens: ['COPILOT_GITHUB_TOKEN']},
  {provider: 'google', variables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY']},
  {provider: 'groq', variables: ['GROQ_API_KEY']},
  {provider: 'huggingface', variables: ['HUGGINGFACE_HUB_TOKEN', 'HF_TOKEN']},
  {provider: 'kilocode', variables: ['KILOCODE_API_KEY']},
  {provider: 'kimi-coding', variables: ['KIMI_API_KEY', 'KIMICODE_API_KEY']},
  {provider: 'meta', variables: ['MODEL_API_KEY']},
  {provider: 'microsoft-foundry', variables: ['AZURE_OPENAI_API_KEY']},
  {provider: 'minimax', variables: ['MINIMAX_CODE_PLAN_KEY', 'MINIMAX_CODING_API_KEY', 'MINIMAX_API_KEY']},
  {provider: 'minimax-portal', variables: ['MINIMAX_OAUTH_TOKEN'], tokens: ['MINIMAX_OAUTH_TOKEN']},
  {provider: 'mistral', variables: ['MISTRAL_API_KEY']},
  {provider: 'moonshot', variables: ['MOONSHOT_API_KEY', 'KIMI_API_KEY']},
  {provider: 'novita', variables: ['NOVITA_API_KEY']},
  {provider: 'nvidia', variables: ['NVIDIA_API_KEY']},
  {provider: 'openai', variables: ['CODEX_API_KEY', 'OPENAI_API_KEY']},
  {provider: 'opencode', variables: ['OPENCODE_API_KEY', 'OPENCODE_ZEN_API_KEY']},
  {provider: 'opencode-go', variables: ['OPENCODE_API_KEY', 'OPENCODE_ZEN_API_KEY']},
  {provider: 'openrouter', variables: ['OPENROUTER_API_KEY']},
  {provider: 'perplexity', variables: ['PERPLEXITY_API_KEY']},
  {provider: 'qianfan', variables: ['QIANFAN_API_KEY']},
  {provider: 'qwen', variables: ['QWEN_API_KEY', 'MODELSTUDIO_API_KEY', 'DASHSCOPE_API_KEY']},
  {provider: 'stepfun', variables: ['STEPFUN_API_KEY']},
  {provider: 'synthetic', variables: ['SYNTHETIC_API_KEY']},
  {provider: 'together', variables: ['TOGETHER_API_KEY']},
  {provider: 'venice', variables: ['VENICE_API_KEY']},
  {provider: 'vercel-ai-gateway', variables: ['AI_GATEWAY_API_KEY']},
  {provider: 'volcengine', variables: ['VOLCANO_ENGINE_API_KEY']},
  {provider: 'voyage', variables: ['VOYAGE_API_KEY']},
  {provider: 'xai', variables: ['XAI_API_KEY']},
  {provider: 'xiaomi', variables: ['XIAOMI_API_KEY']},
  {provider: 'zai', variables: ['ZAI_API_KEY', 'Z_AI_API_KEY']},
]

const providersWithVariables: ReadonlySet<string> = new Set(providerVariables.map(({provider}) => provider))

/** A provider that is not in the table may be local, or sign in by other means: of those nothing is asked. */
export const needsLogin = (provider: string): boolean => providersWithVariables.has(provider)

/** Whose model OpenClaw works with where its config names none, as `models status` says on 2026.3.28, 2026.6.11 and 2026.9.6; null between them. */
export const builtInProvider = (release: string | null): string | null => {
  if (release !== null && isSince(release, '2026.6.11')) return 'openai'
  return isUpTo(release, '2026.3.28') ? 'anthropic' : null
}
