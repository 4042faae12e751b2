import {z} from 'zod'
import {jsonIn} from './json.ts'

const optional = <T extends z.ZodType>(type: T) => type.nullish().catch(undefined)
const text = optional(z.string())

const restartSchema = z.object({
  ok: z.boolean(),
  result: text,
  message: text,
  error: text,
  hints: optional(z.array(z.string())),
  warnings: optional(z.array(z.string())),
  restart: optional(z.object({delayMs: optional(z.number()), pid: optional(z.number())})),
})

/** What `gateway restart --json` came to, by what it printed; never by its exit code. */
export type RestartOutput = {
  result:
    | 'restarted'
    | 'scheduled'
    | 'not-loaded'
    | 'nothing-signalled'
    | 'isolated'
    | 'no-service-manager'
    | 'no-login'
    | 'left-stopped'
    | 'other-owner'
    | 'failed'
    | 'unclear'
  words: string
  hints: readonly string[]
}

/** The bracket that closes the one at `from`; -1 where the document breaks off. */
const endOfDocument = (text: string, from: number): number => {
  let depth = 0
  let isText = false
  for (let at = from; at < text.length; at += 1) {
    const char = text[at]
    if (char === '"') isText = !isText
    else if (isText) at += char === '\\' ? 1 : 0
    else if (char === '{') depth += 1
    else if (char === '}') depth -= 1
    if (depth === 0) return at
  }
  return -1
}

const maxCandidates = 32

/** Where a document may begin: at the first bracket, and at each with which a line begins. */
const beginningsIn = (printed: string): number[] => {
  const first = printed.indexOf('{')
  const others = Array.from(printed.matchAll(/(?<=\n)\{/g), ({index}) => index)
  return [...new Set(first < 0 ? [] : [first, ...others])].slice(0, maxCandidates)
}

/** The document in what a command printed; warnings may stand around it. */
export const documentIn = (printed: string): unknown => {
  for (const from of beginningsIn(printed)) {
    const end = endOfDocument(printed, from)
    const found = end < 0 ? undefined : jsonIn(printed.slice(from, end + 1))
    if (found !== undefined) return found
  }
  return null
}

const causes: readonly (readonly [RegExp, RestartOutput['result']])[] = [
  [/Gateway was not signaled|PREPARATION_REFUSED|nothing was signalled/i, 'nothing-signalled'],
  [/SystemLaunchDaemonOwnership|owned by a system LaunchDaemon/i, 'other-owner'],
  [/\b125\b.*Domain does not support/is, 'no-login'],
  [/(?:Bootstrap failed|bootstrap).*\b5\b.*Input\/output error/is, 'left-stopped'],
  [/service management skipped/i, 'isolated'],
  [/systemctl --user unavailable|Failed to connect to bus|service check failed/i, 'no-service-manager'],
]

const causeIn = (words: string): RestartOutput['result'] | null => causes.find(([pattern]) => pattern.test(words))?.[1] ?? null

const results: Readonly<Record<string, RestartOutput['result']>> = {
  restarted: 'restarted',
  scheduled: 'scheduled',
  'not-loaded': 'not-loaded',
}

export const readRestart = (stdout: string, stderr: string): RestartOutput => {
  const parsed = restartSchema.safeParse(documentIn(stdout))
  if (!parsed.success) {
    const words = [stderr, stdout].map(part => part.trim()).find(part => part !== '') ?? 'it printed nothing'
    return {result: causeIn(words) ?? 'unclear', words, hints: []}
  }
  const {ok, result, message, error, hints} = parsed.data
  const words = error ?? message ?? result ?? ''
  const outcome = ok ? results[result ?? ''] : undefined
  return {result: outcome ?? causeIn(`${words} ${stderr}`) ?? (ok ? 'unclear' : 'failed'), words, hints: hints ?? []}
}

const healthSchema = z.object({ok: z.boolean(), error: optional(z.object({message: text, code: text}))})

/** Null where it printed no health at all. */
export const readHealth = (stdout: string): {ok: boolean; because: string | null} | null => {
  const parsed = healthSchema.safeParse(documentIn(stdout))
  if (!parsed.success) return null
  return {ok: parsed.data.ok, because: parsed.data.error?.message ?? null}
}

const errorSchema = z.object({ok: z.literal(false), error: z.object({message: z.string()})})

/** What a command with `--json` says went wrong; null where it printed no error. */
export const commandError = (stdout: string): string | null => {
  const parsed = errorSchema.safeParse(documentIn(stdout))
  return parsed.success ? parsed.data.error.message : null
}

/** `openclaw --version` prints the release among other words. */
export const readVersion = (stdout: string): string | null => /\b(\d{4}\.\d+\.\d+(?:-\d+)?)\b/.exec(stdout)?.[1] ?? null

/** The config that `config file` names; a tilde stands for the home, and warnings may stand before it. */
export const readConfigFile = (printed: string, home: string): string | null => {
  const file = printed
    .split('\n')
    .map(line => line.trim())
    .findLast(line => /^(?:~?\/|[A-Za-z]:\\)/.test(line))
  return file === undefined ? null : file.replace(/^~(?=\/)/, home)
}
