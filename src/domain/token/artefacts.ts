import type {Secret} from '../secret.ts'
import type {CopyProblemId} from './copy-problems.ts'

/** What a value is besides a token: the words for people say no part of it that could be secret. */
export type Artefact = {id: CopyProblemId; what: string}

/** The masks that OpenClaw and others print for a secret, the coercions of nothing, and what examples are filled with. */
const placeholders: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'blank'],
  [/^(?:undefined|null|nil|none)$/i, 'the word for nothing that a program wrote'],
  [
    /^(?:__OPENCLAW_REDACTED__|\[?<?redacted(?: credential|_private_key)?>?\]?|\*{2,}|•{2,}|x{3,})$/i,
    'a mask that a command printed',
  ],
  [/^change[-_ ]?(?:me|this|it)(?:[-_ ].*)?$/i, 'the placeholder of an example'],
  [/^(?:your|my|the|some|insert|replace)[-_ ].*(?:token|secret|key|here)$/i, 'the placeholder of an example'],
  [/^<[^<>]*>$/, 'the placeholder of an example'],
  [/^(?:token|secret|password|test|example|placeholder|dummy|todo)$/i, 'the placeholder of an example'],
]

export const placeholderOf = (secret: Secret): string | null => {
  const value = unquoted(secret.reveal().trim())
  return placeholders.find(([pattern]) => pattern.test(value))?.[1] ?? null
}

const pairs = /^(["'`“‘])([\s\S]*)(["'`”’])$/

const unquoted = (value: string): string => pairs.exec(value)?.[2] ?? value

const checks: readonly ((value: string) => Artefact | null)[] = [
  value => (/^\{\{[\s\S]*\}\}$/.test(value.trim()) ? {id: 'template', what: 'a template in {{…}}'} : null),
  value => (/^["'`“‘]|["'`”’]$/.test(value.trim()) && value.trim() !== '' ? {id: 'quotes', what: ''} : null),
  value => {
    const name = /^(?:[Bb]earer\s+|[A-Z][A-Z_]*_TOKEN\s*[=:])/.exec(value.trim())?.[0]
    return name === undefined ? null : {id: 'pasted-name', what: name.trim()}
  },
  value =>
    /^(?!Bearer\s)\S[\s\S]*[\s\u0000-\u001f\u007f][\s\S]*\S$/i.test(value.trim()) ? {id: 'inner-white-space', what: ''} : null,
  value => (value !== value.trim() && value.trim() !== '' ? {id: 'white-space', what: ''} : null),
]

/** White space, quotes and what else comes with a careless paste. A blank is part of many a password, and is sent with it. */
export const artefactsOf = (secret: Secret, isPassword = false): Artefact[] => {
  const value = secret.reveal()
  const found = checks.flatMap(check => check(value) ?? [])
  return isPassword && !/[\u0000-\u001f\u007f]/.test(value.trim()) ? found.filter(({id}) => id !== 'inner-white-space') : found
}

/** A variable that stands where nothing fills it in; of a default or a command, which may hold a secret, nothing is said. */
export const unexpandedOf = (secret: Secret): string | null => {
  const value = unquoted(secret.reveal().trim())
  const [, braced, bare] = /^\$(?:\{([A-Z_][A-Z0-9_]*)[^}]*\}|([A-Z_][A-Z0-9_]*))$/.exec(value) ?? []
  const name = braced ?? bare
  if (name !== undefined) return `the variable ${name}`
  return /^\$\([^)]*\)$/.test(value) ? 'a command' : null
}
