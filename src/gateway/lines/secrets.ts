import type {SecretsEvent} from '../../domain/attempts/event.ts'
import {clean, present} from '../../domain/clean.ts'

type Row = readonly [RegExp, (found: RegExpExecArray) => SecretsEvent]

const words = (text: string | undefined): string => clean((text ?? '').trim(), 300)

/** What the subsystem `gateway/secrets` says, by its own codes. They name owners and config paths, never a secret. */
const rows: readonly Row[] = [
  [
    /^\[SECRETS_DEGRADED\] (cold|stale) (\S{1,200}): (.*?)(?: Retry: .*)?$/s,
    ([, state, owner, because]) => ({
      kind: 'secrets-degraded',
      owner: present(owner) ?? null,
      state: state as 'cold' | 'stale',
      because: words(because),
    }),
  ],
  [
    /^\[SECRETS_PROVIDER_DEGRADED\] (\S{1,200}): (.*?Affected owners: (.*?)\.)(?: Retry: .*)?$/s,
    ([, owner, because, owners = '']) => ({
      kind: 'secrets-degraded',
      owner: present(owner) ?? null,
      state: /\bcold\b/.test(owners) ? 'cold' : 'stale',
      because: words(because),
    }),
  ],
  [
    /^\[SECRETS_RELOADER_DEGRADED\] (.*)$/s,
    ([, because]) => ({kind: 'secrets-degraded', owner: null, state: null, because: words(because)}),
  ],
  [/^\[SECRETS_RELOADER_RECOVERED\]/, () => ({kind: 'secrets-recovered'})],
  [
    /^\[SECRETS_GATEWAY_AUTH_SURFACE\] (\S{1,100}) is (active|inactive)\. ?(.*)$/s,
    ([, path, state, because]) => ({
      kind: 'secrets-surface',
      path: clean(path ?? ''),
      isActive: state === 'active',
      because: words(because),
    }),
  ],
]

export const secretsLine = (text: string): SecretsEvent | null => {
  for (const [pattern, create] of rows) {
    const found = pattern.exec(text)
    if (found) return create(found)
  }
  return null
}
