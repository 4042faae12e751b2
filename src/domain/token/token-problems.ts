import {clean} from '../clean.ts'
import {shellWord} from '../shell.ts'
import {type AcceptedToken, gatewayVariable, isAuthKey, type TokenCopy, tokenKey} from './copy.ts'
import type {VerdictInputs} from './evaluate.ts'
import {asksForSecret, cliSends, isTokenMode, whenNothing, winner} from './winner.ts'

/** What is wrong with the gateway's token as a whole, not with one copy. */
export type TokenProblem = {id: TokenProblemId; title: string; cure: string; matters: boolean}

export type TokenProblemId =
  | 'authentication-off'
  | 'config-unreadable'
  | 'other-mode'
  | 'ephemeral'
  | 'nothing-set'
  | 'unknown-token'
  | 'command-line-differs'
  | 'command-line-empty'
  | 'mixed-include'
  | 'reload-off'
  | 'hooks-token'

type TokenInputs = VerdictInputs & {copies: readonly TokenCopy[]}

type Check = (seen: TokenInputs) => Omit<TokenProblem, 'id'> | null

const isProven = ({by, digest}: AcceptedToken): boolean => by === 'oracle' && digest !== null

/** How many other tokens there are that the gateway was not asked with. */
const untried = ({copies, enforced: {refused}}: TokenInputs): number => {
  const timeline = copies
    .filter(({kind, place}) => kind === 'literal' && place !== 'audit-log')
    .flatMap(({digest}) => digest ?? [])
  return refused === undefined ? 0 : [...new Set(timeline)].filter(digest => !refused.includes(digest)).length
}

const nothingSet = ({copies, release, setup}: TokenInputs): boolean =>
  isTokenMode(setup.authMode) && setup.problem === null && setup.gatewayMode !== 'remote' && winner(copies, release).copy === null

/** The newest backup that holds a token: that of OpenClaw's last write, or the last config that it found good. */
const backupOf = (copies: readonly TokenCopy[]): TokenCopy | null =>
  copies
    .filter(({place, kind, key, path}) => place === 'backup' && kind === 'literal' && key === tokenKey && clean(path) === path)
    .toSorted((a, b) => (b.spot?.changedAt ?? 0) - (a.spot?.changedAt ?? 0))[0] ?? null

/** What locks out nobody comes before a new token. */
const putBackElse = (copies: readonly TokenCopy[], otherwise: string): string => {
  const backup = backupOf(copies)
  return backup === null
    ? otherwise
    : `Run \`gatecrab put-back\` (P): ${backup.path} holds the token of before, ${backup.fingerprint}, and nobody who has it is locked out. ${otherwise.replace(/^Run/, 'Only if that one leaked, run')}`
}

const sayCommandLine: Check = seen => {
  const {copies, release, shellEnv, setup, enforced} = seen
  const {copy, because} = cliSends(copies, release, shellEnv, setup.gatewayMode)
  if (
    !asksForSecret(setup.authMode) ||
    copy === null ||
    copy.digest === null ||
    enforced.digest === null ||
    copy.digest === enforced.digest
  )
    return null
  return {
    title: `The openclaw command line sends another token from here (${because}) than the gateway takes`,
    cure:
      copy.place === 'shell-env'
        ? `Run \`unset ${shellWord(copy.key)}\`; nothing is wrong with the gateway. Do not set gateway.remote.token, as the error text says.`
        : `Change or remove ${copy.key} in ${copy.path}; nothing is wrong with the gateway.`,
    matters: true,
  }
}

