import {z} from 'zod'
import {clean} from '../domain/clean.ts'
import type {ConfigValidation} from '../domain/diagnosis/config-problems.ts'
import {redact} from '../domain/redact.ts'
import {jsonIn} from './json.ts'

const schema = z.object({
  valid: z.boolean(),
  issues: z.array(z.object({path: z.string(), message: z.string()})).default([]),
})

const maxTextLength = 200

/** What `config validate --json` printed; null where that is something else, as of a release without it. */
export const readValidation = (stdout: string): Pick<ConfigValidation, 'isValid' | 'issues'> | null => {
  const found = schema.safeParse(jsonIn(stdout))
  if (!found.success) return null
  const issues = found.data.issues.map(({path, message}) => ({
    path: clean(path, maxTextLength),
    message: redact(clean(message, maxTextLength)),
  }))
  return {isValid: found.data.valid, issues}
}
