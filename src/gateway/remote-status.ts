import {z} from 'zod'
import {clean} from '../domain/clean.ts'
import type {RemoteStatus} from '../domain/fleet.ts'
import {jsonIn} from './json.ts'

const text = (max: number) => z.string().transform(value => clean(value, max))
const maybe = (max: number) => text(max).nullish().catch(null)
const count = z.number().int().min(0).max(1e9).catch(0)

const problem = z.object({
  id: text(60),
  layer: text(20).catch(''),
  harm: z.enum(['broken', 'soon', 'note']).catch('note'),
  title: text(200),
  because: text(1000).catch(''),
  tryThis: text(1000).catch(''),
  count: count,
})

const schema = z.object({
  event: z.enum(['began', 'changed', 'unchanged']).catch('unchanged'),
  verdict: z.enum(['ok', 'soon', 'unknown', 'broken']),
  gatecrab: maybe(40),
  now: z.iso.datetime().transform(Date.parse),
  gateway: z.object({release: maybe(40), reach: maybe(20)}),
  clients: z.object({refused: count, in: count}).catch({refused: 0, in: 0}),
  problems: z.array(problem).transform(all => all.slice(0, 30)),
  profiles: z
    .object({nextEndAt: z.iso.datetime().transform(Date.parse).nullable().catch(null)})
    .nullish()
    .catch(null),
})

export type StatusLine = {status: RemoteStatus; event: z.infer<typeof schema>['event']}

/** What `check --json` or a line of `check --watch` says; null where it is neither. */
export const readRemoteStatus = (raw: string): StatusLine | null => {
  const found = schema.safeParse(jsonIn(raw))
  if (!found.success) return null
  const {event, verdict, gatecrab, now, gateway, clients, problems, profiles} = found.data
  const nextEndMs = profiles?.nextEndAt == null ? null : profiles.nextEndAt - now
  return {
    event,
    status: {
      verdict,
      gatecrab: gatecrab ?? null,
      release: gateway.release ?? null,
      reach: gateway.reach ?? null,
      ...clients,
      nextEndMs,
      problems,
    },
  }
}