const checks: Readonly<Record<TokenProblemId, Check>> = {
  'authentication-off': ({enforced, setup}) =>
    enforced.acceptsAnything === true || setup.authMode === 'none'
      ? {
          title: 'AUTHENTICATION IS OFF: the gateway lets everybody in, whatever token they send',
          cure: 'Set gateway.auth.mode to "token" and run `gatecrab rotate`, or make sure that nobody but you reaches the port.',
          matters: true,
        }
      : null,
  'config-unreadable': ({setup}) =>
    setup.problem === null
      ? null
      : {
          title: `The config cannot be read: ${setup.problem}`,
          cure: 'Mend it before any restart: a running gateway goes on with what it loaded before. `openclaw config validate` says where.',
          matters: false,
        },
  'other-mode': ({setup}) =>
    asksForSecret(setup.authMode) || setup.authMode === 'none'
      ? null
      : {
          title: `The gateway is set to gateway.auth.mode "${setup.authMode}": it asks for no token`,
          cure: 'The copies below are not in use.',
          matters: false,
        },
  ephemeral: seen =>
    nothingSet(seen) && whenNothing(seen.release).does === 'ephemeral'
      ? {
          title: 'No token is set anywhere, so the gateway makes up another at each start, and nobody can know it',
          cure: putBackElse(
            seen.copies,
            'Run `gatecrab rotate`: it sets the first one and proves it. Where that is refused: `openclaw doctor --generate-gateway-token`, then `gatecrab restart`.',
          ),
          matters: true,
        }
      : null,
  'nothing-set': seen =>
    nothingSet(seen) && whenNothing(seen.release).does !== 'ephemeral'
      ? {
          title: `No token is set anywhere; ${whenNothing(seen.release).because}`,
          cure: putBackElse(seen.copies, 'Run `openclaw doctor --generate-gateway-token`.'),
          matters: true,
        }
      : null,
  'unknown-token': seen => {
    const {enforced, setup} = seen
    if (
      enforced.by !== 'oracle' ||
      enforced.digest !== null ||
      enforced.acceptsAnything === true ||
      !asksForSecret(setup.authMode)
    )
      return null
    const others = untried(seen)
    // A restart with a config that OpenClaw refuses does not come up.
    const last = setup.problem === null ? 'then restart it' : 'mend the config before any restart'
    const tried = enforced.refused?.length ?? 0
    return others > 0 && tried === 1
      ? {
          title: `The gateway refused the token that it should take; ${others === 1 ? 'another one was' : `${others} others were`} not tried`,
          cure: 'Run `gatecrab copies --ask`: it asks with each of them once.',
          matters: true,
        }
      : {
          title:
            others > 0
              ? `The gateway took none of the ${tried} tokens that it was asked with; ${others} more were not tried`
              : 'The gateway takes none of the tokens that stand on this machine',
          cure: `Look for --token in its start command, for ${gatewayVariable} where it was started, or for a reload that is off; ${last}.`,
          matters: true,
        }
  },
  'command-line-differs': sayCommandLine,
  'command-line-empty': ({copies, release, shellEnv, setup, enforced}) => {
    const {copy, because} = cliSends(copies, release, shellEnv, setup.gatewayMode)
    return asksForSecret(setup.authMode) && setup.problem === null && copy === null && isProven(enforced)
      ? {
          title: `The openclaw command line finds no token to send from here: ${because}`,
          cure: `Put it into .env of the state folder, or into ${tokenKey}.`,
          matters: false,
        }
      : null
  },
  'mixed-include': ({setup}) =>
    setup.include === 'mixed'
      ? {
          title: 'The gateway section mixes an $include with keys of its own, so OpenClaw refuses to write the token',
          cure: 'Write the token by hand in the file that holds it, or move the section into one file.',
          matters: false,
        }
      : null,
  'hooks-token': seen => {
    const share = hooksShare(seen)
    return share === null
      ? null
      : {
          title:
            share === 'now'
              ? 'hooks.token is the secret of the gateway too: whoever may send a hook may sign in'
              : 'hooks.token is an earlier secret of the gateway: it still opens /hooks, though it signs in nobody',
          cure: 'Give hooks.token a value of its own, by `openclaw config patch --stdin` with {hooks: {token: …}}, and give that to whoever sends hooks. A rotation leaves it as it is.',
          matters: true,
        }
  },
  'reload-off': ({setup}) =>
    setup.reloadMode === 'off'
      ? {
          title: 'gateway.reload.mode is off: a change to the config is heard at the next restart only',
          cure: 'Run `gatecrab restart` after a change.',
          matters: false,
        }
      : null,
}

/** The one in force, or one of before that a rotation replaced. */
const hooksShare = ({copies, enforced, setup: {hooksDigest = null, authMode}}: TokenInputs): 'now' | 'before' | null => {
  if (hooksDigest === null || !asksForSecret(authMode)) return null
  if (hooksDigest === (enforced.digest ?? winner(copies, null, authMode).copy?.digest)) return 'now'
  return copies.some(({place, key, digest}) => place === 'backup' && isAuthKey(key) && digest === hooksDigest) ? 'before' : null
}

export const findTokenProblems = (seen: TokenInputs): TokenProblem[] =>
  (Object.keys(checks) as TokenProblemId[]).flatMap(id => {
    const found = checks[id](seen)
    return found === null ? [] : [{id, ...found}]
  })
