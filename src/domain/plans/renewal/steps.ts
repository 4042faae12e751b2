import type {LoginAim, LoginWrite, RenewalAsks, RenewalKind} from '../../logins/renewal.ts'
import {type Step, step} from '../plan.ts'
import {commandStep} from '../token-steps.ts'
import type {RenewalFacts} from './facts.ts'
import {commandsMs, type RenewalTexts, renewalTexts} from './words.ts'

export const loginBackup = (backups: string): string => `${backups}/login.json`
const configBackup = (backups: string): string => `${backups}/openclaw.json`

const undoOf = (kind: RenewalKind): string | null =>
  kind === 'paste-token' || kind === 'paste-api-key' || kind === 'order'
    ? '`gatecrab undo` gives OpenClaw back what was there'
    : null

const actStep = (kind: RenewalKind, login: LoginWrite, asks: RenewalAsks, facts: RenewalFacts): Step => {
  const argv = facts.cli?.[kind]?.argv ?? []
  const {doing, change}: RenewalTexts = renewalTexts[kind](facts.profile, login)
  const from = kind === 'order' ? facts.order.now.join(', ') : change.from
  const details = {
    argv,
    change: {...change, from},
    budgetMs: asks.terminal ? null : commandsMs,
    undo: asks.terminal ? null : undoOf(kind),
  }
  if (asks.terminal)
    return step('lend', 'run', `${doing} The terminal is lent to it.`, {do: 'lend-terminal', login, argv}, details)
  const secret = asks.secret === null ? 'none' : 'given'
  const stdin = asks.secret === null ? null : `the ${asks.secret.what}, from the masked field`
  return step('save', 'run', doing, {do: 'save-login', login, argv, secret}, {...details, stdin})
}

const lookStep = (login: LoginWrite): Step =>
  step(
    'look',
    'check',
    `Check that ${login.profileId} has not changed since this plan was made`,
    {do: 'look-login', login},
    {
      file: login.store.path,
    },
  )

const backUpSteps = (login: LoginWrite, {target, backups}: RenewalFacts): Step[] => [
  step(
    'back-up',
    'back-up',
    'Copy its row, for this user alone',
    {do: 'back-up-login', login, as: loginBackup(backups)},
    {
      file: loginBackup(backups),
    },
  ),
  step(
    'back-up-config',
    'back-up',
    'Copy the config, in which OpenClaw notes the login',
    {
      do: 'back-up',
      file: target.configFile,
      as: configBackup(backups),
    },
    {file: configBackup(backups), otherwise: 'go-on'},
  ),
]

const proofs: Readonly<Record<LoginAim['is'], string>> = {
  saved: 'Read the store again: what was given stands there, with its end',
  'signed-in': 'Read the store again: a new login stands there and serves',
  gone: 'Read the store again: it is gone',
  first: 'Read the store again: the order is the new one',
}

const proveSteps = (login: LoginWrite): Step[] => [
  step('prove', 'prove', proofs[login.aim.is], {do: 'prove-login', login}, {file: login.store.path}),
  step('others', 'prove', 'Check that the other logins have not changed', {do: 'prove-others', login}, {otherwise: 'note'}),
]

/** Look, copy, let OpenClaw write, and read again what it wrote. */
export const renewalSteps = (kind: RenewalKind, login: LoginWrite, asks: RenewalAsks, facts: RenewalFacts): Step[] => [
  lookStep(login),
  ...commandStep(facts.command, facts.target.configFile),
  ...backUpSteps(login, facts),
  actStep(kind, login, asks, facts),
  ...proveSteps(login),
]
